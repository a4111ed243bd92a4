// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <vector>

#include "photo.h"

namespace icloudphotos::demo {

/// What the records of a photo tell while the quirk `missing_values` is on: of 26 photos in a row, 13 lack something,
/// each something else. The master is that of `owner`, whichever sibling is asked about.
[[nodiscard]] Photo with_gaps_of_master(Photo photo, PhotoId owner);
[[nodiscard]] Photo with_gaps_of_asset(Photo photo, PhotoId id);

/// The words truth has for the gaps of a photo.
[[nodiscard]] std::vector<std::string_view> names_of(const Gaps& gaps);

}  // namespace icloudphotos::demo
