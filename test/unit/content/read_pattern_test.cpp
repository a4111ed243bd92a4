// SPDX-License-Identifier: MIT
#include "read_pattern.h"

#include <gtest/gtest.h>

namespace icloudphotos::content {
namespace {

constexpr ChunkIndex kMany = 1000;

ChunkSpan one(ChunkIndex chunk) { return {chunk, chunk + 1}; }

TEST(ReadPattern, TheWindowDoublesWithEveryStepInOrder) {
  ReadPattern pattern;
  EXPECT_TRUE(pattern.note(one(0), kMany).ahead.empty());
  EXPECT_TRUE(pattern.note(one(0), kMany).ahead.empty());
  EXPECT_EQ(pattern.note(one(1), kMany).ahead, (ChunkSpan{2, 6}));
  EXPECT_EQ(pattern.note(one(2), kMany).ahead, (ChunkSpan{3, 11}));
  EXPECT_EQ(pattern.note({2, 4}, kMany).ahead, (ChunkSpan{4, 20}));
  EXPECT_EQ(pattern.note(one(4), kMany).ahead, (ChunkSpan{5, 21}));
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
  (void)pattern.note(one(0), kMany);
  (void)pattern.note(one(1), kMany);
  EXPECT_FALSE(pattern.note(one(0), kMany).jumped);
  EXPECT_EQ(pattern.note(one(2), kMany).ahead.count(), 8U);
}

TEST(ReadPattern, EndsWhereTheFileEnds) {
  ReadPattern pattern;
  (void)pattern.note(one(0), 3);
  EXPECT_EQ(pattern.note(one(1), 3).ahead, (ChunkSpan{2, 3}));
  EXPECT_TRUE(pattern.note(one(2), 3).ahead.empty());
}

}  // namespace
}  // namespace icloudphotos::content
