// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
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
  /// Bytes of content that are sent; a client that leaves may not read the last of them.
  void note_content(std::uint64_t bytes) { content_bytes_ += bytes; }
  [[nodiscard]] std::uint64_t content_bytes() const { return content_bytes_; }
  void clear() {
    content_bytes_ = 0;
    const Lock lock{mutex_};
    counts_.clear();
    order_.clear();
  }

 private:
  static constexpr std::size_t kKept = 100'000;
  std::atomic<std::uint64_t> content_bytes_ = 0;
  mutable Mutex mutex_;
  std::map<std::string, std::uint64_t> counts_ GUARDED_BY(mutex_);
  std::vector<Entry> order_ GUARDED_BY(mutex_);
};

}  // namespace icloudphotos::demo
