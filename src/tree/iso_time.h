// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "icloudphotos/base/clock.h"

namespace icloudphotos::tree {

/// ISO 8601 as XMP has it: "2024-06-12T05:12:44+02:00", with milliseconds where there are any. Without an offset, or
/// with one no place on Earth has, in UTC: "2024-06-12T03:12:44Z". Nothing outside the years 1 to 9999.
[[nodiscard]] std::optional<std::string> iso_time(TimePoint time, std::optional<std::chrono::seconds> utc_offset);

}  // namespace icloudphotos::tree
