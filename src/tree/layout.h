// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <locale.h>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/handle.h"
#include "icloudphotos/model/photo.h"

#include "time_zone.h"

namespace icloudphotos::tree {

/// Where in `All Photos` a moment belongs: an strftime pattern filled in with the time of a clock.
///
/// Always in English: the path of a photo must not depend on the settings of whoever mounts it.
class Layout {
 public:
  /// `pattern` as strftime has it.
  explicit Layout(std::string_view pattern, TimeZone zone = {});

  /// The pattern filled in; not a path yet. `photo_offset` is what the photo says of itself, east of UTC. Where the
  /// zone needs it: without one, or with one no place on Earth has, UTC.
  [[nodiscard]] std::string fill(TimePoint time, std::optional<std::chrono::seconds> photo_offset) const;
  /// The year in which that clock sees the moment; nothing outside the years 1 to 9999.
  [[nodiscard]] std::optional<int> year(TimePoint time, std::optional<std::chrono::seconds> photo_offset) const;
  /// No photo taken before that moment is filed where this one is, wherever it was taken; nothing where the pattern does
  /// not tell, as one without a year.
  [[nodiscard]] std::optional<TimePoint> none_before(TimePoint time,
                                                     std::optional<std::chrono::seconds> photo_offset) const;

 private:
  /// Within which a directory has all its photos.
  enum class Span : std::uint8_t { Unknown, Year, Month, Day };
  static Span span_of(std::string_view pattern);

  std::string pattern_;
  Span span_;
  TimeZone zone_;
  Handle<__locale_struct, freelocale> english_;
};

/// The directories a filled-in pattern names, each cleaned and at most 255 bytes. None: the top.
[[nodiscard]] std::vector<std::string> path_of(std::string_view filled);

/// The first year a photo can be from: the oldest photograph that survives was taken in 1826.
inline constexpr int kFirstYear = 1826;

/// When a photo is from, and where that puts it.
struct Moment {
  std::optional<TimePoint> time;  ///< Nothing: nobody knows, it is undated.
  std::string filled;             ///< The layout filled in with it.
};

/// The capture date; if it is absent or absurd (before 1826, after next year) the date added; if that is too, nothing.
///
/// The time that passes must not move a photo: what looked absurd when the photo came goes on being so, and what was
/// believed once goes on being believed even by a computer whose clock is wrong. `lives_in(filled)` tells where it is
/// now.
[[nodiscard]] Moment moment_of(const Asset& asset, const Layout& layout, TimePoint now,
                               const std::function<bool(const std::string& filled)>& lives_in);

/// Whole seconds since 1970, cut to what common file systems can keep (from 1901-12-13).
[[nodiscard]] std::int64_t file_time(TimePoint time);

}  // namespace icloudphotos::tree
