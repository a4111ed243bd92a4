// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "icloudphotos/fuse/filesystem.h"

#include "fuse/first_exchange.h"
#include "fuse/passthrough.h"

namespace icloudphotos::fuse {

/// What libfuse hands to every callback.
struct Served {
  Filesystem& files;
  FirstExchange first_exchange{};
  std::unique_ptr<Passthrough> passthrough{};  ///< None: the kernel is told that it need not ask about opens.
};

}  // namespace icloudphotos::fuse
