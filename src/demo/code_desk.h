// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/mutex.h"

#include "quirks.h"

namespace icloudphotos::demo {

/// Where a code was sent. 0: the trusted devices; else the id of a telephone number.
using CodeTarget = int;
enum class CodeMode { Push, Sms, Voice };
[[nodiscard]] std::string_view name_of(CodeMode mode);

/// A wish for a code.
struct CodeWish {
  CodeTarget target = 0;
  CodeMode mode = CodeMode::Push;
  std::string asked_by;  ///< the call, as the counters name it
};

struct SentCode {
  CodeWish wish;
  std::string code;
  TimePoint at;
};

/// What answers tell about limits.
struct CodeState {
  bool too_many_sent = false, too_many_wrong = false, cooling_down = false;
  [[nodiscard]] bool is_locked() const { return too_many_sent || too_many_wrong; }
};

/// Sends six-digit codes and says whether one is right (authentication.md 3.3 to 3.5). Five sent or five wrong lock it
/// until a sign-in succeeds, or for eight hours.
///
/// Threads   Any.
class CodeDesk {
 public:
  /// With `fixed` every code is that, and it is right without having been sent, like one from a device's settings.
  CodeDesk(std::optional<std::string> fixed, const Clock& clock) : fixed_{std::move(fixed)}, clock_{clock} {}

  enum class Sending { Sent, TooMany, TooSoon };
  /// A new code; those sent before are void.
  Sending send(CodeWish wish, const Quirks& quirks);
  /// A code that was not asked for over the network: the device's settings show it. It voids none that was sent.
  std::string generate();
  enum class Verdict { Right, Wrong, Locked };
  Verdict check(CodeTarget target, std::string_view code, const Quirks& quirks);
  /// What a device or telephone showed last; empty when it was used.
  [[nodiscard]] std::string shown() const;
  /// A completed sign-in forgets earlier attempts.
  void forgive();

  /// All codes sent since the service began, in order.
  [[nodiscard]] std::vector<SentCode> sent() const;
  [[nodiscard]] int wrong_in_all() const;
  [[nodiscard]] CodeState state(const Quirks& quirks) const;

 private:
  struct Code {
    CodeTarget target = 0;
    std::string digits;  ///< empty: used
    TimePoint at;
  };
  [[nodiscard]] std::string digits_unlike(std::string_view before) const;
  [[nodiscard]] bool is_right(Code& candidate, CodeTarget target, std::string_view code, const Quirks& quirks)
      REQUIRES(mutex_);
  /// Limits are forgotten in time.
  void cool_down() REQUIRES(mutex_);
  const std::optional<std::string> fixed_;
  const Clock& clock_;
  mutable Mutex mutex_;
  Code sent_code_ GUARDED_BY(mutex_), settings_code_ GUARDED_BY(mutex_);
  bool settings_came_last_ GUARDED_BY(mutex_) = false;
  int recently_sent_ GUARDED_BY(mutex_) = 0, recently_wrong_ GUARDED_BY(mutex_) = 0;  ///< since the last success
  int wrong_ GUARDED_BY(mutex_) = 0;
  TimePoint last_event_ GUARDED_BY(mutex_);
  std::vector<SentCode> log_ GUARDED_BY(mutex_);
};

}  // namespace icloudphotos::demo
