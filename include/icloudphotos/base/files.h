// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "icloudphotos/base/result.h"

namespace icloudphotos {

/// The whole of a small regular file (at most 16 MiB; never follows a symlink). Errors: NotFound, Storage.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path);

/// Replaces a file so that at any moment, power loss included, either the old or the new content is there: written
/// aside with mode 0600, fsync, rename, fsync of the directory. Errors: Storage.
[[nodiscard]] Result<void> replace_file(const std::filesystem::path& path, std::string_view content);

/// Makes a directory of ours and its parents, mode 0700. One that exists must be a directory, ours, and closed to
/// others' writing. Errors: Storage.
[[nodiscard]] Result<void> make_private_directory(const std::filesystem::path& path);

/// `strerror` without its thread trouble.
[[nodiscard]] std::string system_message(int error_number);

}  // namespace icloudphotos
