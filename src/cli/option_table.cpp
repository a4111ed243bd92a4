// SPDX-License-Identifier: MIT
#include "option_table.h"

#include <algorithm>

#include <fmt/format.h>

#include "icloudphotos/base/text.h"

#include "values.h"

namespace icloudphotos::cli {
namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t kLeastCacheBytes = std::uint64_t{16} << 20;
constexpr std::uint64_t kLeastRate = std::uint64_t{16} << 10;

Result<std::filesystem::path> read_path(std::string_view text, const Surroundings& around) {
  if (text.empty()) return Error{ErrorKind::Usage, "a path must not be empty"};
  if (text == "~") return around.home;
  if (text.starts_with("~/")) return (around.home / text.substr(2)).lexically_normal();
  return (around.working_directory / text).lexically_normal();
}

Result<std::string> read_text(std::string_view text) {
  if (trim(text).empty()) return Error{ErrorKind::Usage, "it must not be empty"};
  return std::string{text};
}

Result<milliseconds> read_duration(std::string_view text, milliseconds least, milliseconds most) {
  const auto duration = TRY(parse_duration(text));
  if (duration < least || duration > most) {
    return Error{ErrorKind::Usage,
                 fmt::format("it must be from {} s to {} s", least.count() / 1000, most.count() / 1000)};
  }
  return duration;
}

Result<std::string> read_layout(std::string_view text) {
  // Python's way of writing it, as icloudpd's users know it.
  if (text.starts_with("{:") && text.ends_with("}")) text = text.substr(2, text.size() - 3);
  const bool plain = std::none_of(text.begin(), text.end(), [](char c) { return c >= 0 && c < ' '; });
  if (trim(text).empty() || text.size() > 200 || !plain) {
    return Error{ErrorKind::Usage, "it must be a date pattern like %Y/%m, or icloudpd"};
  }
  return std::string{text};
}

/// A pattern, or all that belongs to icloudpd's: `resolve` reads this option before the others, so that they count more.
Result<void> set_layout(MountOptions& options, std::string_view value, const Surroundings&) {
  options.icloudpd_names = value == "icloudpd";
  options.layout = options.icloudpd_names ? "%Y/%m/%d" : TRY(read_layout(value));
  if (!options.icloudpd_names) return {};
  options.timezone = "local";
  options.versions = ShownVersions::Original;
  options.live_suffix = true;
  options.ascii_names = true;
  return {};
}

/// Whether there is such a zone, only the tree can tell.
Result<std::string> read_timezone(std::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '/' || c == '_' ||
           c == '-' || c == '+';
  });
  if (text.empty() || text.front() == '/' || !plain) {
    return Error{ErrorKind::Usage, "it must be photo, local, UTC, or a name like Europe/Berlin"};
  }
  return std::string{text};
}

Result<ShownVersions> read_versions(std::string_view text) {
  if (text == "both") return ShownVersions::Both;
  if (text == "original") return ShownVersions::Original;
  if (text == "current") return ShownVersions::Current;
  return Error{ErrorKind::Usage, "it must be both, original or current"};
}

Result<bool> read_live(std::string_view text) {
  if (text == "suffix" || text == "original") return text == "suffix";
  return Error{ErrorKind::Usage, "it must be original or suffix"};
}

Result<bool> read_unicode(std::string_view text) {
  if (text == "remove" || text == "keep") return text == "remove";
  return Error{ErrorKind::Usage, "it must be keep or remove"};
}

Result<Sidecars> read_xmp(std::string_view text) {
  if (text == "tree") return Sidecars::Tree;
  if (text == "lightroom") return Sidecars::Lightroom;
  if (const auto on = parse_switch(text)) return *on ? Sidecars::Plain : Sidecars::None;
  return Error{ErrorKind::Usage, "it must be on, off, tree or lightroom"};
}

Result<bool> read_df(std::string_view text) {
  if (text == "photos" || text == "quota") return text == "quota";
  return Error{ErrorKind::Usage, "it must be photos or quota"};
}

Result<std::uint64_t> read_cache_size(std::string_view text) {
  const auto bytes = TRY(parse_size(text));
  if (bytes < kLeastCacheBytes) return Error{ErrorKind::Usage, "it must be at least 16M"};
  return bytes;
}

template <auto Member, auto Read>
Result<void> set(MountOptions& options, std::string_view value, const Surroundings&) {
  options.*Member = TRY(Read(value));
  return {};
}

template <auto Member>
Result<void> set_path(MountOptions& options, std::string_view value, const Surroundings& around) {
  options.*Member = TRY(read_path(value, around));
  return {};
}

