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

namespace icloudphotos::cli {

/// Everything a mount is told, resolved: paths are absolute, defaults are in.
struct MountOptions {
  std::filesystem::path mount_point;
  std::string account;  ///< Empty: the one known account, else asked for.
  bool demo = false;
  bool foreground = false;
  bool debug = false;
  bool allow_other = false;
  std::optional<uid_t> uid;
  std::optional<gid_t> gid;
  mode_t umask = 022;
  std::optional<std::filesystem::path> password_file;
  std::optional<std::string> password_command;
  std::optional<std::string> identity_url;
  std::optional<std::string> setup_url;
  std::optional<std::filesystem::path> ca_file;
  std::filesystem::path state_home;  ///< Holds a folder an account: session and catalog.
  std::filesystem::path cache_home;  ///< The same for blobs.
  std::uint64_t cache_bytes = 0;     ///< 0: the default share of the disk.
  std::string layout = "%Y/%m";
  std::chrono::seconds poll{300};
  std::chrono::milliseconds read_timeout{15'000};
  unsigned connections = 8;
};

struct UnmountOptions {
  std::filesystem::path mount_point;
};

/// What to print and then exit with 0: help, version.
struct Message {
  std::string text;
};

using Command = std::variant<MountOptions, UnmountOptions, Message>;

/// Environment variables by name.
using Environment = std::map<std::string, std::string>;

/// Reads the command line, `-o`, the environment and the configuration file, in this order of weight. No side effects
/// but reading that file. Errors: Usage, with a sentence that names what is wrong and the nearest thing that is right.
[[nodiscard]] Result<Command> parse(const std::vector<std::string>& arguments, const Environment& environment);

/// Exit status of mount(8) for an Error: 1 usage or permission, 8 interrupted, 32 mount failure.
[[nodiscard]] int exit_status(const Error& error);

}  // namespace icloudphotos::cli
