// SPDX-License-Identifier: MIT
#include "layout.h"

#include <algorithm>
#include <ctime>

#include "icloudphotos/base/text.h"

#include "names.h"

namespace icloudphotos::tree {
namespace {

using std::chrono::seconds;

constexpr seconds kYear1{-62'135'596'800};
constexpr seconds kYear10000{253'402'300'800};
/// The farthest offset that is believed.
constexpr std::chrono::hours kFarthestEast{18};
constexpr std::int64_t kEarliestFileTime = INT32_MIN;

/// The seconds a wall clock at that place shows; nothing for moments calendars cannot name.
std::optional<seconds> wall_clock(TimePoint time, std::optional<seconds> offset) {
  const auto utc = std::chrono::floor<seconds>(time.time_since_epoch());
  const bool believable = offset && *offset >= -kFarthestEast && *offset <= kFarthestEast;
  const auto local = utc + (believable ? *offset : seconds{0});
  if (local < kYear1 || local >= kYear10000) return std::nullopt;
  return local;
}

std::tm broken_down(seconds local, seconds offset) {
  using namespace std::chrono;
  const sys_seconds moment{local};
  const auto day = floor<days>(moment);
  const year_month_day date{day};
  const hh_mm_ss clock{moment - day};
  std::tm tm{};
  tm.tm_year = static_cast<int>(date.year()) - 1900;
  tm.tm_mon = static_cast<int>(static_cast<unsigned>(date.month())) - 1;
  tm.tm_mday = static_cast<int>(static_cast<unsigned>(date.day()));
  tm.tm_hour = static_cast<int>(clock.hours().count());
  tm.tm_min = static_cast<int>(clock.minutes().count());
  tm.tm_sec = static_cast<int>(clock.seconds().count());
  tm.tm_wday = static_cast<int>(weekday{day}.c_encoding());
  tm.tm_yday = static_cast<int>((day - sys_days{date.year() / January / 1}).count());
  tm.tm_gmtoff = offset.count();
  tm.tm_zone = "";
  return tm;
}

int year_of(seconds local) {
  const auto day = std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds{local});
  return static_cast<int>(std::chrono::year_month_day{day}.year());
}

}  // namespace

Layout::Layout(std::string_view pattern, TimeZone zone)
    : pattern_{pattern},
      span_{span_of(pattern)},
      zone_{zone},
      english_{newlocale(LC_ALL_MASK, "C", static_cast<locale_t>(nullptr))} {
  pattern_ += '.';  // so that a result is never empty, which strftime cannot tell from a failure
}

std::string Layout::fill(TimePoint time, std::optional<seconds> photo_offset) const {
  const auto local = wall_clock(time, zone_.offset_at(time, photo_offset));
  if (!local) return {};
  const std::tm tm = broken_down(*local, *local - std::chrono::floor<seconds>(time.time_since_epoch()));
  std::string text(128, '\0');
  while (text.size() <= 65536) {
    const std::size_t length = ::strftime_l(text.data(), text.size(), pattern_.c_str(), &tm, english_.get());
    if (length > 0) return text.substr(0, length - 1);
    text.resize(text.size() * 8);
  }
  return {};
}

std::optional<int> Layout::year(TimePoint time, std::optional<seconds> photo_offset) const {
  const auto local = wall_clock(time, zone_.offset_at(time, photo_offset));
  return local ? std::optional{year_of(*local)} : std::nullopt;
}

std::optional<TimePoint> Layout::none_before(TimePoint time, std::optional<seconds> photo_offset) const {
  using namespace std::chrono;
  const auto local = wall_clock(time, zone_.offset_at(time, photo_offset));
  if (!local || span_ == Span::Unknown) return std::nullopt;
  const year_month_day date{floor<days>(sys_seconds{*local})};
  const sys_days begin = span_ == Span::Year    ? sys_days{date.year() / January / 1}
                         : span_ == Span::Month ? sys_days{date.year() / date.month() / 1}
                                                : sys_days{date};
  return TimePoint{begin - kFarthestEast};
}

Layout::Span Layout::span_of(std::string_view pattern) {
  bool year = false;
  bool month = false;
  bool day = false;
  for (std::size_t i = 0; i + 1 < pattern.size(); ++i) {
    if (pattern[i] != '%') continue;
    i = std::min(pattern.find_first_not_of("_-0^#EO", i + 1), pattern.size() - 1);
    const char field = pattern[i];
    year |= field == 'Y' || field == 'F';
    month |= field == 'm' || field == 'b' || field == 'B' || field == 'h' || field == 'F';
    day |= field == 'd' || field == 'e' || field == 'F';
  }
  if (!year) return Span::Unknown;
  if (!month) return Span::Year;
  return day ? Span::Day : Span::Month;
}

std::vector<std::string> path_of(std::string_view filled) {
  std::vector<std::string> path;
  for (const std::string_view name : split(filled, '/')) {
    if (!name.empty()) path.push_back(candidate(clean(name), 1, Naming::Directory));
  }
  return path;
}

Moment moment_of(const Asset& asset, const Layout& layout, TimePoint now,
                 const std::function<bool(const std::string&)>& lives_in) {
  const auto year = [&](std::optional<TimePoint> time) {
    const auto found = time ? layout.year(*time, asset.utc_offset) : std::nullopt;
    return found && *found >= kFirstYear ? found : std::nullopt;
  };
  const auto at = [&](TimePoint time) { return Moment{time, layout.fill(time, asset.utc_offset)}; };
  const int next_year = layout.year(now, std::nullopt).value_or(9999) + 1;
  const auto captured = year(asset.captured);
  const auto added = year(asset.added);
  if (captured) {
    const bool absurd = *captured > next_year;
    const bool was_absurd = added && *captured > *added + 1;
    if (!absurd && !was_absurd) return at(*asset.captured);
    Moment moment = at(*asset.captured);
    if (lives_in(moment.filled)) return moment;
    if (!absurd && !lives_in(at(*asset.added).filled)) return moment;
  }
  if (added) {
    Moment moment = at(*asset.added);
    if (*added <= next_year || lives_in(moment.filled)) return moment;
  }
  return {};
}

std::int64_t file_time(TimePoint time) {
  const auto whole = std::chrono::floor<seconds>(time.time_since_epoch());
  return std::clamp<std::int64_t>(whole.count(), kEarliestFileTime, kYear10000.count() - 1);
}

}  // namespace icloudphotos::tree
