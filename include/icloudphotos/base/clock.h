// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <stop_token>

namespace icloudphotos {

using TimePoint = std::chrono::sys_time<std::chrono::milliseconds>;  ///< Wall clock, milliseconds since 1970 UTC.
using Monotonic = std::chrono::steady_clock::time_point;

/// The time, and waiting for it. Tests put `FakeClock` here.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual TimePoint now() const = 0;
  [[nodiscard]] virtual Monotonic monotonic() const = 0;
  /// Waits; false when asked to stop before the time was over.
  virtual bool sleep_for(std::chrono::milliseconds duration, std::stop_token stop) = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override;
  [[nodiscard]] Monotonic monotonic() const override;
  bool sleep_for(std::chrono::milliseconds duration, std::stop_token stop) override;
};

}  // namespace icloudphotos
