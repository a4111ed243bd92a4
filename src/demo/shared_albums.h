// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "library.h"
#include "truth.h"

namespace icloudphotos::demo {

/// The shared albums of the demo account, of both kinds: classic ones, and zones whose contents only the change feed
/// tells (photos.md 17). Their first one shows pictures of `personal`, smaller.
[[nodiscard]] std::vector<ZoneEntry> make_shared_albums(const Seed& personal);

/// All of them with their photos, as a test wants to know it. JSON; the fields are in README.md.
[[nodiscard]] std::string truth_of_shared_albums(const Library& library, const Quirks& quirks, Digests digests);

/// The album of that `albumguid` or zone name; none: there is none.
[[nodiscard]] std::shared_ptr<const Zone> shared_album(const Library& library, std::string_view id);

}  // namespace icloudphotos::demo
