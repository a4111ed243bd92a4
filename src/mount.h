// SPDX-License-Identifier: MIT
#pragma once

#include "icloudphotos/base/result.h"
#include "icloudphotos/cli/options.h"

namespace icloudphotos {

/// Builds every object of a mount in order, serves until it ends, and takes everything down in reverse.
[[nodiscard]] Result<void> run_mount(const cli::MountOptions& options);

}  // namespace icloudphotos
