// SPDX-License-Identifier: MIT
#include "cloud/plist.h"

#include <gtest/gtest.h>

#include "icloudphotos/base/text.h"

namespace icloudphotos::cloud {
namespace {

/// A binary property list of objects with one-byte references; the first is the top.
std::string binary(const std::vector<std::string>& objects) {
  std::string bytes = "bplist00";
  std::string offsets;
  for (const auto& object : objects) {
    offsets += static_cast<char>(bytes.size() >> 8);
    offsets += static_cast<char>(bytes.size() & 0xff);
    bytes += object;
  }
  const auto number = [](std::uint64_t value) {
    std::string text;
    for (int shift = 56; shift >= 0; shift -= 8) text += static_cast<char>(value >> shift & 0xff);
    return text;
  };
  const auto table = bytes.size();
  return bytes + offsets + std::string(6, '\0') + "\x02\x01" + number(objects.size()) + number(0) + number(table);
}

TEST(Plist, KeywordsAreReadInOrder) {
  using namespace std::string_literals;
  EXPECT_EQ(plist_texts(binary({"\xa2\x01\x02"s, "\x55Italy"s, "\x53"s + "sea"})),
            (std::vector<std::string>{"Italy", "sea"}));
}

TEST(Plist, AnEmptyKeywordDoesNotHideTheOthers) {
  using namespace std::string_literals;
  EXPECT_EQ(plist_texts(binary({"\xa3\x01\x02\x03"s, "\x61\0a"s, "\x60"s, "\x50"s})), std::vector<std::string>{"a"});
}

TEST(Plist, KeywordsMayBeXmlAndInAnyLanguage) {
  const auto* xml = R"(<?xml version="1.0"?><plist version="1.0"><array><string>Fähre</string><integer>1</integer>)"
                    R"(<string>海</string></array></plist>)";
  EXPECT_EQ(plist_texts(xml), (std::vector<std::string>{"Fähre", "海"}));
}

TEST(Plist, APlaceMayBeXml) {
  const auto place = plist_location(
      R"(<plist version="1.0"><dict><key>lat</key><real>-1.5</real><key>lng</key><integer>7</integer></dict></plist>)");
  ASSERT_TRUE(place);
  EXPECT_EQ(*place, (Location{-1.5, 7, std::nullopt}));
}

TEST(Plist, APlaceMaySayMoreThanWhereItIs) {
  const auto place = plist_location(
      R"(<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "x">)"
      R"(<plist version="1.0"><dict><key>alt</key><real>12.5</real><key>course</key><real>-1</real>)"
      R"(<key>lat</key><real>48.1</real><key>lon</key><real>11.5</real><key>lng</key><real>99</real>)"
      R"(<key>timestamp</key><date>2025-06-01T10:00:00Z</date></dict></plist>)");
  ASSERT_TRUE(place);
  EXPECT_EQ(*place, (Location{48.1, 11.5, 12.5}));
}

TEST(Plist, APlaceMayBeBinary) {
  using namespace std::string_literals;
  const auto real = [](std::uint64_t bits) {
    std::string text = "\x23";
    for (int shift = 56; shift >= 0; shift -= 8) text += static_cast<char>(bits >> shift & 0xff);
    return text;
  };
  const auto date = "\x33" + real(0).substr(1);
  const auto bytes = binary({"\xd4\x01\x02\x03\x04\x05\x06\x07\x08"s, "\x53lat"s, "\x53lng"s, "\x53"s + "alt",
                             "\x59timestamp"s, real(0x4048000000000000), real(0xc026000000000000), "\x10\x08"s, date});
  const auto place = plist_location(bytes);
  ASSERT_TRUE(place);
  EXPECT_EQ(*place, (Location{48, -11, 8}));
}

TEST(Plist, HalfAPlaceIsNone) {
  EXPECT_FALSE(plist_location(R"(<plist version="1.0"><dict><key>lat</key><real>1</real></dict></plist>)"));
  EXPECT_FALSE(plist_location(
      R"(<plist version="1.0"><dict><key>lat</key><string>1</string><key>lon</key><real>1</real></dict></plist>)"));
}

TEST(Plist, OtherBytesAreNothing) {
  for (const auto* bytes : {"", "bplist00", "no plist", "<plist><array><string>a", "<plist><dict/></plist>"}) {
    EXPECT_TRUE(plist_texts(bytes).empty()) << bytes;
    EXPECT_FALSE(plist_location(bytes)) << bytes;
  }
  EXPECT_TRUE(plist_texts(std::string(70'000, '<')).empty());
}

// Eight lists, each of fifteen times the next: 137 bytes that libplist would copy into two and a half billion nodes.
TEST(Plist, AListThatWouldGrowWithoutBoundsIsNotOpened) {
  std::vector<std::string> objects;
  for (char i = 0; i < 8; ++i) objects.push_back("\xae" + std::string(14, static_cast<char>(i + 1)));
  objects.push_back("\x51x");
  EXPECT_TRUE(plist_texts(binary(objects)).empty());
}

TEST(Plist, DeepXmlIsSurvived) {
  std::string deep;
  for (int i = 0; i < 9000; ++i) deep += "<array>";
  EXPECT_TRUE(plist_texts("<plist>" + deep).empty());
}

}  // namespace
}  // namespace icloudphotos::cloud
