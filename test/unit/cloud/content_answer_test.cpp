// SPDX-License-Identifier: MIT
#include "cloud/content_answer.h"

#include <gtest/gtest.h>

#include "fake_content.h"

namespace icloudphotos::cloud {
namespace {

TEST(ContentRange, IsReadOnlyWhenItMakesSense) {
  const auto range = parse_content_range("bytes 0-99/1234");
  ASSERT_TRUE(range);
  EXPECT_EQ(range->first, 0U);
  EXPECT_EQ(range->last, 99U);
  EXPECT_EQ(range->total, 1234U);
  EXPECT_FALSE(parse_content_range("Bytes 5-9/*")->total);
  for (const auto* wrong :
       {"", "bytes */20", "bytes 9-5/20", "bytes 0-20/20", "bytes 0-4", "items 0-4/20", "bytes 0-4/x", "bytes -4/20",
        "bytes 0-99999999999999999999/*", "bytes 0-4/20, bytes 6-7/20"})
    EXPECT_FALSE(parse_content_range(wrong)) << wrong;
}

TEST(ContentAnswer, OfAWholeFileIsNotReadToItsEndForItsBeginning) {
  StringSink sink;
  ContentAnswer answer{{0, 3}, 10, sink};
  EXPECT_TRUE(answer.begin({200, {{"Content-Length", "10"}}}));
  EXPECT_FALSE(answer.write(as_bytes("0123")));
  EXPECT_EQ(sink.text, "012");
}

TEST(ContentAnswer, OfTheRangeIsReadToItsEndToKeepTheConnection) {
  StringSink sink;
  ContentAnswer answer{{5, 3}, 10, sink};
  EXPECT_TRUE(answer.begin({206, {{"Content-Range", "bytes 5-7/10"}}}));
  EXPECT_TRUE(answer.write(as_bytes("567")));
  EXPECT_EQ(sink.text, "567");
}

TEST(ContentAnswer, WithAnErrorIsReadToItsEndOnlyWhenItIsShort) {
  StringSink sink;
  ContentAnswer answer{{0, 3}, 10, sink};
  EXPECT_TRUE(answer.begin({410, {{"Content-Length", "100"}}}));
  EXPECT_FALSE(answer.begin({410, {{"Content-Length", "1000000"}}}));
  EXPECT_FALSE(answer.begin({410, {}}));
}

TEST(ContentAnswer, IsNotSearchedForARangeFarInside) {
  StringSink sink;
  const std::uint64_t size = std::uint64_t{1} << 30;
  ContentAnswer answer{{size - 10, 10}, size, sink};
  EXPECT_FALSE(answer.begin({200, {{"Content-Length", std::to_string(size)}}}));
  EXPECT_EQ(answer.verdict(), ContentVerdict::WrongRange);
}

}  // namespace
}  // namespace icloudphotos::cloud
