// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/mutex.h"

namespace icloudphotos::ui {

/// How far the reading of something has come.
struct ReadSoFar {
  std::int64_t known = 0;               ///< So many photos are read,
  std::optional<std::int64_t> counted;  ///< of as many as there are, as far as somebody counts them;
  std::int64_t meanwhile = 0;           ///< and of those so many since it is watched,
  std::chrono::milliseconds watched{};  ///< which is for so long.

  /// Photos a second. Needs a second of watching.
  [[nodiscard]] std::optional<double> rate() const;
  [[nodiscard]] std::optional<std::chrono::seconds> left() const;
};

/// "Personal Library: 12,300 of 40,000 photos, 2,150 a second, 13 s left"
[[nodiscard]] std::string progress_line(std::string_view what, const ReadSoFar& so_far);
/// The same with a bar, in so many columns: "Personal Library [######              ] 12,300 of 40,000, 2,150 a second".
/// What has no room is left out, the bar first.
[[nodiscard]] std::string progress_bar(std::string_view what, const ReadSoFar& so_far, std::size_t columns);

/// Shows it on a terminal, as one line that is written over; else as a line every ten seconds.
///
/// Threads   Any.
/// Lifetime  The descriptor is the caller's and outlives it.
class Progress {
 public:
  Progress(int output, Clock& clock);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  void show(std::string_view what, const ReadSoFar& so_far);
  /// Ends the line, so that others may write.
  void finish();

 private:
  [[nodiscard]] std::size_t columns() const;
  void write(std::string_view text) const;
  void end_line() REQUIRES(mutex_);

  const int output_;
  const bool terminal_;
  Clock& clock_;
  Mutex mutex_;  ///< also keeps lines whole
  std::string what_ GUARDED_BY(mutex_);
  std::optional<Monotonic> shown_at_ GUARDED_BY(mutex_);
  bool open_line_ GUARDED_BY(mutex_) = false;
};

}  // namespace icloudphotos::ui
