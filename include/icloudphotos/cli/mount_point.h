// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "icloudphotos/base/result.h"

namespace icloudphotos::cli {

/// Whether we can mount there, before anything is asked or started: a directory of ours, nothing mounted on it, /dev/fuse usable.
/// A dead mount of this program (ENOTCONN) is cleared. Errors: Usage, with what to do.
[[nodiscard]] Result<void> check_mount_point(const std::filesystem::path& directory);

/// Unmounts as fusermount3 or umount does. Errors: Usage.
[[nodiscard]] Result<void> unmount(const std::filesystem::path& directory);

}  // namespace icloudphotos::cli
