// SPDX-License-Identifier: MIT
#pragma once

#include "fuse/fuse_version.h"

namespace icloudphotos::fuse {

/// libfuse's callbacks. Their user data is a `Served`. They translate and nothing else.
///
/// Without extended attributes the kernel asks about them once and never again: `ls -l` asks about every file.
[[nodiscard]] fuse_lowlevel_ops operations(bool extended_attributes);

}  // namespace icloudphotos::fuse
