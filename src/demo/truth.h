// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "zone.h"

namespace icloudphotos::demo {

/// What a client that does everything right has in the end: photos `from` to `from + count` of a zone with the digests
/// of their bytes, and (with the first) its albums. JSON; the fields are in README.md.
[[nodiscard]] std::string truth_of(const Zone& zone, PhotoId from, PhotoId count);

}  // namespace icloudphotos::demo
