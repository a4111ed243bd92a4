// SPDX-License-Identifier: MIT
#include "place.h"

#include <limits>

#include <gtest/gtest.h>

namespace icloudphotos::tree {
namespace {

TEST(Place, IsOnEarth) {
  EXPECT_EQ(believable(Location{60.3913, 5.3221, 12.0}), (Location{60.3913, 5.3221, 12.0}));
  EXPECT_EQ(believable(Location{-90, 180, std::nullopt}), (Location{-90, 180, std::nullopt}));
  EXPECT_EQ(believable(std::nullopt), std::nullopt);
  EXPECT_EQ(believable(Location{-180, -180, std::nullopt}), std::nullopt);
  EXPECT_EQ(believable(Location{0, 180.1, std::nullopt}), std::nullopt);
  EXPECT_EQ(believable(Location{std::numeric_limits<double>::quiet_NaN(), 0, std::nullopt}), std::nullopt);
  EXPECT_EQ(believable(Location{0, std::numeric_limits<double>::infinity(), std::nullopt}), std::nullopt);
}

TEST(Place, LosesOnlyAnAltitudeThatCannotBe) {
  EXPECT_EQ(believable(Location{1, 2, 1e9}), (Location{1, 2, std::nullopt}));
  EXPECT_EQ(believable(Location{1, 2, std::numeric_limits<double>::quiet_NaN()}), (Location{1, 2, std::nullopt}));
  EXPECT_EQ(believable(Location{1, 2, -430.5}), (Location{1, 2, -430.5}));
}

TEST(Place, IsWrittenInDegrees) {
  EXPECT_EQ(decimal_degrees({60.3913, 5.3221, 12.0}), "60.391300,5.322100,12.00");
  EXPECT_EQ(decimal_degrees({-33.8567844, 151.2152967, std::nullopt}), "-33.856784,151.215297");
  EXPECT_EQ(decimal_degrees({-1e-9, -0.0, -0.001}), "0.000000,0.000000,0.00");
}

TEST(Place, IsWrittenInXmpsDegreesAndMinutes) {
  EXPECT_EQ(xmp_degrees(60.3913, 'N', 'S'), "60,23.478000N");
  EXPECT_EQ(xmp_degrees(-33.8567844, 'N', 'S'), "33,51.407064S");
  EXPECT_EQ(xmp_degrees(179.9999999999, 'E', 'W'), "180,0.000000E") << "never 60 minutes";
  EXPECT_EQ(xmp_degrees(-180, 'E', 'W'), "180,0.000000W");
  EXPECT_EQ(xmp_degrees(-1e-12, 'E', 'W'), "0,0.000000E");
}

TEST(Place, HasItsHeightInMillimetres) {
  EXPECT_EQ(xmp_metres(12), "12000/1000");
  EXPECT_EQ(xmp_metres(-430.5004), "430500/1000");
}

}  // namespace
}  // namespace icloudphotos::tree
