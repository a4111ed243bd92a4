// SPDX-License-Identifier: MIT
#include "allowance.h"

#include <gtest/gtest.h>

namespace icloudphotos::net {
namespace {

using std::chrono::seconds;

constexpr Monotonic kStart{};

TEST(Allowance, IsAllOfItWhileNothingGoesWrong) {
  Allowance allowance{16};
  for (int i = 0; i < 100; ++i) allowance.good();
  EXPECT_EQ(allowance.now(), 16U);
}

TEST(Allowance, IsHalfOfWhatWasUnderWayAfterASignOfTrouble) {
  Allowance allowance{16};
  allowance.bad(16, kStart, kStart + seconds{1});
  EXPECT_EQ(allowance.now(), 8U);
  allowance.bad(5, kStart + seconds{2}, kStart + seconds{3});
  EXPECT_EQ(allowance.now(), 2U);
}

TEST(Allowance, IsNeverNothing) {
  Allowance allowance{4};
  for (int i = 1; i < 10; ++i) allowance.bad(1, kStart + seconds{2 * i}, kStart + seconds{2 * i + 1});
  EXPECT_EQ(allowance.now(), 1U);
}

TEST(Allowance, IsHalvedOnceForTroubleThatManySaw) {
  Allowance allowance{16};
  for (int i = 0; i < 16; ++i) allowance.bad(16, kStart, kStart + seconds{1});
  EXPECT_EQ(allowance.now(), 8U);
}

TEST(Allowance, GrowsAgainWhileAnswersAreGood) {
  Allowance allowance{16};
  allowance.bad(16, kStart, kStart + seconds{1});
  for (int i = 0; i < 4; ++i) allowance.good();
  EXPECT_EQ(allowance.now(), 9U);
  for (int i = 0; i < 200; ++i) allowance.good();
  EXPECT_EQ(allowance.now(), 16U);
}

}  // namespace
}  // namespace icloudphotos::net
