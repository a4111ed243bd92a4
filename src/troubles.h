// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/json.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/result.h"

namespace icloudphotos {

/// The calendar day of this computer: 2026-11-21.
[[nodiscard]] std::string day_of(TimePoint at);

/// What went wrong today, for the status. Threads: any.
class Troubles {
 public:
  explicit Troubles(Clock& clock) : clock_{clock} {}

  void note(const Error& error);
  /// {"count": …, "kinds": {"offline": …}, "last": {"at": …, "kind": …, "sentence": …}}
  void write(JsonWriter& out) const;

 private:
  struct Last {
    TimePoint at;
    Error error;
  };
  Clock& clock_;
  mutable Mutex mutex_;
  std::string day_ GUARDED_BY(mutex_);
  std::map<ErrorKind, std::int64_t> kinds_ GUARDED_BY(mutex_);
  std::optional<Last> last_ GUARDED_BY(mutex_);
};

}  // namespace icloudphotos
