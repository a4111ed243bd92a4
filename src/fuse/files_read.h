// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>

#include "icloudphotos/base/mutex.h"
#include "icloudphotos/model/inode.h"
#include "icloudphotos/model/range.h"

namespace icloudphotos::fuse {

/// How far the files were read that were read last. Nobody tells us of opening or closing one, so its first request is
/// its beginning. Threads: any.
class FilesRead {
 public:
  struct Reach {
    std::uint64_t bytes = 0;  ///< The end of the furthest request.
    std::uint64_t size = 0;
    [[nodiscard]] bool whole() const { return bytes >= size; }
  };
  /// Notes a request; whether a reading of the file begins with it.
  [[nodiscard]] bool note(Inode file, std::uint64_t size, Range range);
  /// Nothing: it was not read lately.
  [[nodiscard]] std::optional<Reach> reach_of(Inode file) const;

 private:
  mutable Mutex mutex_;
  std::unordered_map<Inode, Reach> files_ GUARDED_BY(mutex_);
  std::deque<Inode> order_ GUARDED_BY(mutex_);  ///< The oldest first.
};

}  // namespace icloudphotos::fuse
