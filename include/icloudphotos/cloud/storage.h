// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <stop_token>

#include "icloudphotos/auth/gateway.h"
#include "icloudphotos/base/result.h"

namespace icloudphotos::cloud {

/// How much room the account has in iCloud, for whatever is kept there; of a family plan, the family's.
struct Storage {
  std::uint64_t total_bytes = 0;
  std::uint64_t used_bytes = 0;  ///< May be more than there is.
};

/// Asks for it. Errors: NotFound: this account has no such service; Protocol; as `auth::Gateway::post_to`.
/// Source: protocol/photos.md 16.
[[nodiscard]] Result<Storage> storage_of(auth::Gateway& gateway, std::stop_token stop);

}  // namespace icloudphotos::cloud