Result<std::chrono::seconds> read_poll(std::string_view text) {
  using namespace std::chrono_literals;
  return std::chrono::duration_cast<std::chrono::seconds>(TRY(read_duration(text, 60s, 24h)));
}

Result<milliseconds> read_read_timeout(std::string_view text) {
  using namespace std::chrono_literals;
  return read_duration(text, 1s, 60s);
}

Result<milliseconds> read_incomplete_wait(std::string_view text) {
  using namespace std::chrono_literals;
  return read_duration(text, 1s, 1h);
}

Result<std::uint64_t> read_rate(std::string_view text) {
  const auto bytes = TRY(parse_size(text));
  if (bytes != 0 && bytes < kLeastRate)
    return Error{ErrorKind::Usage, "it must be 0, which is no limit, or at least 16K"};
  return bytes;
}

Result<unsigned> read_connections(std::string_view text) { return parse_number(text, 1, 32); }

Result<std::uint16_t> read_port(std::string_view text) {
  return static_cast<std::uint16_t>(TRY(parse_number(text, 1, 65535)));
}

Result<std::vector<PasswordProvider>> read_password_providers(std::string_view text) {
  constexpr std::pair<std::string_view, PasswordProvider> kNames[] = {{"parameter", PasswordProvider::Parameter},
                                                                      {"keyring", PasswordProvider::Keyring},
                                                                      {"console", PasswordProvider::Console},
                                                                      {"webui", PasswordProvider::WebPage}};
  std::vector<PasswordProvider> providers;
  for (const auto word : split(text, ',')) {
    const auto* named =
        std::find_if(std::begin(kNames), std::end(kNames), [&](const auto& each) { return each.first == trim(word); });
    if (named == std::end(kNames))
      return Error{ErrorKind::Usage, "it must be one of parameter, keyring, console and webui"};
    if (std::find(providers.begin(), providers.end(), named->second) != providers.end())
      return Error{ErrorKind::Usage, fmt::format("{} is named twice", named->first)};
    // Whoever asks a person always gets an answer, so nothing after it would ever be asked.
    if (!providers.empty() &&
        (providers.back() == PasswordProvider::Console || providers.back() == PasswordProvider::WebPage))
      return Error{ErrorKind::Usage, "console and webui ask a person: only one of them, and only as the last"};
    providers.push_back(named->second);
  }
  return providers;
}

Result<CodeProvider> read_code_provider(std::string_view text) {
  if (text == "console") return CodeProvider::Console;
  if (text == "webui") return CodeProvider::WebPage;
  return Error{ErrorKind::Usage, "it must be console or webui"};
}

Result<std::string> read_domain(std::string_view text) {
  if (text == "com" || text == "cn") return std::string{text};
  return Error{ErrorKind::Usage, "it must be com, or cn for accounts of China mainland"};
}

}  // namespace

