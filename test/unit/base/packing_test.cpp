// SPDX-License-Identifier: MIT
#include "icloudphotos/base/packing.h"

#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

namespace icloudphotos {
namespace {

TEST(Packing, GivesBackWhatWasPackedAndIsThenAtItsEnd) {
  std::string bytes;
  for (const std::uint64_t number :
       {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128}, std::uint64_t{UINT64_MAX}})
    pack_number(bytes, number);
  for (const std::int64_t number :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{INT64_MIN}, std::int64_t{INT64_MAX}})
    pack_signed(bytes, number);
  pack_text(bytes, "");
  pack_text(bytes, "IMG_0001.HEIC");
  Unpacker from{bytes};
  EXPECT_EQ(from.number(), 0U);
  EXPECT_EQ(from.number(), 127U);
  EXPECT_EQ(from.number(), 128U);
  EXPECT_EQ(from.number(), UINT64_MAX);
  EXPECT_EQ(from.signed_number(), 0);
  EXPECT_EQ(from.signed_number(), -1);
  EXPECT_EQ(from.signed_number(), INT64_MIN);
  EXPECT_EQ(from.signed_number(), INT64_MAX);
  EXPECT_EQ(from.text(), "");
  EXPECT_EQ(from.text(), "IMG_0001.HEIC");
  EXPECT_TRUE(from.at_end());
}

TEST(Packing, KeepsSmallNumbersInOneByte) {
  std::string bytes;
  pack_number(bytes, 127);
  pack_signed(bytes, -64);
  EXPECT_EQ(bytes.size(), 2U);
}

TEST(Packing, EndsAtWhatIsCutShort) {
  std::string bytes;
  pack_text(bytes, "abc");
  for (const auto& cut : {bytes.substr(0, 3), std::string{"\x80"}, std::string(11, '\xff')}) {
    Unpacker from{cut};
    EXPECT_FALSE(from.text());
    EXPECT_TRUE(from.at_end());
    EXPECT_FALSE(from.number());
    EXPECT_FALSE(from.signed_number());
  }
}

}  // namespace
}  // namespace icloudphotos
