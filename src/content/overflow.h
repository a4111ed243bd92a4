// SPDX-License-Identifier: MIT
#pragma once

#include <list>
#include <memory>

#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/text.h"

#include "blob_key.h"
#include "chunk.h"

namespace icloudphotos::content {

/// Chunks the disk had no room for, the latest few: a reader comes back eight times for each. Threads: any.
class Overflow {
 public:
  static constexpr std::size_t kMaxChunks = 48;

  void put(const BlobKey& key, ChunkIndex chunk, std::shared_ptr<const Bytes> bytes);
  [[nodiscard]] std::shared_ptr<const Bytes> get(const BlobKey& key, ChunkIndex chunk);
  void forget(const BlobKey& key);

 private:
  struct Kept {
    BlobKey key;
    ChunkIndex chunk;
    std::shared_ptr<const Bytes> bytes;
  };
  Mutex mutex_;
  std::list<Kept> kept_ GUARDED_BY(mutex_);  ///< Newest first. So few that looking through them costs nothing.
};

}  // namespace icloudphotos::content
