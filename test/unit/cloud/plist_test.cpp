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
