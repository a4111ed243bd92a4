// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "icloudphotos/base/mutex.h"

namespace icloudphotos::demo {

/// Where a code was sent. 0: the trusted devices; else the id of a telephone number.
using CodeTarget = int;

/// Sends six-digit codes and says whether one is right (authentication.md 3.3 to 3.5).
///
/// Threads   Any.
class CodeDesk {
 public:
  /// With `fixed` every code is that, and it is right without having been sent, like one from a device's settings.
  explicit CodeDesk(std::optional<std::string> fixed) : fixed_{std::move(fixed)} {}

  /// A new code; the one before is void. False: too many were sent.
  bool send(CodeTarget target);
  /// A code that was not asked for over the network: the device's settings show it.
  std::string generate();
  enum class Verdict { Right, Wrong, Locked };
  Verdict check(CodeTarget target, std::string_view code);
  /// What the device or telephone shows.
  [[nodiscard]] std::string shown() const;
  /// A completed sign-in forgets earlier attempts.
  void forgive();

  struct Counts {
    int sent = 0, wrong = 0;
  };
  [[nodiscard]] Counts counts() const;  ///< Since the service began.
  [[nodiscard]] bool is_locked() const;

 private:
  void make(CodeTarget target) REQUIRES(mutex_);
  const std::optional<std::string> fixed_;
  mutable Mutex mutex_;
  std::string code_ GUARDED_BY(mutex_);
  CodeTarget target_ GUARDED_BY(mutex_) = 0;
  Counts recent_ GUARDED_BY(mutex_);  ///< since the last completed sign-in
  Counts totals_ GUARDED_BY(mutex_);
};

}  // namespace icloudphotos::demo
