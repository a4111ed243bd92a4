// SPDX-License-Identifier: MIT
#pragma once

#include <list>
#include <map>
#include <memory>
#include <utility>

#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/text.h"

#include "blob_key.h"
#include "chunk.h"

namespace icloudphotos::content {

/// Chunks the disk had no room for, the latest few: what was read ahead must still be there when it is read. Threads:
/// any.
class Overflow {
 public:
  static constexpr std::size_t kMaxChunks = chunks_in(48 << 20);

  void put(const BlobKey& key, ChunkIndex chunk, std::shared_ptr<const Bytes> bytes);
  [[nodiscard]] std::shared_ptr<const Bytes> get(const BlobKey& key, ChunkIndex chunk);
  void forget(const BlobKey& key);
  [[nodiscard]] std::size_t size();

 private:
  using Place = std::pair<BlobKey, ChunkIndex>;
  struct Kept {
    Place place;
    std::shared_ptr<const Bytes> bytes;
  };
  Mutex mutex_;
  std::list<Kept> kept_ GUARDED_BY(mutex_);  ///< Newest first.
  std::map<Place, std::list<Kept>::iterator> places_ GUARDED_BY(mutex_);
};

}  // namespace icloudphotos::content
