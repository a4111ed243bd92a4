// SPDX-License-Identifier: MIT
#include "place.h"

#include <cmath>
#include <cstdint>

#include <fmt/format.h>

namespace icloudphotos::tree {
namespace {

/// Aircraft and mines, with much to spare; its millimetres fit into the 32 bits EXIF has for them.
constexpr double kHighest = 1e6;

bool within(double value, double limit) { return std::isfinite(value) && std::abs(value) <= limit; }

/// No "-0.000000": a place just west of Greenwich rounds to the same text as one just east.
double without_minus_zero(double value, double smallest) { return std::abs(value) < smallest / 2 ? 0 : value; }

}  // namespace

std::optional<Location> believable(const std::optional<Location>& location) {
  if (!location || !within(location->latitude, 90) || !within(location->longitude, 180)) return std::nullopt;
  Location place = *location;
  if (place.altitude && !within(*place.altitude, kHighest)) place.altitude.reset();
  return place;
}

std::string decimal_degrees(const Location& place) {
  std::string text =
      fmt::format("{:.6f},{:.6f}", without_minus_zero(place.latitude, 1e-6), without_minus_zero(place.longitude, 1e-6));
  if (place.altitude) text += fmt::format(",{:.2f}", without_minus_zero(*place.altitude, 1e-2));
  return text;
}

std::string xmp_degrees(double degrees, char north_or_east, char south_or_west) {
  constexpr std::int64_t kMinute = 1'000'000;
  const std::int64_t parts = std::llround(std::abs(degrees) * 60 * static_cast<double>(kMinute));
  return fmt::format("{},{}.{:06}{}", parts / (60 * kMinute), parts / kMinute % 60, parts % kMinute,
                     degrees < 0 && parts != 0 ? south_or_west : north_or_east);
}

std::string xmp_metres(double metres) { return fmt::format("{}/1000", std::llround(std::abs(metres) * 1000)); }

}  // namespace icloudphotos::tree
