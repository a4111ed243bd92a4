// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/result.h"

namespace icloudphotos::auth {

/// What may be under way with Apple, one of them at a time.
enum class Flight {
  Renewal,  ///< A silent one, which requests wait for.
  Keys,     ///< For protected data, which requests wait for as well.
  Trust,    ///< Trust is renewed; whether or not it works, the session stays good.
  Person,   ///< A sign-in that may be waiting for a person. Requests do not wait for it.
  Leaving,
};

/// One re-login at a time, however many requests fail, and all of them go on with its result.
///
/// Threads   Any.
class Flights {
 public:
  /// `patience`: how long one waits for what another has begun, unless it is for a person.
  Flights(Clock& clock, std::chrono::milliseconds patience) : clock_{clock}, patience_{patience} {}

  using Way = std::function<Result<void>(std::stop_token)>;
  /// Goes that way when nobody is on any, else waits; the result of the same kind of flight is everybody's. Nothing is
  /// done when the session was made good since `seen`, nor when the same kind has failed a short while ago, unless a
  /// person asks. Errors: those of the way. NeedsSignIn: a person is being asked. Throttled: it takes too long.
  [[nodiscard]] Result<void> run(Flight kind, std::uint64_t seen, std::stop_token stop, const Way& way);
  /// Tells the one under way to stop.
  void interrupt();

  /// How often the session was found or made good. 0: not yet in this process.
  [[nodiscard]] std::uint64_t epoch() const;
  [[nodiscard]] bool asks_a_person() const;

 private:
  struct Failure {
    Error error;
    Monotonic believed_until;
  };
  /// Nothing: it is this one's turn.
  [[nodiscard]] std::optional<Result<void>> wait(Flight kind, std::uint64_t seen, std::stop_token stop, Lock& lock)
      REQUIRES(mutex_);
  void land(Flight kind, const Result<void>& result);

  Clock& clock_;
  const std::chrono::milliseconds patience_;
  mutable Mutex mutex_;  ///< who is under way; never held meanwhile
  std::condition_variable_any landed_;
  std::optional<Flight> flight_ GUARDED_BY(mutex_);
  std::stop_source stop_ GUARDED_BY(mutex_);
  std::uint64_t number_ GUARDED_BY(mutex_) = 0;
  std::uint64_t epoch_ GUARDED_BY(mutex_) = 0;
  std::map<Flight, Failure> failures_ GUARDED_BY(mutex_);  ///< How the last of each kind ended, if not well.
};

}  // namespace icloudphotos::auth
