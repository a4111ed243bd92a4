// SPDX-License-Identifier: MIT
#include "wake_decision.h"

#include <algorithm>
#include <utility>

namespace icloudphotos::net {
namespace {

using namespace std::chrono_literals;

/// A network that comes up says so in a dozen messages.
constexpr auto kQuiet = 200ms;
constexpr auto kLongestBurst = 1s;
/// Whoever is woken asks the cloud; a cable with a bad contact must not make that a stream of requests.
constexpr auto kRest = 5s;
/// Shorter ones break no connection.
constexpr auto kShortestSleep = 2s;

}  // namespace

void WakeDecision::hear(Monotonic now) {
  if (!burst_) burst_ = Burst{now, now};
  burst_->latest = now;
}

std::optional<Monotonic> WakeDecision::due() const {
  if (burst_) return std::min(burst_->latest + kQuiet, burst_->began + kLongestBurst);
  if (owed_) return rest_until_;
  return std::nullopt;
}

bool WakeDecision::look(WaysOut ways, std::chrono::nanoseconds asleep, Monotonic now) {
  burst_.reset();
  const bool gained = !std::includes(ways_.begin(), ways_.end(), ways.begin(), ways.end());
  ways_ = std::move(ways);
  const bool slept = asleep - asleep_ >= kShortestSleep;
  if (slept) asleep_ = asleep;
  owed_ = owed_ || gained || slept;
  if (!owed_ || (rest_until_ && now < *rest_until_)) return false;
  owed_ = false;
  rest_until_ = now + kRest;
  return true;
}

}  // namespace icloudphotos::net
