// SPDX-License-Identifier: MIT
#include "iso_time.h"

#include <fmt/format.h>

namespace icloudphotos::tree {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr seconds kYear1{-62'135'596'800};
constexpr seconds kYear10000{253'402'300'800};

std::string zone_text(minutes offset) {
  const auto size = offset < minutes{0} ? -offset : offset;
  return fmt::format("{}{:02}:{:02}", offset < minutes{0} ? '-' : '+', size.count() / 60, size.count() % 60);
}

}  // namespace

std::optional<std::string> iso_time(TimePoint time, std::optional<seconds> utc_offset) {
  using namespace std::chrono;
  if (utc_offset && (*utc_offset < -hours{18} || *utc_offset > hours{18})) utc_offset.reset();
  // Offsets are written in whole minutes; the moment stays what it is.
  const auto offset = floor<minutes>(utc_offset.value_or(seconds{0}));
  const auto whole = floor<seconds>(time.time_since_epoch());
  const auto local = whole + offset;
  if (local < kYear1 || local >= kYear10000) return std::nullopt;
  const sys_seconds moment{local};
  const auto day = floor<days>(moment);
  const year_month_day date{day};
  const hh_mm_ss clock{moment - day};
  const auto rest = (time.time_since_epoch() - whole).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), rest == 0 ? "" : fmt::format(".{:03}", rest),
                     utc_offset ? zone_text(offset) : "Z");
}

}  // namespace icloudphotos::tree
