// SPDX-License-Identifier: MIT
#include "iso_time.h"

#include <gtest/gtest.h>

namespace icloudphotos::tree {
namespace {

using namespace std::chrono;

constexpr TimePoint kMoment{milliseconds{1'718'161'964'000}};

TEST(IsoTime, IsThatOfThePlace) {
  EXPECT_EQ(iso_time(kMoment, hours{2}), "2024-06-12T05:12:44+02:00");
  EXPECT_EQ(iso_time(kMoment, minutes{-570}), "2024-06-11T17:42:44-09:30");
  EXPECT_EQ(iso_time(kMoment, seconds{0}), "2024-06-12T03:12:44+00:00");
}

TEST(IsoTime, IsUtcWhereThePlaceIsNotKnown) {
  EXPECT_EQ(iso_time(kMoment, std::nullopt), "2024-06-12T03:12:44Z");
  EXPECT_EQ(iso_time(kMoment, hours{19}), "2024-06-12T03:12:44Z");
  EXPECT_EQ(iso_time(kMoment, seconds{INT64_MIN}), "2024-06-12T03:12:44Z");
}

TEST(IsoTime, KeepsTheMomentWhereOffsetsHadSeconds) {
  EXPECT_EQ(iso_time(kMoment, seconds{1172}), "2024-06-12T03:31:44+00:19");
  EXPECT_EQ(iso_time(kMoment, seconds{-1172}), "2024-06-12T02:52:44-00:20");
}

TEST(IsoTime, TellsMilliseconds) {
  EXPECT_EQ(iso_time(kMoment + milliseconds{7}, hours{2}), "2024-06-12T05:12:44.007+02:00");
  EXPECT_EQ(iso_time(TimePoint{milliseconds{-1}}, std::nullopt), "1969-12-31T23:59:59.999Z");
}

TEST(IsoTime, EndsWithTheCalendar) {
  constexpr TimePoint kFirst{milliseconds{-62'135'596'800'000}};
  constexpr TimePoint kLast{milliseconds{253'402'300'799'999}};
  EXPECT_EQ(iso_time(kFirst, std::nullopt), "0001-01-01T00:00:00Z");
  EXPECT_EQ(iso_time(kFirst - milliseconds{1}, std::nullopt), std::nullopt);
  EXPECT_EQ(iso_time(kFirst, hours{-1}), std::nullopt);
  EXPECT_EQ(iso_time(kLast, std::nullopt), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(iso_time(kLast + milliseconds{1}, std::nullopt), std::nullopt);
  EXPECT_EQ(iso_time(TimePoint{milliseconds{INT64_MIN}}, hours{-14}), std::nullopt);
  EXPECT_EQ(iso_time(TimePoint{milliseconds{INT64_MAX}}, hours{14}), std::nullopt);
}

}  // namespace
}  // namespace icloudphotos::tree
