// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "icloudphotos/model/photo.h"

namespace icloudphotos::tree {

/// The location without what cannot be on Earth: nothing when latitude or longitude cannot (Apple's "no place" is
/// -180, -180), no altitude when that cannot.
[[nodiscard]] std::optional<Location> believable(const std::optional<Location>& location);

/// The three functions below take what `believable` let pass.

/// "60.391300,5.322100", with the altitude in metres where it is known: "60.391300,5.322100,12.00". The order of RFC 5870.
[[nodiscard]] std::string decimal_degrees(const Location& place);

/// XMP's form, degrees and minutes: "60,23.478000N". `north_or_east` and `south_or_west` are the letters at its end.
[[nodiscard]] std::string xmp_degrees(double degrees, char north_or_east, char south_or_west);

/// XMP's form of a height: millimetres as a rational, without its sign: "12000/1000".
[[nodiscard]] std::string xmp_metres(double metres);

}  // namespace icloudphotos::tree
