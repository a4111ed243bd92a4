// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "icloudphotos/base/result.h"

namespace icloudphotos::cli {

enum class Audience { Owner, Everybody };

/// Whether we can mount there, before anything is asked or started: a directory of ours, nothing mounted on it,
/// /dev/fuse usable, and others allowed in if they shall be (`user_allow_other`). A directory with files in it is fine,
/// as for mount(8): they are hidden meanwhile. A dead mount of this program (ENOTCONN) is cleared; a stuck one is not
/// waited for. Errors: Usage: a permission is missing. Refused: the place cannot be mounted on. Both with what to do.
[[nodiscard]] Result<void> check_mount_point(const std::filesystem::path& directory,
                                             Audience audience = Audience::Owner);

/// Unmounts as fusermount3 or umount does; only what is ours. Errors: Usage.
[[nodiscard]] Result<void> unmount(const std::filesystem::path& directory);

}  // namespace icloudphotos::cli
