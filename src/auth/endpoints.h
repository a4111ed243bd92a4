// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "icloudphotos/auth/session.h"
#include "icloudphotos/base/result.h"

namespace icloudphotos::auth {

/// Errors: Usage: not https, nor http to a loopback address. Drops trailing slashes.
[[nodiscard]] Result<Endpoints> checked(Endpoints endpoints);

/// The endpoints of the account's region ("com", "cn", or empty: as configured). Only Apple's own are exchanged for
/// each other.
[[nodiscard]] Endpoints in_region(const Endpoints& configured, std::string_view region);
/// The region Apple means by `domainToUse` ("iCloud.com.cn").
[[nodiscard]] std::optional<std::string> region_of(std::string_view domain);

/// Whether requests that carry the session may go to this URL.
[[nodiscard]] bool is_apples(std::string_view url, const Endpoints& endpoints);

}  // namespace icloudphotos::auth
