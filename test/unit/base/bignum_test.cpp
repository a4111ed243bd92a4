// SPDX-License-Identifier: MIT
#include "icloudphotos/base/bignum.h"

#include <gtest/gtest.h>

namespace icloudphotos {
namespace {

BigNumber number(std::string_view hex) { return BigNumber::from_hex(hex); }

TEST(BigNumber, BytesHaveNoLeadingZerosAndPaddedOnesAsManyAsAsked) {
  EXPECT_EQ(number("0000ff").bytes().size(), 1U);
  EXPECT_EQ(hex_encode(number("01ff").padded(4)), "000001ff");
  EXPECT_TRUE(number("00").is_zero());
  EXPECT_TRUE(number("00").bytes().empty());
}

TEST(BigNumber, ArithmeticIsThatOfWholeNumbers) {
  EXPECT_EQ(number("ff").plus(number("01")), number("0100"));
  EXPECT_EQ(number("ff").times(number("ff")), number("fe01"));
  EXPECT_EQ(number("0100").mod(number("07")), number("04"));
  EXPECT_EQ(number("02").minus_mod(number("05"), number("07")), number("04"));    // never negative
  EXPECT_EQ(number("02").power_mod(number("0a"), number("03e5")), number("1b"));  // 1024 mod 997
  EXPECT_TRUE(number("01") < number("02"));
}

TEST(BigNumber, ACopyIsIndependentOfWhatItWasCopiedFrom) {
  auto a = number("0a");
  auto b = a;
  a = number("0b");
  EXPECT_EQ(b, number("0a"));
}

}  // namespace
}  // namespace icloudphotos
