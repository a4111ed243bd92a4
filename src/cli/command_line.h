// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "icloudphotos/base/result.h"

#include "option_table.h"

namespace icloudphotos::cli {

/// What the words of a command line say, not yet what they mean.
struct CommandLine {
  enum class What {
    Mount,
    Unmount,
    SignIn,
    SignOut,
    Status,
    Refresh,
    Doctor,
    SetPassword,
    DeletePassword,
    Help,
    Version
  };
  What what = What::Mount;
  bool pretend = false;               ///< mount -f: check everything, mount nothing.
  bool keep_cache = false;            ///< signout
  bool json = false;                  ///< status, doctor
  bool watch = false;                 ///< status
  bool wait = false, accept = false;  ///< refresh
  std::vector<std::string> operands;  ///< [ACCOUNT] DIR; for commands about an account [ACCOUNT] [CODE].
  Settings long_options;
  Settings mount_options;  ///< Of all `-o`.
};

/// Whether mount(8) wrote this line: `mount -t icloudphotos` (or mount.fuse3, for `fuse.icloudphotos`) calls us with
/// `SPEC DIR [-s] [-f] [-n] [-v] -o rw|ro,… [-t TYPE] [-N NAMESPACE]`, always in this order and always with `rw` or
/// `ro` first. Then -f pretends, -s is "sloppy", -v is "verbose", -n is "no mtab". In every other line -f is
/// "foreground", -v "version" and -s is sshfs's "single-threaded", of which we take no notice.
[[nodiscard]] bool is_written_by_mount(const std::vector<std::string>& arguments);

/// Errors: Usage.
[[nodiscard]] Result<CommandLine> read_command_line(const std::vector<std::string>& arguments);

}  // namespace icloudphotos::cli
