// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "photo.h"

namespace icloudphotos::demo {

/// Binary property lists as phones write them into `keywordsEnc` and `locationEnc`.
[[nodiscard]] std::string bplist_of(const std::vector<std::string>& strings);
[[nodiscard]] std::string bplist_of(const Place& place, std::int64_t taken_ms);

}  // namespace icloudphotos::demo
