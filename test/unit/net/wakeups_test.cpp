// SPDX-License-Identifier: MIT
#include "icloudphotos/net/wakeups.h"

#include <gtest/gtest.h>

#include "wake_decision.h"

namespace icloudphotos::net {
namespace {

using namespace std::chrono_literals;

const WaysOut kLoopback{"lo as 127.0.0.1"};
const WaysOut kHome{"lo as 127.0.0.1", "wlan0 as 192.168.1.7", "wlan0 by 0101A8C0"};
constexpr Monotonic kStart{1'000'000s};

/// A machine at home that was asleep for an hour before.
class WakeDecisionTest : public testing::Test {
 protected:
  /// News, and what there is when it is looked at.
  bool comes_to(const WaysOut& ways, std::chrono::nanoseconds asleep = 1h) {
    decision_.hear(now_);
    return look(ways, asleep);
  }
  bool look(const WaysOut& ways, std::chrono::nanoseconds asleep = 1h) {
    const auto due = decision_.due();
    if (!due) return false;
    now_ = std::max(now_, *due);
    return decision_.look(ways, asleep, now_);
  }

  Monotonic now_ = kStart;
  WakeDecision decision_{kHome, 1h};
};

TEST_F(WakeDecisionTest, WakesWhenTheNetworkIsBackAndNotWhenItGoes) {
  EXPECT_FALSE(comes_to(kLoopback));
  EXPECT_TRUE(comes_to(kHome));
}

TEST_F(WakeDecisionTest, LetsPeopleSleepWhenAnAddressIsOnlyProlonged) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(comes_to(kHome));
    EXPECT_EQ(decision_.due(), std::nullopt);
    now_ += 10s;
  }
}

TEST_F(WakeDecisionTest, WakesForAnotherNetwork) {
  EXPECT_TRUE(comes_to({"lo as 127.0.0.1", "wlan0 as 10.0.0.2", "wlan0 by 0100000A"}));
}

TEST_F(WakeDecisionTest, WakesAfterTheMachineSleptButNotWhenTheClockWasSet) {
  EXPECT_FALSE(comes_to(kHome, 1h));
  EXPECT_TRUE(comes_to(kHome, 9h));
  now_ += 1min;
  EXPECT_FALSE(comes_to(kHome, 9h));
}

TEST_F(WakeDecisionTest, WaitsForTheEndOfABurstButNotForEver) {
  decision_.hear(now_);
  for (int i = 0; i < 8; ++i) {
    now_ += 100ms;
    decision_.hear(now_);
    EXPECT_GT(decision_.due(), now_);
  }
  now_ += 200ms;
  decision_.hear(now_);
  EXPECT_LE(decision_.due(), now_);
}

TEST_F(WakeDecisionTest, WakesOnceInAWhileWhenTheCableHasABadContact) {
  int woken = 0;
  while (now_ < kStart + 60s) {
    woken += comes_to(kLoopback) ? 1 : 0;
    woken += comes_to(kHome) ? 1 : 0;
  }
  EXPECT_GE(woken, 10);
  EXPECT_LE(woken, 13);
}

TEST_F(WakeDecisionTest, KeepsGoodNewsThatCameWithinTheRest) {
  EXPECT_TRUE(comes_to(kHome, 9h));
  EXPECT_FALSE(comes_to(kLoopback, 9h));
  EXPECT_FALSE(comes_to(kHome, 9h));
  ASSERT_NE(decision_.due(), std::nullopt);
  EXPECT_TRUE(look(kHome, 9h));
  EXPECT_EQ(decision_.due(), std::nullopt);
}

TEST(Wakeups, EndAtOnceWhenNobodyIsToBeWoken) {
  const auto wakeups = Wakeups::start([] {});
  EXPECT_NE(wakeups, nullptr);
}

}  // namespace
}  // namespace icloudphotos::net
