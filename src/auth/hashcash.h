// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/net/http.h"

namespace icloudphotos::auth {

/// The proof of work for `X-Apple-HC` when an answer asks for one by `X-Apple-HC-Bits` and `X-Apple-HC-Challenge`: a text
/// whose SHA-1 begins with that many zero bits. More than 20 bits are not worked for.
/// Source    protocol/authentication.md 0.3; iCloud does not ask for it today, other sign-ins of Apple's do.
[[nodiscard]] std::optional<std::string> hashcash_for(const net::Response& response, TimePoint now);

}  // namespace icloudphotos::auth
