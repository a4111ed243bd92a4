// SPDX-License-Identifier: MIT
#include "auth/session_file.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "icloudphotos/base/files.h"
#include "icloudphotos/base/json.h"
#include "icloudphotos/base/log.h"

namespace icloudphotos::auth {
namespace {

constexpr Log log{"auth"};
constexpr std::int64_t kVersion = 1;

Secret secret_of(JsonView value) { return Secret{std::string{value.text().value_or("")}}; }
std::string text_of(JsonView value) { return std::string{value.text().value_or("")}; }

}  // namespace

std::string write_session(const SavedSession& session) {
  JsonWriter out;
  out.object().member("version", kVersion).member("client_id", session.client_id);
  out.member("session_token", session.session_token.reveal()).member("trust_token", session.trust_token.reveal());
  out.member("session_id", session.session_id.reveal()).member("scnt", session.scnt.reveal());
  out.member("account_country", session.account_country).member("dsid", session.dsid);
  out.member("photos_url", session.photos_url).member("signed_in", session.signed_in);
  if (session.pause_until) out.member("pause_until_ms", session.pause_until->time_since_epoch().count());
  out.member("pauses", session.pauses).key("cookies");
  session.cookies.write(out);
  return out.end().take();
}

Result<SavedSession> read_session(std::string_view text) {
  const auto document = TRY(JsonDocument::parse(text));
  const auto root = document.root();
  if (root["version"].integer() != kVersion) return Error{ErrorKind::Protocol, "it is of another version"};
  SavedSession session;
  session.client_id = text_of(root["client_id"]);
  if (session.client_id.empty()) return Error{ErrorKind::Protocol, "it has no client id"};
  session.session_token = secret_of(root["session_token"]);
  session.trust_token = secret_of(root["trust_token"]);
  session.session_id = secret_of(root["session_id"]);
  session.scnt = secret_of(root["scnt"]);
  session.account_country = text_of(root["account_country"]);
  session.dsid = text_of(root["dsid"]);
  session.photos_url = text_of(root["photos_url"]);
  session.signed_in = root["signed_in"].boolean().value_or(false);
  if (const auto until = root["pause_until_ms"].integer()) session.pause_until = TimePoint{std::chrono::milliseconds{*until}};
  session.pauses = root["pauses"].integer().value_or(0);
  session.cookies = net::CookieJar::read(root["cookies"]);
  return session;
}

Result<std::optional<SavedSession>> SessionFile::load() const {
  auto text = read_file(path_);
  if (!text && text.error().kind() == ErrorKind::NotFound) return std::optional<SavedSession>{};
  if (!text) return std::move(text).error().within("reading the saved session");
  struct stat status {};
  if (::lstat(path_.c_str(), &status) == 0 && status.st_uid != ::geteuid()) {
    return Error{ErrorKind::Storage, fmt::format("{} belongs to somebody else; remove it", path_.string())};
  }
  auto session = read_session(*text);
  if (session) return std::optional{std::move(session).value()};
  auto aside = path_;
  aside += ".bad";
  if (::rename(path_.c_str(), aside.c_str()) != 0) {
    return Error{ErrorKind::Storage, fmt::format("cannot set {} aside: {}", path_.string(), system_message(errno))};
  }
  log.warn("the saved session cannot be read and was set aside file={} reason={}", aside.string(), session.error().message());
  return std::optional<SavedSession>{};
}

Result<void> SessionFile::save(const SavedSession& session) const {
  auto text = write_session(session);
  auto saved = replace_file(path_, text);
  wipe(text.data(), text.size());
  if (!saved) return std::move(saved).error().within("saving the session");
  return {};
}

}  // namespace icloudphotos::auth
