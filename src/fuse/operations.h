// SPDX-License-Identifier: MIT
#pragma once

#include "fuse/fuse_version.h"

namespace icloudphotos::fuse {

/// libfuse's callbacks. Their user data is the Filesystem. They translate and nothing else.
[[nodiscard]] fuse_lowlevel_ops operations();

}  // namespace icloudphotos::fuse
