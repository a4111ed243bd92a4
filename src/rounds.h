// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstdint>
#include <optional>
#include <stop_token>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/json.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/result.h"

namespace icloudphotos {

/// How the rounds of reading the libraries went, for the status and for whoever waits for one. Threads: any.
class Rounds {
 public:
  explicit Rounds(Clock& clock) : clock_{clock} {}

  /// What the present round came to. Whether that is news: trouble where there was none, other trouble, or none any
  /// more.
  bool came_to(const Result<void>& round);
  /// All that the round of this number found is shown, also where the kernel remembered otherwise.
  void ended(std::uint64_t number);
  /// Waits for a round to end; what it came to, or a later one. Errors: that of the round; Cancelled.
  [[nodiscard]] Result<void> wait_for(std::uint64_t number, std::stop_token stop);

  [[nodiscard]] std::optional<Error> trouble() const;
  /// Members "ended" and "succeeded" (seconds since 1970) and "problem", as far as there are any.
  void write(JsonWriter& out) const;

 private:
  Clock& clock_;
  mutable Mutex mutex_;
  std::condition_variable_any ended_;
  std::uint64_t last_ GUARDED_BY(mutex_) = 0;
  std::optional<Error> trouble_ GUARDED_BY(mutex_);
  std::optional<TimePoint> ended_at_ GUARDED_BY(mutex_);
  std::optional<TimePoint> succeeded_at_ GUARDED_BY(mutex_);
};

}  // namespace icloudphotos
