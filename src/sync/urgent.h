// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <set>

#include "icloudphotos/base/mutex.h"
#include "icloudphotos/model/library.h"

namespace icloudphotos::sync {

/// What somebody waits for, of libraries that are not known whole yet. Threads: any.
class Urgent {
 public:
  void want(const LibraryId& library, const std::optional<AlbumId>& album) {
    const Lock lock{mutex_};
    auto& albums = wanted_[library];
    if (album) albums.insert(*album);
  }
  [[nodiscard]] bool wants(const LibraryId& library) const {
    const Lock lock{mutex_};
    return wanted_.contains(library);
  }
  [[nodiscard]] std::set<AlbumId> albums_of(const LibraryId& library) const {
    const Lock lock{mutex_};
    const auto found = wanted_.find(library);
    return found == wanted_.end() ? std::set<AlbumId>{} : found->second;
  }

 private:
  mutable Mutex mutex_;
  std::map<LibraryId, std::set<AlbumId>> wanted_ GUARDED_BY(mutex_);
};

}  // namespace icloudphotos::sync
