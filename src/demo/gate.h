// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "answers.h"
#include "quirks.h"
#include "web_cookies.h"

namespace icloudphotos::demo {

/// Why a photos call may not be answered (authentication.md 6 and 7.1); nothing when it may.
[[nodiscard]] std::optional<net::ServerResponse> refuse_photos(const net::ServerRequest& request,
                                                               const WebCookies& cookies, const Quirks& quirks);
/// The answer of a setup call to somebody who is not signed in.
[[nodiscard]] net::ServerResponse not_signed_in(std::string_view why, const Quirks& quirks);

}  // namespace icloudphotos::demo
