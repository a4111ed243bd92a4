// SPDX-License-Identifier: MIT
#include "auth/session_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "icloudphotos/base/files.h"
#include "icloudphotos/base/json.h"
#include "icloudphotos/base/log.h"

namespace icloudphotos::auth {
namespace {

constexpr Log log{"auth"};
constexpr std::int64_t kVersion = 1;
constexpr std::int64_t kLatest = std::int64_t{1} << 52;  // ms; far beyond any date, and safe to add to

Secret secret_of(JsonView value) { return Secret{std::string{value.text().value_or("")}}; }
std::string text_of(JsonView value) { return std::string{value.text().value_or("")}; }

std::optional<TimePoint> time_of(JsonView value) {
  const auto ms = value.integer();
  if (!ms || *ms < 0 || *ms > kLatest) return std::nullopt;
  return TimePoint{std::chrono::milliseconds{*ms}};
}

void write_time(JsonWriter& out, std::string_view name, const std::optional<TimePoint>& time) {
  if (time) out.member(name, std::int64_t{time->time_since_epoch().count()});
}

void write_pause(JsonWriter& out, std::string_view name, const Pause& pause) {
  out.key(name).object();
  write_time(out, "until_ms", pause.until);
  out.member("in_a_row", pause.in_a_row).end();
}

Pause read_pause(JsonView view) { return {time_of(view["until_ms"]), view["in_a_row"].integer().value_or(0)}; }

/// Small in truth; what stands in a file may be anything.
std::int64_t count_of(JsonView value) { return std::clamp<std::int64_t>(value.integer().value_or(0), 0, 1000); }

void write_half_way(JsonWriter& out, const HalfWay& half_way) {
  out.object().member("since_ms", std::int64_t{half_way.since.time_since_epoch().count()});
  if (half_way.sent_to) out.member("sent_to", *half_way.sent_to).member("by_voice", half_way.by_voice);
  out.member("sends", half_way.sends).member("wrong", half_way.wrong);
  if (half_way.options) {
    out.key("options").object().member("devices", half_way.options->trusted_devices).key("phones").array();
    for (const auto& phone : half_way.options->phones) {
      out.object().member("id", phone.phone.id).member("number", phone.phone.number).member("voice", phone.phone.voice);
      if (phone.non_fteu) out.member("non_fteu", *phone.non_fteu);
      out.end();
    }
    out.end().end();
  }
  out.end();
}

std::optional<HalfWay> read_half_way(JsonView view) {
  const auto since = time_of(view["since_ms"]);
  if (!since) return std::nullopt;
  HalfWay half_way{*since,
                   std::nullopt,
                   view["sent_to"].integer(),
                   view["by_voice"].boolean().value_or(false),
                   count_of(view["sends"]),
                   count_of(view["wrong"])};
  if (const auto options = view["options"]; options.is_object()) {
    half_way.options.emplace();
    half_way.options->trusted_devices = options["devices"].boolean().value_or(true);
    options["phones"].each([&](JsonView phone) {
      const auto id = phone["id"].integer().value_or(-1);
      if (id < 0 || id > std::numeric_limits<int>::max()) return;
      half_way.options->phones.push_back(
          {{static_cast<int>(id), text_of(phone["number"]), phone["voice"].boolean().value_or(false)},
           phone["non_fteu"].boolean()});
    });
  }
  return half_way;
}

}  // namespace

std::string write_session(const SavedSession& session) {
  JsonWriter out;
  out.object().member("version", kVersion).member("account", session.account).member("client_id", session.client_id);
  out.member("session_token", session.session_token.reveal()).member("trust_token", session.trust_token.reveal());
  out.member("session_id", session.session_id.reveal()).member("scnt", session.scnt.reveal());
  out.member("auth_attributes", session.auth_attributes.reveal()).member("account_country", session.account_country);
  out.member("dsid", session.dsid).member("region", session.region).member("identity_url", session.identity_url);
  out.key("webservices").object();
  for (const auto& [name, url] : session.webservices) out.member(name, url);
  out.end().member("signed_in", session.signed_in).member("unfinished", session.unfinished);
  out.member("code_accepted", session.code_accepted);
  write_time(out, "last_login_ms", session.last_login);
  write_time(out, "password_refused_ms", session.password_refused_at);
  out.member("refused_salt", session.refused_salt).member("refused_mark", session.refused_mark);
  write_time(out, "person_wanted_ms", session.person_wanted_at);
  write_time(out, "unattended_ms", session.unattended_at);
  if (session.half_way) {
    out.key("half_way");
    write_half_way(out, *session.half_way);
  }
  out.member("person_told", session.person_told);
  write_time(out, "trusted_since_ms", session.trusted_since);
  write_time(out, "renew_trust_ms", session.renew_trust_at);
  out.member("failed_renewals", session.failed_renewals).member("warned_days", session.warned_days);
  out.member("data_protected", session.data_protected);
  write_time(out, "approval_asked_ms", session.approval_asked_at);
  write_pause(out, "identity_pause", session.identity_pause);
  write_pause(out, "setup_pause", session.setup_pause);
  out.key("cookies");
  session.cookies.write(out);
  return out.end().take();
}

Result<SavedSession> read_session(std::string_view text) {
  const auto document = TRY(JsonDocument::parse(text));
  const auto root = document.root();
  if (root["version"].integer() != kVersion) return Error{ErrorKind::Protocol, "it is of another version"};
  SavedSession session;
  session.account = text_of(root["account"]);
  session.client_id = text_of(root["client_id"]);
  if (session.client_id.empty()) return Error{ErrorKind::Protocol, "it has no client id"};
  session.session_token = secret_of(root["session_token"]);
  session.trust_token = secret_of(root["trust_token"]);
  session.session_id = secret_of(root["session_id"]);
  session.scnt = secret_of(root["scnt"]);
  session.auth_attributes = secret_of(root["auth_attributes"]);
  session.account_country = text_of(root["account_country"]);
  session.dsid = text_of(root["dsid"]);
  session.region = text_of(root["region"]);
  session.identity_url = text_of(root["identity_url"]);
  root["webservices"].each_member([&](std::string_view name, JsonView url) {
    if (const auto address = url.text()) session.webservices.emplace(name, *address);
  });
  session.signed_in = root["signed_in"].boolean().value_or(false);
  session.unfinished = root["unfinished"].boolean().value_or(false);
  session.code_accepted = root["code_accepted"].boolean().value_or(false);
  session.last_login = time_of(root["last_login_ms"]);
  session.password_refused_at = time_of(root["password_refused_ms"]);
  session.refused_salt = text_of(root["refused_salt"]);
  session.refused_mark = root["refused_mark"].integer().value_or(0);
  session.person_wanted_at = time_of(root["person_wanted_ms"]);
  session.unattended_at = time_of(root["unattended_ms"]);
  session.half_way = read_half_way(root["half_way"]);
  session.person_told = root["person_told"].boolean().value_or(false);
  session.trusted_since = time_of(root["trusted_since_ms"]);
  session.renew_trust_at = time_of(root["renew_trust_ms"]);
  session.failed_renewals = count_of(root["failed_renewals"]);
  session.warned_days = count_of(root["warned_days"]);
  session.data_protected = root["data_protected"].boolean().value_or(false);
  session.approval_asked_at = time_of(root["approval_asked_ms"]);
  session.identity_pause = read_pause(root["identity_pause"]);
  session.setup_pause = read_pause(root["setup_pause"]);
  session.cookies = net::CookieJar::read(root["cookies"]);
  return session;
}

/// Who could write the file could sign us in as somebody else; who could read it has the session.
Result<void> SessionFile::check_owner() const {
  struct stat status {};
  if (::lstat(path_.c_str(), &status) != 0) return {};  // reading it will say why
  const auto refuse = [&](std::string_view why) {
    return Error{ErrorKind::Storage, fmt::format("the saved session {} {}", path_.string(), why)};
  };
  if (!S_ISREG(status.st_mode)) return refuse("is not a regular file; remove it");
  if (status.st_uid != ::geteuid()) return refuse("belongs to somebody else; remove it");
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return refuse("could be read or written by others; remove it, or chmod it 600 if you are sure that nobody did");
  }
  return {};
}

