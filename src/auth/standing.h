// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>

#include "icloudphotos/auth/session.h"
#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/result.h"

#include "auth/memory.h"

namespace icloudphotos::auth {

/// Whether the session works or waits for a person, and since when that is no news any more: a person is told once,
/// also when the program is started again and again.
///
/// Threads   Any. It tells nobody itself: what is news is returned, to be told under no lock.
class Standing {
 public:
  Standing(Memory& memory, Clock& clock);

  [[nodiscard]] std::optional<SessionEvent> ready();
  /// `why`: only a person can go on. `Later`: it may also mend itself, so that it is worth a look after a while.
  enum class Mends { ByPersonOnly, Later };
  [[nodiscard]] std::optional<SessionEvent> needs_person(const Error& why, Mends mends);
  /// The same, when a person knows already, because they were there.
  void waits(const Error& why);

  /// Something else went wrong, which a person who looks should see.
  void hindered(const Error& why);

  /// What stands in the way of requests. None: nothing, or it is time to look again.
  [[nodiscard]] std::optional<Error> obstacle() const;
  [[nodiscard]] bool needs_somebody() const;
  /// What went wrong last, while nothing has gone well since.
  [[nodiscard]] std::optional<Error> problem() const;

 private:
  Memory& memory_;
  Clock& clock_;
  mutable Mutex mutex_;
  bool ready_ GUARDED_BY(mutex_);
  std::optional<Error> obstacle_ GUARDED_BY(mutex_);
  std::optional<Error> problem_ GUARDED_BY(mutex_);
  std::optional<Monotonic> look_again_ GUARDED_BY(mutex_);
};

}  // namespace icloudphotos::auth
