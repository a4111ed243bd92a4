// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/mutex.h"

namespace icloudphotos::demo {

/// Whether clients leave the identity and setup services alone for as long as they were asked to by a 429 or 503.
///
/// Threads   Any.
class PauseWatch {
 public:
  void ask_for_pause(TimePoint until) {
    const Lock lock{mutex_};
    ends_ = until;
  }
  void note(const std::string& operation, TimePoint now) {
    const Lock lock{mutex_};
    if (now < ends_ && early_.size() < kKept) early_.push_back(operation);
  }
  /// What was asked although the pause was not over.
  [[nodiscard]] std::vector<std::string> early() const {
    const Lock lock{mutex_};
    return early_;
  }
  void clear() {
    const Lock lock{mutex_};
    early_.clear();
  }

 private:
  static constexpr std::size_t kKept = 10'000;
  mutable Mutex mutex_;
  TimePoint ends_ GUARDED_BY(mutex_);
  std::vector<std::string> early_ GUARDED_BY(mutex_);
};

}  // namespace icloudphotos::demo
