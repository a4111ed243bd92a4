// SPDX-License-Identifier: MIT
#pragma once

#include <set>
#include <string>

#include "icloudphotos/base/mutex.h"

namespace icloudphotos::demo {

/// Makes answers differ when the same is asked again.
///
/// Threads   Any.
class AskedBefore {
 public:
  /// Whether nobody asked that until now.
  bool is_first(const std::string& what) {
    const Lock lock{mutex_};
    return asked_.insert(what).second;
  }
  /// How often this was called before.
  std::uint64_t turn() {
    const Lock lock{mutex_};
    return turn_++;
  }

 private:
  Mutex mutex_;
  std::set<std::string> asked_ GUARDED_BY(mutex_);
  std::uint64_t turn_ GUARDED_BY(mutex_) = 0;
};

}  // namespace icloudphotos::demo
