// SPDX-License-Identifier: MIT
#include "time_zone.h"

#include <ctime>
#include <exception>
#include <string>

#include <date/tz.h>
#include <fmt/format.h>

#include "icloudphotos/base/text.h"

namespace icloudphotos::tree {
namespace {

using std::chrono::seconds;

// libc knows all forms TZ can have and all places where /etc/localtime can point; the library knows neither.
std::optional<seconds> offset_here(seconds utc) {
  const std::time_t moment = utc.count();
  std::tm tm{};
  if (::localtime_r(&moment, &tm) == nullptr) return std::nullopt;
  return seconds{tm.tm_gmtoff};
}

}  // namespace

Result<TimeZone> TimeZone::open(std::string_view name) {
  if (name == "photo") return TimeZone{};
  if (name == "UTC") return TimeZone{Kind::Utc};
  if (name == "local") {
    ::tzset();
    return TimeZone{Kind::Local};
  }
  // The library reads the directory of zones when it is first asked, and the file of a zone when that is first asked.
  try {
    const date::time_zone* zone = date::locate_zone(name);
    static_cast<void>(zone->get_info(date::sys_seconds{}));
    return TimeZone{Kind::Named, zone};
  } catch (const std::exception&) {
    return Error{ErrorKind::Usage,
                 fmt::format("timezone: this system knows no zone \"{}\"; it must be photo, local, UTC, or a name like "
                             "Europe/Berlin (the package tzdata has them)",
                             printable(name))};
  }
}

std::optional<seconds> TimeZone::offset_at(TimePoint time, std::optional<seconds> photo_offset) const {
  const auto utc = std::chrono::floor<seconds>(time.time_since_epoch());
  switch (kind_) {
    case Kind::Photo:
      break;
    case Kind::Local:
      return offset_here(utc);
    case Kind::Utc:
      return seconds{0};
    case Kind::Named:
      return named_->get_info(date::sys_seconds{utc}).offset;
  }
  return photo_offset;
}

}  // namespace icloudphotos::tree
