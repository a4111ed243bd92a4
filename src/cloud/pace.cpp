// SPDX-License-Identifier: MIT
#include "cloud/pace.h"

#include <algorithm>

#include "icloudphotos/base/log.h"

namespace icloudphotos::cloud {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr Log kLog{"cloud"};

/// An answer is quick if it took no more than that, or twice the usual.
constexpr milliseconds kQuick{100};
/// And slow if it took that and four times the usual.
constexpr seconds kSlow{2};
/// Who is told to wait longer fails instead, and decides when to come back.
constexpr seconds kLongestRest{10};

}  // namespace

Result<Pace::Turn> Pace::turn(std::stop_token stop) {
  for (;;) {
    milliseconds rest{0};
    {
      Lock lock{mutex_};
      free_.wait(lock, stop, [this]() REQUIRES(mutex_) { return under_way_ < static_cast<int>(window_); });
      if (stop.stop_requested()) break;
      const auto now = clock_.monotonic();
      if (now >= rests_until_) {
        if (++under_way_ >= static_cast<int>(window_)) filled_ = now;
        return Turn{*this, now};
      }
      rest = std::chrono::ceil<milliseconds>(rests_until_ - now);
    }
    if (!clock_.sleep_for(rest, stop)) break;
  }
  return Error{ErrorKind::Cancelled, "asked to stop"};
}

int Pace::at_once() const {
  const Lock lock{mutex_};
  return static_cast<int>(window_);
}

void Pace::end(Monotonic began, Answer answer, std::optional<seconds> rest) {
  {
    const Lock lock{mutex_};
    const auto now = clock_.monotonic();
    const nanoseconds took = now - began;
    if (answer == Answer::Refused) {
      halve(began, now);
      if (rest && *rest <= kLongestRest) rests_until_ = std::max(rests_until_, now + *rest);
    } else if (answer == Answer::Good) {
      if (usual_ && took >= kSlow && took > 4 * *usual_) {
        halve(began, now);
      } else {
        grow(began, took);
      }
      usual_ = usual_ ? *usual_ + (took - *usual_) / 8 : took;
    }
    --under_way_;
  }
  free_.notify_all();
}

/// Only where there was demand for all of it: else nothing is known about a larger one.
void Pace::grow(Monotonic began, nanoseconds took) {
  const bool quick = !usual_ || took <= std::max<nanoseconds>(kQuick, 2 * *usual_);
  if (!quick || filled_ < began || began < halved_) return;
  window_ = std::min<double>(window_ + (had_trouble_ ? 1 / window_ : 1), kMost);
}

/// Once for all that were under way together.
void Pace::halve(Monotonic began, Monotonic now) {
  if (began < halved_) return;
  halved_ = now;
  had_trouble_ = true;
  window_ = std::max(window_ / 2, 1.0);
  kLog.debug("iCloud is asked less at a time at_once={}", static_cast<int>(window_));
}

}  // namespace icloudphotos::cloud
