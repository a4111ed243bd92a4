// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <vector>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/mutex.h"

namespace icloudphotos::demo {

/// What was asked, in order, so that a test can say "exactly one complete was sent".
class Journal {
 public:
  struct Entry {
    std::string operation;
    TimePoint at;
  };
  void note(const std::string& operation, TimePoint now) {
    const Lock lock{mutex_};
    ++counts_[operation];
    if (order_.size() < kKept) order_.push_back({operation, now});
  }
  [[nodiscard]] std::map<std::string, std::uint64_t> counts() const {
    const Lock lock{mutex_};
    return counts_;
  }
  [[nodiscard]] std::vector<Entry> order() const {
    const Lock lock{mutex_};
    return order_;
  }
  void clear() {
    const Lock lock{mutex_};
    counts_.clear();
    order_.clear();
  }

 private:
  static constexpr std::size_t kKept = 100'000;
  mutable Mutex mutex_;
  std::map<std::string, std::uint64_t> counts_ GUARDED_BY(mutex_);
  std::vector<Entry> order_ GUARDED_BY(mutex_);
};

}  // namespace icloudphotos::demo
