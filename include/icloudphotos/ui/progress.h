// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/mutex.h"

namespace icloudphotos::ui {

/// How far the reading of a library has come: one line that is written over on a terminal, else a line every ten
/// seconds.
///
/// Threads   Any.
/// Lifetime  The descriptor is the caller's and outlives it.
class Progress {
 public:
  Progress(int output, Clock& clock);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  /// `known` photos of `what` are read, of `counted` there are.
  void show(std::string_view what, std::int64_t known, std::optional<std::int64_t> counted);
  /// Ends the line, so that others may write.
  void finish();

 private:
  void write(std::string_view text) const;
  void end_line() REQUIRES(mutex_);

  const int output_;
  const bool terminal_;
  Clock& clock_;
  Mutex mutex_;  ///< also keeps lines whole
  std::string what_ GUARDED_BY(mutex_);
  std::int64_t first_known_ GUARDED_BY(mutex_) = 0;
  Monotonic since_ GUARDED_BY(mutex_){};
  std::optional<Monotonic> shown_at_ GUARDED_BY(mutex_);
  bool open_line_ GUARDED_BY(mutex_) = false;
};

/// "Personal Library: 12,300 of 40,000 photos, 2,150 a second, 13 s left". Rate and rest need a second of watching.
[[nodiscard]] std::string progress_line(std::string_view what, std::int64_t known, std::optional<std::int64_t> counted,
                                        std::int64_t read_meanwhile, std::chrono::milliseconds watched);

}  // namespace icloudphotos::ui
