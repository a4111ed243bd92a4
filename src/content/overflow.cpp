// SPDX-License-Identifier: MIT
#include "overflow.h"

#include <algorithm>

namespace icloudphotos::content {

void Overflow::put(const BlobKey& key, ChunkIndex chunk, std::shared_ptr<const Bytes> bytes) {
  const Lock lock{mutex_};
  kept_.remove_if([&](const Kept& kept) { return kept.chunk == chunk && kept.key == key; });
  kept_.push_front({key, chunk, std::move(bytes)});
  if (kept_.size() > kMaxChunks) kept_.pop_back();
}

std::shared_ptr<const Bytes> Overflow::get(const BlobKey& key, ChunkIndex chunk) {
  const Lock lock{mutex_};
  const auto found = std::find_if(kept_.begin(), kept_.end(),
                                  [&](const Kept& kept) { return kept.chunk == chunk && kept.key == key; });
  return found == kept_.end() ? nullptr : found->bytes;
}

void Overflow::forget(const BlobKey& key) {
  const Lock lock{mutex_};
  kept_.remove_if([&](const Kept& kept) { return kept.key == key; });
}

}  // namespace icloudphotos::content
