// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/model/id.h"
#include "icloudphotos/ui/progress.h"

namespace icloudphotos {

/// How far the lists of a library are read, and how fast. Threads: any.
class ReadingProgress {
 public:
  explicit ReadingProgress(Clock& clock) : clock_{clock} {}

  /// What to show of it now.
  ui::ReadSoFar note(const LibraryId& library, std::int64_t known, std::optional<std::int64_t> counted);
  /// Nothing is being read any more.
  void settle();

  struct Now {
    LibraryId library;
    ui::ReadSoFar so_far;
  };
  [[nodiscard]] std::optional<Now> now() const;

 private:
  Clock& clock_;
  mutable Mutex mutex_;
  std::optional<Now> now_ GUARDED_BY(mutex_);
  std::int64_t first_known_ GUARDED_BY(mutex_) = 0;
  Monotonic since_ GUARDED_BY(mutex_){};
};

}  // namespace icloudphotos
