// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <sys/types.h>

#include "icloudphotos/base/result.h"
#include "icloudphotos/base/secret.h"

namespace icloudphotos::cli {

/// Who is asked for a password: what the options name, the desktop's keyring, the terminal, a web page.
enum class PasswordProvider { Parameter, Keyring, Console, WebPage };
/// Who is asked for the second factor.
enum class CodeProvider { Console, WebPage };

/// Which files of a photo All Photos has: all, those that were uploaded, what the phone shows now.
enum class ShownVersions { Both, Original, Current };
/// XMP sidecars: none, plain ones, with a tree of tags, as Adobe's programs look for them.
enum class Sidecars { None, Plain, Tree, Lightroom };

/// Everything a mount, or a command about an account, is told, resolved: paths are absolute, defaults are in.
struct MountOptions {
  std::filesystem::path mount_point;  ///< Empty for commands.
  std::string account;                ///< Empty: the one known account, else asked for.
  bool demo = false;
  bool foreground = false;
  bool debug = false;
  bool allow_other = false;
  std::optional<uid_t> uid;
  std::optional<gid_t> gid;
  mode_t umask = 022;
  std::optional<std::filesystem::path> password_file;
  std::optional<std::string> password_command;
  bool password_stdin = false;
  /// In this order. Console and web page come last, and not both.
  std::vector<PasswordProvider> password_providers{PasswordProvider::Parameter, PasswordProvider::Keyring,
                                                   PasswordProvider::Console};
  CodeProvider mfa_provider = CodeProvider::Console;
  std::optional<std::uint16_t> web_port;  ///< None: any free one.
  std::string domain = "com";             ///< The region of iCloud: com or cn.
  std::optional<std::string> notify;      ///< A command that tells a person.
  std::optional<std::string> on_change;   ///< A command for when the mount shows something else than before.
  std::optional<std::string> smtp_host;   ///< With it, mail tells a person too.
  std::uint16_t smtp_port = 587;
  std::string smtp_username;
  std::optional<std::string> smtp_password_command;
  bool smtp_no_tls = false;
  std::string notification_email;       ///< Empty: smtp_username.
  std::string notification_email_from;  ///< Empty: notification_email.
  std::optional<std::string> identity_url;
  std::optional<std::string> setup_url;
  std::optional<std::filesystem::path> ca_file;
  std::filesystem::path state_home;    ///< Holds a folder an account: session and catalog.
  std::filesystem::path cache_home;    ///< The same for blobs.
  std::filesystem::path runtime_home;  ///< Holds a control socket an account.
  std::uint64_t cache_bytes = 0;       ///< 0: the default share of the disk.
  /// strftime. `layout=icloudpd` has set it, and the next five, to what icloudpd does; said themselves they count more.
  std::string layout = "%Y/%m";
  bool icloudpd_names = false;
  std::string timezone = "photo";  ///< photo, local, UTC, or what looks like a name of the tz database.
  ShownVersions versions = ShownVersions::Both;
  bool live_suffix = false;  ///< IMG_1_HEVC.MOV instead of IMG_1.MOV. Only with icloudpd_names.
  bool ascii_names = false;  ///< Other letters are left out. Only with icloudpd_names.
  bool hidden = false;
  bool deleted = false;
  bool jpeg = false;
  Sidecars xmp = Sidecars::None;
  bool xattr = false;
  bool passthrough = false;  ///< The kernel reads whole files from the cache by itself.
  bool df_quota = false;     ///< df shows the account's storage instead of the photos' size.
  std::chrono::seconds poll{300};
  std::chrono::milliseconds read_timeout{15'000};
  std::chrono::milliseconds incomplete_wait{30'000};
  unsigned connections = 16;
  std::uint64_t max_rate = 0;  ///< Bytes a second of downloads. 0: no limit.
};

struct UnmountOptions {
  std::filesystem::path mount_point;
};

/// `icloudphotos signin`: for the mount that runs, or for the next one.
struct SignInCommand {
  MountOptions options;
  Secret code;  ///< Empty: asked for.
};

/// `icloudphotos signout`
struct SignOutCommand {
  MountOptions options;
  bool keep_cache = false;
};

/// `icloudphotos status`
struct StatusCommand {
  MountOptions options;
  bool json = false;
  bool watch = false;  ///< Again and again, until interrupted.
};

/// `icloudphotos refresh`
struct RefreshCommand {
  MountOptions options;
  bool wait = false;    ///< Until everything is read again.
  bool accept = false;  ///< Lets go what was held back because so much of it went at once.
};

/// `icloudphotos doctor`
struct DoctorCommand {
  MountOptions options;
  bool json = false;
};

/// `icloudphotos password set|delete`: the one in the keyring.
struct PasswordCommand {
  enum class What { Set, Delete };
  MountOptions options;
  What what = What::Set;
};

/// What to print and then exit with 0: help, version.
struct Message {
  std::string text;
};

using Command = std::variant<MountOptions, UnmountOptions, SignInCommand, SignOutCommand, StatusCommand, RefreshCommand,
                             DoctorCommand, PasswordCommand, Message>;

/// Environment variables by name.
using Environment = std::map<std::string, std::string>;

/// Reads the command line, `-o`, the environment and the configuration file, in this order of weight. No side effects
/// but reading that file. Errors: Usage, with a sentence that names what is wrong and the nearest thing that is right.
[[nodiscard]] Result<Command> parse(const std::vector<std::string>& arguments, const Environment& environment);

/// Exit status of mount(8) for an Error: 1 usage or permission, 8 interrupted, 32 mount failure.
[[nodiscard]] int exit_status(const Error& error);

}  // namespace icloudphotos::cli
