// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <stop_token>

#include "icloudphotos/auth/gateway.h"
#include "icloudphotos/base/clock.h"
#include "icloudphotos/fuse/filesystem.h"

namespace icloudphotos {

/// Tells a file system how much room the account has, for `df`. Asks now and then at most; that nobody answers changes
/// nothing. Threads: one.
class Quota {
 public:
  Quota(auth::Gateway& gateway, fuse::Filesystem& files, Clock& clock)
      : gateway_{gateway}, files_{files}, clock_{clock} {}
  void look(std::stop_token stop);

 private:
  auth::Gateway& gateway_;
  fuse::Filesystem& files_;
  Clock& clock_;
  std::optional<Monotonic> looked_;
};

}  // namespace icloudphotos
