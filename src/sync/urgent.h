// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "icloudphotos/base/mutex.h"
#include "icloudphotos/model/library.h"

namespace icloudphotos::sync {

/// What somebody waits for, of libraries that are not known whole yet. Threads: any.
class Urgent {
 public:
  void want(const LibraryId& library, const std::optional<AlbumId>& album) {
    const Lock lock{mutex_};
    auto& albums = wanted_[library];
    if (album && std::find(albums.begin(), albums.end(), *album) == albums.end()) albums.push_back(*album);
  }
  [[nodiscard]] bool wants(const LibraryId& library) const {
    const Lock lock{mutex_};
    return wanted_.contains(library);
  }
  /// In the order in which somebody began to wait for them; those after the first `known`.
  [[nodiscard]] std::vector<AlbumId> albums_of(const LibraryId& library, std::size_t known) const {
    const Lock lock{mutex_};
    const auto found = wanted_.find(library);
    if (found == wanted_.end() || found->second.size() <= known) return {};
    return {found->second.begin() + static_cast<std::ptrdiff_t>(known), found->second.end()};
  }

 private:
  mutable Mutex mutex_;
  std::map<LibraryId, std::vector<AlbumId>> wanted_ GUARDED_BY(mutex_);
};

}  // namespace icloudphotos::sync
