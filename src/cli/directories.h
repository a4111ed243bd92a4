// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <vector>

#include "icloudphotos/base/result.h"
#include "icloudphotos/cli/options.h"

namespace icloudphotos::cli {

/// Where things of ours belong: systemd's word first, then XDG's, then the home directory's.
struct Directories {
  std::filesystem::path home;
  std::filesystem::path state;
  std::filesystem::path cache;
  std::filesystem::path runtime;                    ///< Where nobody says: below the state.
  std::vector<std::filesystem::path> config_files;  ///< The first that exists counts.
};

/// Errors: Usage: no home directory is known.
[[nodiscard]] Result<Directories> find_directories(const Environment& environment);

}  // namespace icloudphotos::cli
