// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "icloudphotos/auth/session.h"
#include "icloudphotos/base/result.h"

#include "auth/session_file.h"

namespace icloudphotos::auth {

/// Errors: Usage: not https, nor http to a loopback address. Drops trailing slashes.
[[nodiscard]] Result<Endpoints> checked(Endpoints endpoints);

/// The endpoints of the account's region, and the identity service that answers there. Only Apple's own are exchanged
/// for each other.
[[nodiscard]] Endpoints in_region(const Endpoints& configured, const SavedSession& session);
/// The other identity service, to try when the one in use does not answer; only China has two.
[[nodiscard]] std::optional<std::string> other_identity(const Endpoints& used);
/// The region Apple means by `domainToUse` ("iCloud.com.cn").
[[nodiscard]] std::optional<std::string> region_of(std::string_view domain);

/// Whether requests that carry the session may go to this URL.
[[nodiscard]] bool is_apples(std::string_view url, const Endpoints& endpoints);

}  // namespace icloudphotos::auth