Result<std::optional<SavedSession>> SessionFile::load() const {
  TRY(check_owner());
  auto text = read_file(path_);
  if (!text && text.error().kind() == ErrorKind::NotFound) return std::optional<SavedSession>{};
  if (!text) return std::move(text).error().within("reading the saved session");
  auto session = read_session(*text);
  wipe(text->data(), text->size());
  std::string_view reason = "it belongs to another account";
  if (!session) {
    reason = session.error().message();
  } else if (session->account == account_) {
    return std::optional{std::move(session).value()};
  }
  auto aside = path_;
  aside += ".bad";
  if (std::rename(path_.c_str(), aside.c_str()) != 0) {
    return Error{ErrorKind::Storage, fmt::format("cannot set {} aside: {}", path_.string(), system_message(errno))};
  }
  log.warn("the saved session cannot be used and was set aside file={} reason={}", aside.string(), reason);
  return std::optional<SavedSession>{};
}

Result<void> SessionFile::erase() const {
  for (const auto* ending : {"", ".bad"}) {
    auto file = path_;
    file += ending;
    if (::unlink(file.c_str()) != 0 && errno != ENOENT)
      return Error{ErrorKind::Storage, fmt::format("cannot remove {}: {}", file.string(), system_message(errno))};
  }
  return {};
}

Result<void> SessionFile::save(std::string_view text) const {
  auto saved = replace_file(path_, text);
  if (!saved) return std::move(saved).error().within("saving the session");
  return {};
}

}  // namespace icloudphotos::auth
