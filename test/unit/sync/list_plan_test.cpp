// SPDX-License-Identifier: MIT
#include "list_plan.h"

#include <deque>
#include <functional>
#include <random>

#include <gtest/gtest.h>

namespace icloudphotos::sync {
namespace {

constexpr std::int64_t kStride = 66;

struct Walked {
  int windows = 0;
  bool whole = false;
};

/// Walks a list of `size` photos, answering in the order asked, or in a random one.
Walked walk(std::int64_t size, std::optional<std::int64_t> count,
            const std::function<std::int64_t(std::int64_t rank, std::int64_t length, int call)>& shorten = {},
            std::optional<unsigned> shuffle = std::nullopt) {
  ListPlan plan{kStride, {12, 1}};
  if (count) plan.expect(*count);
  std::vector<bool> seen(static_cast<std::size_t>(size));
  std::deque<std::int64_t> asked;
  std::minstd_rand random{shuffle.value_or(0)};
  Walked walked;
  while (!plan.done()) {
    for (const auto rank : plan.due()) asked.push_back(rank);
    if (asked.empty() || walked.windows > 2000) return walked;  // stuck, or endless
    const auto pick = shuffle ? random() % asked.size() : 0;
    const auto rank = asked[pick];
    asked.erase(asked.begin() + static_cast<std::ptrdiff_t>(pick));
    auto length = std::clamp<std::int64_t>(size - rank, 0, kStride);
    if (shorten) length = shorten(rank, length, walked.windows);
    for (auto i = rank; i < rank + length; ++i) seen[static_cast<std::size_t>(i)] = true;
    plan.answered(rank, length);
    ++walked.windows;
  }
  walked.whole = std::find(seen.begin(), seen.end(), false) == seen.end();
  return walked;
}

TEST(ListPlan, ReadsListsOfEverySizeWhateverTheCountSays) {
  for (const std::int64_t size : {0, 1, 65, 66, 67, 131, 132, 133, 200, 201, 660, 1000}) {
    EXPECT_TRUE(walk(size, std::nullopt).whole) << size;
    for (const std::int64_t error : {-1000, -67, -66, -1, 0, 1, 66, 67, 1000, 1'000'000'000}) {
      const auto walked = walk(size, size + error);
      EXPECT_TRUE(walked.whole) << size << " counted as " << size + error;
      EXPECT_LE(walked.windows, size / kStride + 30) << size << " counted as " << size + error;
    }
  }
}

TEST(ListPlan, AsksForAnEmptyWindowOnlyAfterAFullOneWhenTheCountIsRight) {
  EXPECT_EQ(walk(0, 0).windows, 1);
  EXPECT_EQ(walk(1, 1).windows, 1);
  EXPECT_EQ(walk(66, 66).windows, 2);
  EXPECT_EQ(walk(67, 67).windows, 2);
  EXPECT_EQ(walk(660, 660).windows, 11);
}

TEST(ListPlan, ProbesFiveTimesWhenTheCountPromisesMore) {
  EXPECT_EQ(walk(10, 12).windows, 1 + 5);
  EXPECT_EQ(walk(10, std::nullopt).windows, 1 + 3);
}

TEST(ListPlan, AsksForAllTheWindowsOfACountAtOnce) {
  ListPlan plan{kStride, {12, 1}};
  plan.expect(200);
  EXPECT_EQ(plan.due(), (std::vector<std::int64_t>{0, 66, 132, 198}));
  EXPECT_TRUE(plan.due().empty());
  EXPECT_FALSE(plan.done());
  ListPlan full{kStride, {12, 1}};
  full.expect(132);
  EXPECT_EQ(full.due(), (std::vector<std::int64_t>{0, 66, 132}));
}

TEST(ListPlan, AShortWindowIsGoneOnWithWhereItEnded) {
  for (int nth = 1; nth < 8; ++nth) {
    const auto shorten = [nth](std::int64_t, std::int64_t length, int call) {
      return call % nth == 0 ? (length + 2) / 3 : length;
    };
    EXPECT_TRUE(walk(660, 660, shorten).whole) << nth;
    EXPECT_TRUE(walk(660, 500, shorten).whole) << nth;
    EXPECT_TRUE(walk(660, std::nullopt, shorten).whole) << nth;
  }
}

TEST(ListPlan, AnEmptyWindowInTheMiddleIsAskedForAgain) {
  for (const std::int64_t rank : {0, 66, 594}) {
    bool once = false;
    const auto shorten = [&](std::int64_t asked, std::int64_t length, int) {
      return asked == rank && !std::exchange(once, true) ? 0 : length;
    };
    EXPECT_TRUE(walk(660, 660, shorten).whole) << rank;
    once = false;
    EXPECT_TRUE(walk(660, std::nullopt, shorten).whole) << rank;
  }
}

TEST(ListPlan, AHoleThatStaysEmptyDoesNotKeepItFromTheRest) {
  const auto walked =
      walk(660, 660, [](std::int64_t rank, std::int64_t length, int) { return rank == 66 ? 0 : length; });
  EXPECT_FALSE(walked.whole);
  EXPECT_LE(walked.windows, 16);
}

TEST(ListPlan, ComesToAnEndWithEveryPhotoInWhateverOrderAnswersArrive) {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    std::minstd_rand random{seed};
    const auto size = static_cast<std::int64_t>(random() % 900);
    const auto count = size + static_cast<std::int64_t>(random() % 300) - 150;
    const auto shorten = [&](std::int64_t, std::int64_t length, int) {
      return random() % 4 == 0 ? (length + 1) / 2 : length;
    };
    EXPECT_TRUE(walk(size, count, shorten, seed).whole) << seed;
    EXPECT_TRUE(walk(size, std::nullopt, shorten, seed).whole) << seed;
  }
}

TEST(ListPlan, AnAbandonedListIsDone) {
  ListPlan plan{kStride, {12, 1}};
  EXPECT_FALSE(plan.due().empty());
  plan.abandon();
  EXPECT_TRUE(plan.done());
  EXPECT_TRUE(plan.due().empty());
}

}  // namespace
}  // namespace icloudphotos::sync