const std::vector<OptionRow>& option_table() {
  using O = MountOptions;
  static const std::vector<OptionRow> table{
      {"account", "ACCOUNT", "the Apple Account, as when named before the mount point", set<&O::account, read_text>},
      {"demo", "", "a small library of a simulated iCloud, without an account", set<&O::demo, parse_switch>},
      {"password-file", "FILE", "read the password from the first line of FILE", set_path<&O::password_file>},
      {"password-command", "COMMAND", "take what COMMAND prints as the password", set<&O::password_command, read_text>},
      {"password-stdin", "", "read the password from the first line of standard input",
       set<&O::password_stdin, parse_switch>},
      {"password-provider", "WHO", "parameter, keyring, console, webui: who is asked, in this order",
       set<&O::password_providers, read_password_providers>, true},
      {"mfa-provider", "WHO", "who is asked for the six digits: console or webui [console]",
       set<&O::mfa_provider, read_code_provider>},
      {"web-port", "PORT", "where the sign-in page is, on this machine only [any]", set<&O::web_port, read_port>},
      {"domain", "com|cn", "region of iCloud; cn: China mainland [com]", set<&O::domain, read_domain>},
      {"notify", "COMMAND", "run COMMAND when somebody has to sign in again", set<&O::notify, read_text>},
      {"on-change", "COMMAND", "run COMMAND whenever photos came, went or changed", set<&O::on_change, read_text>},
      {"notification-email", "ADDRESS", "send a mail there then [the smtp-username]",
       set<&O::notification_email, read_text>},
      {"notification-email-from", "ADDRESS", "who the mail is from [the same]",
       set<&O::notification_email_from, read_text>},
      {"smtp-host", "HOST", "who takes the mail", set<&O::smtp_host, read_text>},
      {"smtp-port", "PORT", "its port [587]", set<&O::smtp_port, read_port>},
      {"smtp-username", "NAME", "how to log in there", set<&O::smtp_username, read_text>},
      {"smtp-password-command", "COMMAND", "take what COMMAND prints as the password there",
       set<&O::smtp_password_command, read_text>},
      {"smtp-no-tls", "", "send in the clear, without STARTTLS", set<&O::smtp_no_tls, parse_switch>},
      {"cache-size", "SIZE", "most space for downloaded photos [a tenth of the disk, at most 20G]",
       set<&O::cache_bytes, read_cache_size>},
      {"cache-dir", "DIR", "where downloaded photos are kept", set_path<&O::cache_home>},
      {"state-dir", "DIR", "where session and catalog are kept", set_path<&O::state_home>},
      {"layout", "PATTERN", "directories of All Photos: strftime(3), or icloudpd [%Y/%m]", set_layout},
      {"timezone", "ZONE", "whose date: photo, local, UTC or Area/City [photo]", set<&O::timezone, read_timezone>},
      {"versions", "WHICH", "what All Photos has: both, original, current [both]", set<&O::versions, read_versions>},
      {"live", "HOW", "icloudpd's Live videos: suffix or original [suffix]", set<&O::live_suffix, read_live>},
      {"unicode", "HOW", "icloudpd's names: remove or keep letters beyond ASCII [remove]",
       set<&O::ascii_names, read_unicode>},
      {"hidden", "", "show the hidden photos, in Hidden", set<&O::hidden, parse_switch>},
      {"deleted", "", "show Recently Deleted", set<&O::deleted, parse_switch>},
      {"jpeg", "", "show JPEG: Apple's JPEG and 720p renditions", set<&O::jpeg, parse_switch>},
      {"xmp", "WHERE", "XMP sidecars: on, tree, lightroom [off]", set<&O::xmp, read_xmp>},
      {"xattr", "", "show captions, keywords and places as attributes", set<&O::xattr, parse_switch>},
      {"df", "WHAT", "what df shows: photos or the account's quota [photos]", set<&O::df_quota, read_df>},
      {"poll", "TIME", "how often to ask for news, at least 60s [5m]", set<&O::poll, read_poll>},
      {"read-timeout", "TIME", "when a read without progress fails, 1s to 60s [15s]",
       set<&O::read_timeout, read_read_timeout>},
      {"incomplete-wait", "TIME", "how long a listing waits until it is known whole [30s]",
       set<&O::incomplete_wait, read_incomplete_wait>},
      {"connections", "N", "downloads at the same time, 1 to 32 [16]", set<&O::connections, read_connections>},
      {"max-rate", "SIZE", "most bytes a second of downloads [no limit]", set<&O::max_rate, read_rate>},
      {"passthrough", "", "let the kernel read whole files itself: as root, on Linux 6.9",
       set<&O::passthrough, parse_switch>},
      {"uid", "USER", "owner of all files [you]", set<&O::uid, parse_user>},
      {"gid", "GROUP", "group of all files [yours]", set<&O::gid, parse_group>},
      {"umask", "MASK", "permissions to take away, octal [022]", set<&O::umask, parse_umask>},
      {"allow-other", "", "let other users see the mount", set<&O::allow_other, parse_switch>},
      {"ca-file", "PEM", "certificate authorities to trust besides the system's", set_path<&O::ca_file>},
      {"identity-url", "URL", "another identity service (https, or http on loopback)",
       set<&O::identity_url, read_text>},
      {"setup-url", "URL", "another setup service (https, or http on loopback)", set<&O::setup_url, read_text>},
      {"foreground", "", "stay in the foreground", set<&O::foreground, parse_switch>},
      {"debug", "", "log every request and decision", set<&O::debug, parse_switch>},
  };
  return table;
}

const OptionRow* find_option(std::string_view name) {
  for (const auto& row : option_table())
    if (row.name == name) return &row;
  return nullptr;
}

std::vector<std::string_view> option_names() {
  std::vector<std::string_view> names;
  for (const auto& row : option_table()) names.push_back(row.name);
  return names;
}

std::string dashed(std::string_view name) {
  std::string out{name};
  std::replace(out.begin(), out.end(), '_', '-');
  return out;
}

std::string_view refusal(std::string_view name) {
  if (name == "password") {
    return "a password given like this can be read by every user of this machine; leave it out and it is asked for, or "
           "use --password-file, --password-command, --password-stdin or the keyring";
  }
  if (name == "smtp-password") {
    return "a password given like this can be read by every user of this machine; use --smtp-password-command";
  }
  if (name == "remount") return "a mount cannot be changed while it is there; unmount it and mount again";
  return {};
}

}  // namespace icloudphotos::cli
