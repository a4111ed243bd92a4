// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <functional>
#include <optional>

#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/result.h"

namespace icloudphotos {

/// Takes what a callback brings, perhaps from another thread, and waits for it.
template <class T>
class Awaited {
 public:
  [[nodiscard]] std::function<void(Result<T>)> done() {
    return [this](Result<T> result) {
      const Lock lock{mutex_};  // over the notice as well: whoever waits may destroy us then
      ++times_;
      if (!result_) result_.emplace(std::move(result));
      arrived_.notify_all();
    };
  }
  [[nodiscard]] Result<T> get() {
    Lock lock{mutex_};
    arrived_.wait(lock, [this]() REQUIRES(mutex_) { return result_.has_value(); });
    return *result_;
  }
  [[nodiscard]] int times() {
    const Lock lock{mutex_};
    return times_;
  }

 private:
  Mutex mutex_;
  std::condition_variable_any arrived_;
  std::optional<Result<T>> result_ GUARDED_BY(mutex_);
  int times_ GUARDED_BY(mutex_) = 0;
};

}  // namespace icloudphotos
