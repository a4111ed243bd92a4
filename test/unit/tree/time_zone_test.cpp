// SPDX-License-Identifier: MIT
#include "time_zone.h"

#include <cstdlib>
#include <ctime>

#include <gtest/gtest.h>

#include "calendar.h"

namespace icloudphotos::tree {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

std::optional<seconds> offset(const char* zone, TimePoint time, std::optional<seconds> photo_offset = {}) {
  const auto opened = TimeZone::open(zone);
  EXPECT_TRUE(opened) << zone;
  return opened ? opened->offset_at(time, photo_offset) : std::nullopt;
}

/// What TZ is, for as long as this lives.
class HostZone {
 public:
  explicit HostZone(const char* zone) { set(zone); }
  HostZone(const HostZone&) = delete;
  HostZone& operator=(const HostZone&) = delete;
  ~HostZone() { set(before_ ? before_->c_str() : nullptr); }

 private:
  static void set(const char* zone) {
    zone != nullptr ? ::setenv("TZ", zone, 1) : ::unsetenv("TZ");
    ::tzset();
  }
  static std::optional<std::string> now() {
    const char* zone = std::getenv("TZ");
    return zone != nullptr ? std::optional<std::string>{zone} : std::nullopt;
  }
  std::optional<std::string> before_ = now();
};

TEST(TimeZones, AreThePhotosOwnUnlessToldOtherwise) {
  EXPECT_EQ(TimeZone{}.offset_at(day(2024, 6, 1), minutes{345}), minutes{345});
  EXPECT_EQ(offset("photo", day(2024, 6, 1), hours{-8}), hours{-8});
  EXPECT_EQ(offset("photo", day(2024, 6, 1)), std::nullopt);
}

TEST(TimeZones, OfAPlaceKnowItsSummersAndItsHistory) {
  EXPECT_EQ(offset("UTC", day(2024, 6, 1), hours{5}), hours{0});
  EXPECT_EQ(offset("Europe/Berlin", day(2024, 6, 1), hours{5}), hours{2});
  EXPECT_EQ(offset("Europe/Berlin", day(2024, 12, 1), hours{5}), hours{1});
  EXPECT_EQ(offset("Europe/Berlin", day(2024, 3, 31, 0)), hours{1}) << "the clocks change at one o'clock UTC";
  EXPECT_EQ(offset("Europe/Berlin", day(2024, 3, 31, 1)), hours{2});
  EXPECT_EQ(offset("Asia/Kathmandu", day(2024, 6, 1)), minutes{345});
  EXPECT_EQ(offset("Asia/Kathmandu", day(1980, 6, 1)), minutes{330});
  EXPECT_EQ(offset("America/Denver", day(1825, 6, 1)), seconds{-25196}) << "before there was railway time";
}

TEST(TimeZones, OfThisComputerAreWhatTzSays) {
  {
    const HostZone denver{"America/Denver"};
    EXPECT_EQ(offset("local", day(2024, 6, 1), hours{5}), hours{-6});
    EXPECT_EQ(offset("local", day(1825, 6, 1)), seconds{-25196});
  }
  {
    const HostZone rules{"<+0530>-5:30"};
    EXPECT_EQ(offset("local", day(2024, 6, 1)), minutes{330});
  }
}

TEST(TimeZones, MakeSomethingOfEveryMoment) {
  for (const char* zone : {"photo", "local", "UTC", "Pacific/Kiritimati"}) {
    const auto opened = TimeZone::open(zone);
    ASSERT_TRUE(opened);
    for (const std::int64_t ms : {INT64_MIN, INT64_MIN + 1, std::int64_t{0}, INT64_MAX}) {
      const auto east = opened->offset_at(TimePoint{std::chrono::milliseconds{ms}}, hours{1}).value_or(seconds{0});
      EXPECT_LE(std::chrono::abs(east), hours{24}) << zone << ms;
    }
  }
}

TEST(TimeZones, ThatNobodyKnowsAreAUsageErrorThatNamesTheOption) {
  for (const char* wrong : {"", "Europe/berlin", "Europe", "Atlantis", "utc", "../localtime", "tzdata.zi", "\xff"}) {
    const auto opened = TimeZone::open(wrong);
    ASSERT_FALSE(opened) << wrong;
    EXPECT_EQ(opened.error().kind(), ErrorKind::Usage);
    EXPECT_TRUE(std::string{opened.error().message()}.starts_with("timezone: ")) << wrong;
  }
}

}  // namespace
}  // namespace icloudphotos::tree
