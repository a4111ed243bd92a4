// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace icloudphotos::net {

/// A date as HTTP headers and cookies write it, Apple's `Tue,16-Jan-2024 02:07:19 GMT` included. Before 1970: nothing.
[[nodiscard]] std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text);

}  // namespace icloudphotos::net
