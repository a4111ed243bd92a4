// SPDX-License-Identifier: MIT
#include "icloudphotos/base/text.h"

#include <set>

#include <gtest/gtest.h>

namespace icloudphotos {
namespace {

TEST(Text, Base64GoesThereAndBackForEveryLength) {
  std::string bytes;
  for (int length = 0; length < 70; ++length) {
    EXPECT_EQ(base64_decode(base64_encode(as_bytes(bytes))), bytes);
    EXPECT_EQ(base64_decode(base64_encode(as_bytes(bytes), Base64::Url)), bytes);
    bytes += static_cast<char>(length * 37);
  }
  EXPECT_EQ(base64_encode(as_bytes("IMG_0001.HEIC")), "SU1HXzAwMDEuSEVJQw==");
  EXPECT_EQ(base64_encode(as_bytes("\xfb\xff"), Base64::Url), "-_8");
}

TEST(Text, WhatIsNotBase64IsNothing) {
  for (const char* text : {"a", "ab c", "ab\n=", "=ab=", "ab*d"}) EXPECT_FALSE(base64_decode(text)) << text;
}

TEST(Text, HexAndPercentGoThereAndBack) {
  EXPECT_EQ(hex_encode(as_bytes("\x01\xfe")), "01fe");
  EXPECT_EQ(hex_decode("01FE"), "\x01\xfe");
  EXPECT_FALSE(hex_decode("0"));
  EXPECT_FALSE(hex_decode("0g"));
  EXPECT_EQ(percent_encode("${f} ~"), "%24%7Bf%7D%20~");
  EXPECT_EQ(percent_decode("%24%7Bf%7d%20~%"), "${f} ~%");
}

TEST(Text, NormalisationComposesAndRefusesWhatIsNotUtf8) {
  EXPECT_EQ(nfc("o\xcc\x88"), "\xc3\xb6");
  EXPECT_FALSE(nfc("\xff"));
  EXPECT_FALSE(nfc("\xed\xa0\x80"));  // a lone surrogate
  EXPECT_EQ(case_fold("STRASSE \xc3\x96"), case_fold("stra\xc3\x9f"
                                                     "e o\xcc\x88"));
  EXPECT_TRUE(is_utf8("\xf0\x9f\x93\xb7"));
  EXPECT_FALSE(is_utf8("\xf0\x9f\x93"));
}

TEST(Text, CuttingNeverSplitsACodePoint) {
  EXPECT_EQ(cut_at_code_point("a\xc3\xb6z", 2), "a");
  EXPECT_EQ(cut_at_code_point("a\xc3\xb6z", 3), "a\xc3\xb6");
  EXPECT_EQ(cut_at_code_point("abc", 5), "abc");
}

TEST(Text, NothingPrintableMovesATerminal) {
  EXPECT_EQ(printable("a\x1b]0;x\x07\xc2\x9b"
                      "b\xc3\xb6"),
            "a\\x1b]0;x\\x07\\x9bb\xc3\xb6");
}

TEST(Text, SplitKeepsEmptyParts) {
  EXPECT_EQ(split("a,,b", ',').size(), 3U);
  EXPECT_EQ(split("", ',').size(), 1U);
}

TEST(Text, UuidsAreOfVersionFourAndDiffer) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const auto uuid = random_uuid();
    ASSERT_EQ(uuid.size(), 36U);
    EXPECT_EQ(uuid[14], '4');
    EXPECT_TRUE(seen.insert(uuid).second);
  }
}

}  // namespace
}  // namespace icloudphotos
