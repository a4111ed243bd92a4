// SPDX-License-Identifier: MIT
#pragma once

#include "icloudphotos/base/result.h"

namespace icloudphotos::fuse {

/// What a program that called us gets for an Error.
[[nodiscard]] int errno_of(ErrorKind kind);

}  // namespace icloudphotos::fuse
