// SPDX-License-Identifier: MIT
#include "values.h"

#include <gtest/gtest.h>

#include "nearest.h"

using namespace icloudphotos;
using namespace icloudphotos::cli;
using namespace std::chrono_literals;

TEST(Values, SizesCountInPowersOf1024) {
  for (const auto& [text, bytes] :
       std::initializer_list<std::pair<const char*, std::uint64_t>>{{"0", 0},
                                                                    {"123", 123},
                                                                    {"10b", 10},
                                                                    {"1k", 1024},
                                                                    {"500M", std::uint64_t{500} << 20},
                                                                    {" 1.5 GiB ", std::uint64_t{3} << 29},
                                                                    {"2TB", std::uint64_t{2} << 40}}) {
    const auto size = parse_size(text);
    ASSERT_TRUE(size) << text;
    EXPECT_EQ(*size, bytes) << text;
  }
  for (const auto* text : {"", "G", "-1", "1X", "1Gx", "1e5", "inf", "99999999999T", "0x10", "1,5G"})
    EXPECT_FALSE(parse_size(text)) << text;
}

TEST(Values, TimesAreSecondsUnlessTheySayOtherwise) {
  for (const auto& [text, time] : std::initializer_list<std::pair<const char*, std::chrono::milliseconds>>{
           {"90", 90s}, {"90s", 90s}, {"5m", 5min}, {"1.5h", 90min}, {"250ms", 250ms}, {"2 min", 2min}}) {
    const auto duration = parse_duration(text);
    ASSERT_TRUE(duration) << text;
    EXPECT_EQ(*duration, time) << text;
  }
  for (const auto* text : {"", "m", "-5", "5x", "5 years", "nan", "99999999999999999999h"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(Values, OwnersAreNumbersOrNames) {
  EXPECT_EQ(*parse_user("1234"), 1234U);
  EXPECT_EQ(*parse_user("root"), 0U);
  EXPECT_EQ(*parse_group("root"), 0U);
  for (const auto* text : {"", "-1", "4294967295", "nobody of that name"}) {
    EXPECT_FALSE(parse_user(text)) << text;
    EXPECT_FALSE(parse_group(text)) << text;
  }
}

TEST(Nearest, IsTheWordWithTheFewestMistakes) {
  const std::vector<std::string_view> words{"cache-size", "cache-dir", "uid", "gid"};
  EXPECT_EQ(nearest("cache-siez", words), "cache-size");
  EXPECT_EQ(nearest("cachedir", words), "cache-dir");
  EXPECT_EQ(nearest("udi", words), "uid");
  EXPECT_FALSE(nearest("xyz", words));
  EXPECT_FALSE(nearest("", words));
  EXPECT_FALSE(nearest(std::string(100'000, 'u'), words));
}
