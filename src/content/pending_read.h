// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <set>
#include <utility>

#include "icloudphotos/base/mutex.h"
#include "icloudphotos/content/store.h"

#include "chunk.h"
#include "verification.h"

namespace icloudphotos::content {

/// A read whose bytes come together chunk by chunk. It is answered once, by whoever brings the last chunk or the
/// failure, on their thread and under no lock. Threads: any.
class PendingRead {
 public:
  PendingRead(ResourceRef resource, Range range, Monotonic deadline, ReadDone done);

  [[nodiscard]] const ResourceRef& resource() const { return resource_; }
  [[nodiscard]] Monotonic deadline() const { return deadline_; }
  [[nodiscard]] bool answered() const;

  /// Takes a chunk's bytes, unless they are older than the last `start_over`. `verification` hears of it before the
  /// read is answered.
  void fill(ChunkIndex chunk, std::span<const std::byte> bytes, unsigned generation, Verification& verification);
  /// Forgets what was filled in; all of it must come again, of this generation of the blob or a later one.
  void start_over(unsigned generation);
  [[nodiscard]] ChunkSpan chunks() const { return chunks_of(range_); }
  /// False when it was answered before.
  bool fail(const Error& error);

 private:
  const ResourceRef resource_;
  const Range range_;
  const Monotonic deadline_;

  mutable Mutex mutex_;  ///< Before that of a verification.
  std::set<ChunkIndex> lacking_ GUARDED_BY(mutex_);
  unsigned generation_ GUARDED_BY(mutex_) = 0;
  Bytes bytes_ GUARDED_BY(mutex_);
  ReadDone done_ GUARDED_BY(mutex_);
};

using Reads = std::vector<std::shared_ptr<PendingRead>>;

}  // namespace icloudphotos::content
