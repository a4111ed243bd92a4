// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>

#include "icloudphotos/base/clock.h"

#include "ways_out.h"

namespace icloudphotos::net {

/// When to wake somebody: a burst of news is over, and it was good news. Threads: one.
class WakeDecision {
 public:
  /// `asleep`: how long the machine has slept since it was started, all in all.
  WakeDecision(WaysOut ways, std::chrono::nanoseconds asleep) : ways_{std::move(ways)}, asleep_{asleep} {}

  /// Something changed.
  void hear(Monotonic now);
  /// When to look what it was.
  [[nodiscard]] std::optional<Monotonic> due() const;
  /// What there is now; whether to wake.
  [[nodiscard]] bool look(WaysOut ways, std::chrono::nanoseconds asleep, Monotonic now);

 private:
  struct Burst {
    Monotonic began, latest;
  };

  WaysOut ways_;
  std::chrono::nanoseconds asleep_;
  std::optional<Burst> burst_;
  bool owed_ = false;  ///< There was good news within the rest.
  std::optional<Monotonic> rest_until_;
};

}  // namespace icloudphotos::net
