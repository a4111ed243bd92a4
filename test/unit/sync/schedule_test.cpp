// SPDX-License-Identifier: MIT
#include "schedule.h"

#include <gtest/gtest.h>

namespace icloudphotos::sync {
namespace {

using namespace std::chrono_literals;

const Result<void> kWell;
Result<void> failed(ErrorKind kind) { return Error{kind, "no"}; }

TEST(Schedule, PollsWithATenthMoreOrLessButNotMoreOftenThanOnceAMinute) {
  Schedule schedule{300s};
  EXPECT_EQ(schedule.after(kWell, 0.0), 270s);
  EXPECT_EQ(schedule.after(kWell, 0.5), 300s);
  EXPECT_LT(schedule.after(kWell, 0.999), 330s);
  EXPECT_EQ(Schedule{60s}.after(kWell, 0.0), 60s);
  EXPECT_EQ(Schedule{2s}.after(kWell, 0.0), 2s);
}

TEST(Schedule, AFailureIsTriedAgainSoonThenLessAndLessOften) {
  Schedule schedule{300s};
  for (const auto expected : {5s, 10s, 20s, 40s, 80s, 160s, 300s, 300s}) {
    EXPECT_EQ(schedule.after(failed(ErrorKind::Offline), 0.5), expected);
  }
  for (int i = 0; i < 100; ++i) EXPECT_EQ(schedule.after(failed(ErrorKind::Offline), 0.5), 300s);
  EXPECT_EQ(schedule.after(kWell, 0.5), 300s);
  EXPECT_EQ(schedule.after(failed(ErrorKind::Offline), 0.5), 5s);
}

TEST(Schedule, AThrottledRoundIsFollowedByHalfAMinuteAtLeast) {
  Schedule schedule{300s};
  EXPECT_EQ(schedule.after(failed(ErrorKind::Throttled), 0.5), 30s);
}

TEST(Schedule, WhoeverHasToSignInIsNotAskedEveryFewSeconds) {
  Schedule schedule{300s};
  EXPECT_EQ(schedule.after(failed(ErrorKind::NeedsSignIn), 0.5), 300s);
}

}  // namespace
}  // namespace icloudphotos::sync
