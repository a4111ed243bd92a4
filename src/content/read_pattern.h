// SPDX-License-Identifier: MIT
#pragma once

#include "icloudphotos/base/mutex.h"

#include "chunk.h"

namespace icloudphotos::content {

/// How a resource is being read, and so what will be asked for next. Two chunks in order are the start of a walk, and
/// the window ahead of it doubles with every step; a jump closes it. Threads: any.
class ReadPattern {
 public:
  struct Next {
    ChunkSpan ahead;      ///< Worth fetching now.
    bool jumped = false;  ///< What was worth fetching before is not any more.
  };
  /// Notes a read of these chunks of `count`.
  [[nodiscard]] Next note(ChunkSpan asked, ChunkIndex count);

 private:
  Mutex mutex_;
  bool started_ GUARDED_BY(mutex_) = false;
  ChunkIndex last_ GUARDED_BY(mutex_) = 0;
  ChunkIndex window_ GUARDED_BY(mutex_) = 0;
};

}  // namespace icloudphotos::content
