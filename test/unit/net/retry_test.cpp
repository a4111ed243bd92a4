// SPDX-License-Identifier: MIT
#include "icloudphotos/net/retry.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

using icloudphotos::net::Backoff;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {
milliseconds longest_of_try(int number) {
  milliseconds longest{0};
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Backoff backoff{1s, 60s, seed * 7919};
    for (int i = 1; i < number; ++i) (void)backoff.next();
    longest = std::max(longest, backoff.next());
  }
  return longest;
}
}  // namespace

TEST(Backoff, DoublesItsCeilingWithEachTry) {
  EXPECT_LE(longest_of_try(1), 1s);
  EXPECT_GT(longest_of_try(1), 900ms);
  EXPECT_LE(longest_of_try(2), 2s);
  EXPECT_GT(longest_of_try(2), 1s);
  EXPECT_LE(longest_of_try(4), 8s);
  EXPECT_GT(longest_of_try(4), 4s);
}

TEST(Backoff, NeverWaitsLongerThanItsCapHoweverManyTries) {
  EXPECT_LE(longest_of_try(200), 60s);
  EXPECT_GT(longest_of_try(200), 30s);
}

TEST(Backoff, SpreadsThoseWhoFailedTogether) {
  std::set<milliseconds> waits;
  for (std::uint64_t seed = 0; seed < 50; ++seed) waits.insert(Backoff{10s, 60s, seed}.next());
  EXPECT_GT(waits.size(), 40U);
}

TEST(Backoff, WaitsAsLongAsTheServerAskedAndAtMostATenthMore) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Backoff backoff{1s, 60s, seed};
    const auto wait = backoff.next(600s);
    EXPECT_GE(wait, 600s);
    EXPECT_LE(wait, 660s);
  }
}

TEST(Backoff, IgnoresARequestToWaitNoTimeAtAll) {
  Backoff backoff{1s, 60s, 3};
  EXPECT_LE(backoff.next(0s), 1s);
  EXPECT_LE(backoff.next(std::chrono::seconds{-5}), 2s);
}

TEST(Backoff, StartsOverAfterASuccess) {
  Backoff backoff{1s, 60s, 3};
  for (int i = 0; i < 10; ++i) (void)backoff.next();
  EXPECT_EQ(backoff.tries(), 10);
  backoff.start_over();
  EXPECT_LE(backoff.next(), 1s);
  EXPECT_EQ(backoff.tries(), 1);
}
