// SPDX-License-Identifier: MIT
#include "icloudphotos/base/json.h"

#include <string>

#include <gtest/gtest.h>

namespace icloudphotos {
namespace {

TEST(Json, AMissingMemberOfAWrongTypeIsNothingAtAnyDepth) {
  const auto document = JsonDocument::parse(R"({"a":{"b":[1,"two",null]},"n":null})");
  ASSERT_TRUE(document);
  EXPECT_EQ((*document)["a"]["b"].at(1).text(), "two");
  EXPECT_FALSE((*document)["a"]["b"]["c"]["d"].text());
  EXPECT_FALSE((*document)["a"]["b"].at(9).exists());
  EXPECT_TRUE((*document)["n"].exists());
  EXPECT_FALSE((*document)["n"].text());
}

TEST(Json, NumbersAreReadFromNumbersStringsAndTruthValues) {
  const auto document = JsonDocument::parse(R"([42,"43",true,44.0,44.5,1e300,"4x","",-9223372036854775808])");
  ASSERT_TRUE(document);
  const auto root = document->root();
  EXPECT_EQ(root.at(0).integer(), 42);
  EXPECT_EQ(root.at(1).integer(), 43);
  EXPECT_EQ(root.at(2).integer(), 1);
  EXPECT_EQ(root.at(3).integer(), 44);
  for (const std::size_t index : {4U, 5U, 6U, 7U}) EXPECT_FALSE(root.at(index).integer()) << index;
  EXPECT_EQ(root.at(8).integer(), INT64_MIN);
  EXPECT_EQ(root.at(0).boolean(), true);
}

TEST(Json, NestingBeyondAnySaneAnswerIsRefusedNotRecursedInto) {
  const std::string deep(1'000'000, '[');
  ASSERT_FALSE(JsonDocument::parse(deep));
  EXPECT_EQ(JsonDocument::parse(deep).error().kind(), ErrorKind::Protocol);
  EXPECT_TRUE(JsonDocument::parse(std::string(64, '[') + std::string(64, ']')));
  EXPECT_FALSE(JsonDocument::parse(std::string(65, '[') + std::string(65, ']')));
}

TEST(Json, WhatIsNotJsonIsAnError) {
  for (const char* text : {"", "<html>", "{", "{\"a\":}", "\"\xff\"", "[1] x", "{\"a\":1e999}"}) {
    EXPECT_FALSE(JsonDocument::parse(text)) << text;
  }
}

TEST(Json, BytesThatAreNoTextAreAnErrorWhereverTheyAre) {
  for (std::size_t at = 0; at < 40; ++at) {
    std::string text(40, 'x');
    text[at] = '\xff';
    EXPECT_FALSE(JsonDocument::parse('"' + text + '"')) << at;
    text[at] = '\0';
    EXPECT_FALSE(JsonDocument::parse('"' + text + '"')) << at;
    EXPECT_FALSE(JsonDocument::parse("[1]" + text)) << at;
  }
}

TEST(Json, TextOfManyLanguagesAndEscapesIsReadAsItWasMeant) {
  const auto document =
      JsonDocument::parse("\xEF\xBB\xBF[\"Ünïcödé 写真 and a tail\",\"a\\u0000b\\n\\u00e9\\ud83d\\ude00\"]");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root().at(0).text(), "Ünïcödé 写真 and a tail");
  EXPECT_EQ(document->root().at(1).text(), (std::string_view{"a\0b\n\xC3\xA9\xF0\x9F\x98\x80", 10}));
}

TEST(Json, WhatIsWrittenCanBeRead) {
  auto text = JsonWriter{}
                  .object()
                  .member("name", std::string{"a\"b\0c", 5})
                  .key("list")
                  .array()
                  .value(1)
                  .value(true)
                  .null()
                  .raw("{\"x\":2}")
                  .end()
                  .member("big", std::int64_t{1} << 60)
                  .end()
                  .take();
  const auto document = JsonDocument::parse(text);
  ASSERT_TRUE(document) << text;
  EXPECT_EQ((*document)["name"].text(), std::string_view("a\"b\0c", 5));
  EXPECT_EQ((*document)["list"].at(3)["x"].integer(), 2);
  EXPECT_EQ((*document)["big"].integer(), std::int64_t{1} << 60);
  EXPECT_EQ(document->root().dump(), text);
}

}  // namespace
}  // namespace icloudphotos
