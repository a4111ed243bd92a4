// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <optional>
#include <stop_token>
#include <utility>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/result.h"

namespace icloudphotos::cloud {

/// How many questions are put to iCloud at a time, whoever asks: one more for each quick answer until there was trouble,
/// then one more for each round of them; half as many when iCloud asks for patience or becomes slow. When it says for
/// how long, nobody asks meanwhile.
///
/// Threads   Any.
/// Source    protocol/photos.md 18 (429, 503 and Retry-After); the rest is TCP's congestion avoidance.
class Pace {
 public:
  static constexpr int kAtFirst = 6;
  static constexpr int kMost = 16;

  enum class Answer {
    Good,
    Refused,  ///< Too many questions.
    None,     ///< It says nothing about the pace.
  };

  /// The right to ask one question, until it goes.
  class Turn {
   public:
    Turn(Pace& pace, Monotonic began) : pace_{&pace}, began_{began} {}
    Turn(Turn&& other) noexcept : pace_{std::exchange(other.pace_, nullptr)}, began_{other.began_} {}
    Turn& operator=(Turn&&) = delete;
    ~Turn() { end(Answer::None, std::nullopt); }
    /// What came, and for how long iCloud wants to be left alone.
    void end(Answer answer, std::optional<std::chrono::seconds> rest) {
      if (auto* pace = std::exchange(pace_, nullptr)) pace->end(began_, answer, rest);
    }

   private:
    Pace* pace_;
    Monotonic began_;
  };

  explicit Pace(Clock& clock) : clock_{clock} {}

  /// Waits until one may ask. Errors: Cancelled.
  [[nodiscard]] Result<Turn> turn(std::stop_token stop);
  /// How many may be under way at a time now.
  [[nodiscard]] int at_once() const;

 private:
  void end(Monotonic began, Answer answer, std::optional<std::chrono::seconds> rest);
  void grow(Monotonic began, std::chrono::nanoseconds took) REQUIRES(mutex_);
  void halve(Monotonic began, Monotonic now) REQUIRES(mutex_);

  Clock& clock_;
  mutable Mutex mutex_;
  std::condition_variable_any free_;
  double window_ GUARDED_BY(mutex_) = kAtFirst;
  int under_way_ GUARDED_BY(mutex_) = 0;
  bool had_trouble_ GUARDED_BY(mutex_) = false;
  std::optional<std::chrono::nanoseconds> usual_ GUARDED_BY(mutex_);  ///< A moving average of how long answers take.
  Monotonic filled_ GUARDED_BY(mutex_) = Monotonic::min();            ///< When as many as may were under way.
  Monotonic halved_ GUARDED_BY(mutex_) = Monotonic::min();
  Monotonic rests_until_ GUARDED_BY(mutex_) = Monotonic::min();
};

}  // namespace icloudphotos::cloud
