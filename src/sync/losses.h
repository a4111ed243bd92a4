// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "icloudphotos/model/id.h"

#include "digest.h"

namespace icloudphotos::sync {

/// What a library would lose: photos that are shown or hidden, but not those in the trash. Moving a photo to the trash
/// or hiding it is a loss too: it leaves the directory people back up, whoever wanted that.
struct Losses {
  std::vector<std::uint64_t> photos;  ///< Digests: eight bytes each, for a million. Sorted, each once.
  std::int64_t albums = 0;            ///< Counted only where a whole feed says what exists.

  [[nodiscard]] std::int64_t count() const { return static_cast<std::int64_t>(photos.size()); }
  void add(const AssetId& photo) { photos.push_back(digest_of(photo)); }
  void sort() {
    std::sort(photos.begin(), photos.end());
    photos.erase(std::unique(photos.begin(), photos.end()), photos.end());
  }
  [[nodiscard]] bool has(std::uint64_t photo) const { return std::binary_search(photos.begin(), photos.end(), photo); }
};

/// More than max(100, 20 %) at once are not believed without a second source (product.md 7).
[[nodiscard]] constexpr bool too_many(std::int64_t lost, std::int64_t known) {
  return lost > std::max<std::int64_t>(100, known / 5);
}

}  // namespace icloudphotos::sync
