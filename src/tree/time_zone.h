// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/result.h"

namespace date {
class time_zone;
}

namespace icloudphotos::tree {

/// Whose clock decides under which date a photo is filed.
///
/// Zones come from the system's tz database, so that its updates reach us; nothing is fetched. Of named ones the library
/// knows the changes that are listed there, on Debian until 2037, and stays at the last. That of this computer is
/// what TZ and /etc/localtime said when the program first asked libc for the time.
class TimeZone {
 public:
  /// The photo's own: that of the place where it was taken.
  TimeZone() = default;
  /// "photo", "local", "UTC", or a name like "Europe/Berlin". Errors: Usage.
  [[nodiscard]] static Result<TimeZone> open(std::string_view name);

  /// How far that clock is east of UTC at that moment; `photo_offset` is what the photo says of itself. Nothing when
  /// nobody knows.
  [[nodiscard]] std::optional<std::chrono::seconds> offset_at(TimePoint time,
                                                              std::optional<std::chrono::seconds> photo_offset) const;

 private:
  enum class Kind : std::uint8_t { Photo, Local, Utc, Named };
  explicit TimeZone(Kind kind, const date::time_zone* named = nullptr) : kind_{kind}, named_{named} {}

  Kind kind_ = Kind::Photo;
  const date::time_zone* named_ = nullptr;  ///< The library's own, there until the program ends.
};

}  // namespace icloudphotos::tree
