// SPDX-License-Identifier: MIT
#include "read_pattern.h"

#include <gtest/gtest.h>

namespace icloudphotos::content {
namespace {

constexpr ChunkIndex kMany = 100'000;

/// The `nth` 64 KiB.
constexpr ChunkIndex kStep = chunks_in(64 << 10);
ChunkSpan one(ChunkIndex nth) { return {nth * kStep, (nth + 1) * kStep}; }

ChunkSpan two(ChunkIndex nth) { return {nth * kStep, (nth + 2) * kStep}; }

/// Walks over `count` chunks, 128 KiB at a time, and returns how far ahead was asked for beyond them.
ChunkIndex ahead_after(ReadPattern& pattern, ChunkIndex count) {
  ChunkIndex end = 0;
  for (ChunkIndex at = 0; at < count; at += 2 * kStep) {
    const auto next = pattern.note({at, at + 2 * kStep}, kMany);
    if (!next.ahead.empty()) end = next.ahead.end;
  }
  return end > count ? end - count : 0;
}

TEST(ReadPattern, TheFirstReadFetchesNothingAhead) {
  ReadPattern pattern;
  EXPECT_TRUE(pattern.note(two(0), kMany).ahead.empty());
  EXPECT_TRUE(pattern.note(two(0), kMany).ahead.empty());
}

TEST(ReadPattern, TheWindowGrowsWithTheWayToThirtyTwoMebibytes) {
  ReadPattern pattern;
  EXPECT_TRUE(pattern.note(one(0), kMany).ahead.empty());
  EXPECT_EQ(pattern.note(one(1), kMany).ahead, (ChunkSpan{2 * kStep, 6 * kStep}));
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
    EXPECT_GT(next.ahead.first, at * kStep);
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
  for (auto at = chunks_in(16 << 20) / kStep; next.ahead.empty(); ++at) next = film.note(one(at), kMany);
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
  (void)pattern.note(two(0), kMany);
  (void)pattern.note(two(4), kMany);
  EXPECT_TRUE(pattern.note(two(2), kMany).ahead.empty());
  EXPECT_FALSE(pattern.note(two(6), kMany).ahead.empty());
}

TEST(ReadPattern, TwoWhoReadAtTwoPlacesBothHaveTheirWindow) {
  ReadPattern pattern;
  (void)pattern.note(two(0), kMany);
  (void)pattern.note(two(5000), kMany);
  EXPECT_FALSE(pattern.note(two(2), kMany).ahead.empty());
  const auto next = pattern.note(two(5002), kMany);
  EXPECT_EQ(next.ahead.first, 5004 * kStep);
  EXPECT_FALSE(next.jumped);
}

TEST(ReadPattern, WhoWalksOnAfterAnothersJumpGetsHisWindowAgain) {
  ReadPattern pattern;
  (void)pattern.note(two(0), kMany);
  (void)pattern.note(two(2), kMany);
  EXPECT_TRUE(pattern.note(two(5000), kMany).jumped);
  EXPECT_EQ(pattern.note(two(4), kMany).ahead.first, 6 * kStep);
}

TEST(ReadPattern, EndsWhereTheFileEnds) {
  ReadPattern pattern;
  (void)pattern.note(one(0), 3 * kStep);
  EXPECT_EQ(pattern.note(one(1), 3 * kStep).ahead, (ChunkSpan{2 * kStep, 3 * kStep}));
  EXPECT_TRUE(pattern.note(one(2), 3 * kStep).ahead.empty());
}

}  // namespace
}  // namespace icloudphotos::content
