// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "icloudphotos/model/photo.h"

namespace icloudphotos::cloud {

/// The strings of a property list that is an array of them; empty for anything else. At most 1,000.
[[nodiscard]] std::vector<std::string> plist_texts(std::string_view bytes);

/// The place in a property list that is a dictionary with `lat` and `lon`.
[[nodiscard]] std::optional<Location> plist_location(std::string_view bytes);

}  // namespace icloudphotos::cloud
