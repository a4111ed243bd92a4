// SPDX-License-Identifier: MIT
#include "read_pattern.h"

#include <gtest/gtest.h>

namespace icloudphotos::content {
namespace {

constexpr ChunkIndex kMany = 100'000;

ChunkSpan one(ChunkIndex chunk) { return {chunk, chunk + 1}; }

/// Walks over `count` chunks, two at a time, and returns how far ahead was asked for beyond them.
ChunkIndex ahead_after(ReadPattern& pattern, ChunkIndex count) {
  ChunkIndex end = 0;
  for (ChunkIndex at = 0; at < count; at += 2) {
    const auto next = pattern.note({at, at + 2}, kMany);
    if (!next.ahead.empty()) end = next.ahead.end;
  }
  return end > count ? end - count : 0;
}

TEST(ReadPattern, TheFirstReadFetchesNothingAhead) {
  ReadPattern pattern;
  EXPECT_TRUE(pattern.note({0, 2}, kMany).ahead.empty());
  EXPECT_TRUE(pattern.note({0, 2}, kMany).ahead.empty());
}

TEST(ReadPattern, TheWindowGrowsWithTheWayToThirtyTwoMebibytes) {
  ReadPattern pattern;
  EXPECT_TRUE(pattern.note(one(0), kMany).ahead.empty());
  EXPECT_EQ(pattern.note(one(1), kMany).ahead, (ChunkSpan{2, 6}));
  ReadPattern head;
  EXPECT_LE(ahead_after(head, chunks_in(512 << 10)), chunks_in(1 << 20));
  ReadPattern film;
  const auto far = ahead_after(film, chunks_in(16 << 20));
  EXPECT_LE(far, chunks_in(32 << 20));
  EXPECT_GE(far, chunks_in(30 << 20));
}

TEST(ReadPattern, NothingIsAskedForAheadTwice) {
  ReadPattern pattern;
  ChunkIndex asked = 0;
  for (ChunkIndex at = 0; at < 500; ++at) {
    const auto next = pattern.note(one(at), kMany);
    if (next.ahead.empty()) continue;
    EXPECT_GE(next.ahead.first, asked);
    EXPECT_GT(next.ahead.first, at);
    asked = next.ahead.end;
  }
}

TEST(ReadPattern, ALargeWindowIsSharedByRequestsThatAreWorthTheirWay) {
  ReadPattern pattern;
  (void)pattern.note(one(0), kMany);
  const auto small = pattern.note(one(1), kMany);
  EXPECT_EQ(small.run, chunks_in(256 << 10));
  ReadPattern film;
  (void)ahead_after(film, chunks_in(16 << 20));
  ReadPattern::Next next;
  for (auto at = chunks_in(16 << 20); next.ahead.empty(); ++at) next = film.note(one(at), kMany);
  EXPECT_EQ(next.run, kMaxRun);
  EXPECT_GE(next.ahead.count(), kMaxRun);
}

TEST(ReadPattern, AJumpClosesTheWindow) {
  ReadPattern pattern;
  (void)pattern.note(one(0), kMany);
  (void)pattern.note(one(1), kMany);
  const auto next = pattern.note(one(500), kMany);
  EXPECT_TRUE(next.ahead.empty());
  EXPECT_TRUE(next.jumped);
  EXPECT_FALSE(pattern.note(one(100), kMany).jumped);
}

TEST(ReadPattern, RequestsThatOvertakeEachOtherAreNoJump) {
  ReadPattern pattern;
  (void)pattern.note({0, 2}, kMany);
  (void)pattern.note({4, 6}, kMany);
  EXPECT_TRUE(pattern.note({2, 4}, kMany).ahead.empty());
  EXPECT_FALSE(pattern.note({6, 8}, kMany).ahead.empty());
}

TEST(ReadPattern, TwoWhoReadAtTwoPlacesBothHaveTheirWindow) {
  ReadPattern pattern;
  (void)pattern.note({0, 2}, kMany);
  (void)pattern.note({5000, 5002}, kMany);
  EXPECT_FALSE(pattern.note({2, 4}, kMany).ahead.empty());
  const auto next = pattern.note({5002, 5004}, kMany);
  EXPECT_EQ(next.ahead.first, 5004U);
  EXPECT_FALSE(next.jumped);
}

TEST(ReadPattern, WhoWalksOnAfterAnothersJumpGetsHisWindowAgain) {
  ReadPattern pattern;
  (void)pattern.note({0, 2}, kMany);
  (void)pattern.note({2, 4}, kMany);
  EXPECT_TRUE(pattern.note({5000, 5002}, kMany).jumped);
  EXPECT_EQ(pattern.note({4, 6}, kMany).ahead.first, 6U);
}

TEST(ReadPattern, EndsWhereTheFileEnds) {
  ReadPattern pattern;
  (void)pattern.note(one(0), 3);
  EXPECT_EQ(pattern.note(one(1), 3).ahead, (ChunkSpan{2, 3}));
  EXPECT_TRUE(pattern.note(one(2), 3).ahead.empty());
}

}  // namespace
}  // namespace icloudphotos::content
