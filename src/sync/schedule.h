// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>

#include "icloudphotos/base/result.h"

namespace icloudphotos::sync {

/// How long to wait after a round.
class Schedule {
 public:
  explicit Schedule(std::chrono::milliseconds poll) : poll_{poll} {}

  /// `chance` in [0, 1) spreads polls over ±10 %, so that the mounts of many do not ask at the same moment.
  std::chrono::milliseconds after(const Result<void>& round, double chance) {
    using namespace std::chrono_literals;
    if (round) {
      failures_ = 0;
      const auto spread = std::chrono::milliseconds{
          static_cast<std::chrono::milliseconds::rep>(static_cast<double>(poll_.count()) * (0.9 + (0.2 * chance)))};
      return std::max(spread, std::min<std::chrono::milliseconds>(poll_, 60s));
    }
    // Only a person can help; whoever signs in pokes.
    if (round.error().kind() == ErrorKind::NeedsSignIn || round.error().kind() == ErrorKind::Refused) return poll_;
    const std::chrono::milliseconds backoff = 5s * (1LL << std::min(failures_++, 10));
    const std::chrono::milliseconds least = round.error().kind() == ErrorKind::Throttled ? 30s : 0s;
    return std::max(std::min(backoff, poll_), least);
  }

 private:
  std::chrono::milliseconds poll_;
  int failures_ = 0;
};

}  // namespace icloudphotos::sync
