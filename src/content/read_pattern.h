// SPDX-License-Identifier: MIT
#pragma once

#include <array>

#include "icloudphotos/base/mutex.h"

#include "chunk.h"

namespace icloudphotos::content {

/// How a resource is being read, and so what will be asked for next. Whoever reads on where he stopped is walking, and
/// the window ahead of him grows with the way he has come; a jump closes it. Several may walk at once. Threads: any.
class ReadPattern {
 public:
  struct Next {
    ChunkSpan ahead;      ///< Worth fetching now.
    ChunkIndex run = 0;   ///< As many chunks of it at a time, so that several connections share them.
    bool jumped = false;  ///< What was worth fetching before is not any more.
  };
  /// Notes a read of these chunks of `count`.
  [[nodiscard]] Next note(ChunkSpan asked, ChunkIndex count);

 private:
  struct Walk {
    ChunkIndex position = 0;  ///< Where it goes on.
    ChunkIndex way = 0;       ///< Chunks read in order; 0: nobody walks here.
    ChunkIndex fetched = 0;   ///< What is ahead was asked for up to here.
    std::uint64_t noted = 0;
  };
  [[nodiscard]] Walk* walk_of(ChunkSpan asked) REQUIRES(mutex_);
  [[nodiscard]] Next begin(ChunkSpan asked) REQUIRES(mutex_);

  Mutex mutex_;
  std::array<Walk, 4> walks_ GUARDED_BY(mutex_);
  std::uint64_t notes_ GUARDED_BY(mutex_) = 0;
};

}  // namespace icloudphotos::content
