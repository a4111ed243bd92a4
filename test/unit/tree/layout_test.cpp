// SPDX-License-Identifier: MIT
#include "layout.h"

#include <gtest/gtest.h>

#include "calendar.h"

namespace icloudphotos::tree {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(Layout, FilesAPhotoUnderTheDateOfThePlaceWhereItWasTaken) {
  const Layout layout{"%Y/%m/%d %H:%M"};
  EXPECT_EQ(layout.fill(day(2024, 1, 1, 0), hours{-8}), "2023/12/31 16:00");
  EXPECT_EQ(layout.fill(day(2023, 12, 31, 20), hours{8}), "2024/01/01 04:00");
  EXPECT_EQ(layout.fill(day(2024, 2, 28, 23), minutes{345}), "2024/02/29 04:45");
  EXPECT_EQ(layout.fill(day(2024, 6, 30, 12), hours{14}), "2024/07/01 02:00");
  EXPECT_EQ(layout.fill(day(2024, 6, 30, 23), std::nullopt), "2024/06/30 23:00");
  EXPECT_EQ(layout.fill(day(2024, 6, 30, 23), hours{1000}), "2024/06/30 23:00") << "no place on Earth";
  EXPECT_EQ(layout.fill(day(1826, 3, 4), std::nullopt), "1826/03/04 12:00");
  EXPECT_EQ(layout.fill(day(1969, 12, 31, 23) + minutes{59}, seconds{0}), "1969/12/31 23:59");
}

TEST(Layout, FilesAPhotoByTheClockItWasTold) {
  const auto filled = [](const char* zone, TimePoint time, std::optional<seconds> photo_offset) {
    return Layout{"%Y/%m/%d %H:%M %z", *TimeZone::open(zone)}.fill(time, photo_offset);
  };
  EXPECT_EQ(filled("photo", day(2024, 6, 30, 23), hours{-7}), "2024/06/30 16:00 -0700");
  EXPECT_EQ(filled("UTC", day(2024, 6, 30, 23), hours{-7}), "2024/06/30 23:00 +0000");
  EXPECT_EQ(filled("Europe/Berlin", day(2024, 6, 30, 23), hours{-7}), "2024/07/01 01:00 +0200");
  EXPECT_EQ(filled("Europe/Berlin", day(2024, 12, 31, 22), std::nullopt), "2024/12/31 23:00 +0100");
  EXPECT_EQ(Layout("%Y", *TimeZone::open("Europe/Berlin")).year(day(2024, 12, 31, 23), hours{-7}), 2025);
}

TEST(Layout, SpeaksEnglishAndKnowsWeekdays) {
  EXPECT_EQ(Layout{"%A %B %j %V %z %%"}.fill(day(2024, 12, 30), hours{1}), "Monday December 365 01 +0100 %");
}

TEST(Layout, MakesNothingOfTimesBeyondTheCalendar) {
  const Layout layout{"%Y"};
  EXPECT_EQ(layout.fill(TimePoint{std::chrono::milliseconds{INT64_MAX}}, hours{14}), "");
  EXPECT_EQ(layout.fill(TimePoint{std::chrono::milliseconds{INT64_MIN}}, hours{-14}), "");
  EXPECT_EQ(layout.fill(TimePoint{std::chrono::milliseconds{INT64_MIN}}, seconds{INT64_MIN}), "");
  EXPECT_FALSE(layout.year(TimePoint{std::chrono::milliseconds{INT64_MIN}}, seconds{INT64_MAX}));
  EXPECT_EQ(layout.year(day(2024, 12, 31, 23), hours{2}), 2025);
}

TEST(Layout, MakesLegalPathsOfWhateverItIsTold) {
  EXPECT_EQ(path_of("2024/06"), (std::vector<std::string>{"2024", "06"}));
  EXPECT_EQ(path_of("//a//.//../b:c/ "), (std::vector<std::string>{"a", "_", "__", "b_c", "_"}));
  EXPECT_EQ(path_of(""), std::vector<std::string>{});
  EXPECT_EQ(path_of(std::string(300, 'x')).at(0).size(), 255U);
}

Asset dated(std::optional<TimePoint> captured, std::optional<TimePoint> added) {
  Asset asset;
  asset.captured = captured;
  asset.added = added;
  return asset;
}

std::string filed(const Asset& asset, const std::string& lives_in = "") {
  const Layout layout{"%Y"};
  const Moment moment =
      moment_of(asset, layout, day(2026, 9, 21), [&](const std::string& path) { return path == lives_in; });
  return moment.time ? moment.filled : "undated";
}

TEST(Moments, AreTheCaptureDateUnlessItIsAbsentOrAbsurd) {
  const TimePoint added = day(2024, 1, 1);
  EXPECT_EQ(filed(dated(day(2020, 1, 1), added)), "2020");
  EXPECT_EQ(filed(dated(std::nullopt, added)), "2024");
  EXPECT_EQ(filed(dated(day(1904, 1, 1), added)), "1904");
  EXPECT_EQ(filed(dated(day(1826, 1, 1), added)), "1826");
  EXPECT_EQ(filed(dated(day(1825, 12, 31), added)), "2024");
  EXPECT_EQ(filed(dated(day(1, 1, 1), added)), "2024");
  EXPECT_EQ(filed(dated(day(2027, 12, 31), day(2026, 9, 1))), "2027") << "next year";
  EXPECT_EQ(filed(dated(day(2028, 1, 1), added)), "2024");
  EXPECT_EQ(filed(dated(day(2028, 1, 1), day(1700, 1, 1))), "undated");
  EXPECT_EQ(filed(dated(std::nullopt, day(2028, 1, 1))), "undated");
  EXPECT_EQ(filed(dated(std::nullopt, std::nullopt)), "undated");
}

TEST(Moments, DoNotChangeBecauseTimePasses) {
  const Asset asset = dated(day(2026, 5, 5), day(2020, 1, 1));
  EXPECT_EQ(filed(asset), "2026");
  EXPECT_EQ(filed(asset, "2020"), "2020") << "it was absurd in 2020, and has been there since";
  EXPECT_EQ(filed(dated(day(2030, 1, 1), day(2030, 1, 1)), "2030"), "2030") << "this computer's clock must be wrong";
}

TEST(Moments, KnowTheYearOfThePlace) {
  Asset asset = dated(day(2027, 12, 31, 23), day(2026, 1, 1));
  asset.utc_offset = hours{2};
  EXPECT_EQ(filed(asset), "2026") << "it is 2028 there";
}

TEST(Layouts, TellBeforeWhenNoPhotoOfADirectoryWasTaken) {
  using std::chrono::hours;
  const auto time = day(2024, 6, 20, 12);
  const auto none_before = [&](const char* pattern) { return Layout{pattern}.none_before(time, hours{2}); };
  EXPECT_EQ(none_before("%Y/%m"), day(2024, 6, 1, 0) - hours{18});
  EXPECT_EQ(none_before("%Y"), day(2024, 1, 1, 0) - hours{18});
  EXPECT_EQ(none_before("%F"), day(2024, 6, 20, 0) - hours{18});
  EXPECT_EQ(none_before("%Y/%B/%-d %H"), day(2024, 6, 20, 0) - hours{18});
  EXPECT_EQ(none_before("%Y/%d"), day(2024, 1, 1, 0) - hours{18}) << "the 20th of any month";
  EXPECT_EQ(none_before("%m"), std::nullopt);
  EXPECT_EQ(none_before("%%Y/%m"), std::nullopt);
  EXPECT_EQ(none_before(""), std::nullopt);
  EXPECT_EQ(Layout{"%Y/%m"}.none_before(day(2024, 6, 30, 23), hours{2}), day(2024, 7, 1, 0) - hours{18});
}

TEST(Moments, AreOfTheYearOfTheClockTheyAreFiledBy) {
  Asset asset = dated(day(2027, 12, 31, 23), day(2026, 1, 1));
  const Layout layout{"%Y", *TimeZone::open("Europe/Berlin")};
  const Moment moment = moment_of(asset, layout, day(2026, 9, 21), [](const std::string&) { return false; });
  EXPECT_EQ(moment.filled, "2026") << "it is 2028 in Berlin";
}

TEST(FileTimes, AreWholeSecondsWithinWhatFileSystemsKeep) {
  using std::chrono::milliseconds;
  EXPECT_EQ(file_time(TimePoint{milliseconds{1999}}), 1);
  EXPECT_EQ(file_time(TimePoint{milliseconds{-1}}), -1);
  EXPECT_EQ(file_time(day(1826, 1, 1)), INT32_MIN);
  EXPECT_EQ(file_time(TimePoint{milliseconds{INT64_MIN}}), INT32_MIN);
  EXPECT_EQ(file_time(TimePoint{milliseconds{INT64_MAX}}), 253402300799);
}

}  // namespace
}  // namespace icloudphotos::tree
