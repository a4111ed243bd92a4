// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <vector>

namespace icloudphotos::auth {

/// The JSON texts inside a page's scripts of class `boot_args`, of which there may be several; they live in the page.
/// One pass, and no more than 16.
[[nodiscard]] std::vector<std::string_view> boot_args(std::string_view page);

}  // namespace icloudphotos::auth
