// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "icloudphotos/base/handle.h"
#include "icloudphotos/base/result.h"

// The files around the database.
namespace icloudphotos::catalog {

/// Makes the directory ours alone for as long as the Fd lives; a lock left by a killed program is none.
/// Errors: Usage when another program has it, Storage.
[[nodiscard]] Result<Fd> lock_directory(const std::filesystem::path& directory);

/// Sees to it that there is a regular file with mode 0600, so that SQLite never makes one that others can read.
[[nodiscard]] Result<void> make_private_file(const std::filesystem::path& path);

/// Moves a database away as `<file>.bad` with what belongs to it, over an earlier one.
[[nodiscard]] Result<void> set_aside(const std::filesystem::path& database);

/// Remembers that the database was found damaged while at work, so that the next open sets it aside.
void mark_damaged(const std::filesystem::path& database);
[[nodiscard]] bool marked_damaged(const std::filesystem::path& database);

}  // namespace icloudphotos::catalog
