// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <condition_variable>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/mutex.h"

namespace icloudphotos {

/// A clock that stands still until it is told; sleeping moves it at once.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(TimePoint now = TimePoint{std::chrono::milliseconds{1'790'000'000'000}})
      : now_ms_{now.time_since_epoch().count()} {}

  [[nodiscard]] TimePoint now() const override { return TimePoint{std::chrono::milliseconds{now_ms_.load()}}; }
  [[nodiscard]] Monotonic monotonic() const override { return Monotonic{std::chrono::milliseconds{now_ms_.load()}}; }
  bool sleep_for(std::chrono::milliseconds duration, std::stop_token stop) override {
    if (stop.stop_requested()) return false;
    advance(duration);
    return true;
  }
  void advance(std::chrono::milliseconds duration) { now_ms_ += duration.count(); }

 private:
  std::atomic<std::int64_t> now_ms_;
};

}  // namespace icloudphotos
