// SPDX-License-Identifier: MIT
#include "overflow.h"

#include <utility>

namespace icloudphotos::content {

void Overflow::put(const BlobKey& key, ChunkIndex chunk, std::shared_ptr<const Bytes> bytes) {
  const Lock lock{mutex_};
  const Place place{key, chunk};
  if (const auto older = places_.find(place); older != places_.end()) kept_.erase(older->second);
  kept_.push_front({place, std::move(bytes)});
  places_[place] = kept_.begin();
  if (kept_.size() <= kMaxChunks) return;
  places_.erase(kept_.back().place);
  kept_.pop_back();
}

std::shared_ptr<const Bytes> Overflow::get(const BlobKey& key, ChunkIndex chunk) {
  const Lock lock{mutex_};
  if (kept_.empty()) return nullptr;
  const auto found = places_.find({key, chunk});
  return found == places_.end() ? nullptr : found->second->bytes;
}

void Overflow::forget(const BlobKey& key) {
  const Lock lock{mutex_};
  for (auto place = places_.lower_bound({key, 0}); place != places_.end() && place->first.first == key;) {
    kept_.erase(place->second);
    place = places_.erase(place);
  }
}

std::size_t Overflow::size() {
  const Lock lock{mutex_};
  return kept_.size();
}

}  // namespace icloudphotos::content
