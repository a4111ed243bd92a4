// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "icloudphotos/base/json.h"

#include "quirks.h"
#include "zone.h"

namespace icloudphotos::demo {

/// Whether the truth has a sha256 of all bytes, which all have to be computed for it.
enum class Digests : std::uint8_t { All, None };

/// What a client that does everything right has in the end: photos `from` to `from + count` of a zone with the digests
/// of their bytes, and (with the first) its albums. JSON; the fields are in README.md.
[[nodiscard]] std::string truth_of(const Zone& zone, PhotoId from, PhotoId count, const Quirks& quirks,
                                   Digests digests);

/// One photo of it, as a JSON object.
void write_true_photo(JsonWriter& out, const Zone& zone, PhotoId id, const Quirks& quirks, Digests digests);

}  // namespace icloudphotos::demo
