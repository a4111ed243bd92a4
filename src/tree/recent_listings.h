// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>

#include "icloudphotos/base/mutex.h"
#include "icloudphotos/tree/tree.h"

namespace icloudphotos::tree {

/// The listings asked for last, so that whoever lists a directory again does not wait for the database again.
///
/// Threads   Any.
class RecentListings {
 public:
  [[nodiscard]] std::shared_ptr<const Directory> find(Inode inode) const;
  /// Counts how often everything was forgotten.
  [[nodiscard]] std::uint64_t generation() const { return generation_.load(); }
  /// Keeps a listing, unless something was published since it was begun.
  void keep(std::shared_ptr<const Directory> listing);
  void forget();

 private:
  mutable Mutex mutex_;
  std::deque<std::shared_ptr<const Directory>> listings_ GUARDED_BY(mutex_);  ///< The newest last.
  std::size_t entries_ GUARDED_BY(mutex_) = 0;
  std::atomic<std::uint64_t> generation_ = 1;  ///< changes under the lock
};

}  // namespace icloudphotos::tree
