// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "origin.h"
#include "quirks.h"
#include "web_cookies.h"

namespace icloudphotos::demo {

/// What accountLogin and validate tell about the account (authentication.md 5.3).
[[nodiscard]] std::string account_json(const std::string& account, Standing standing, const Origin& origin,
                                       const Quirks& quirks);

}  // namespace icloudphotos::demo
