// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/net/http.h"

#include "auth/memory.h"

namespace icloudphotos::auth {

/// Which part of Apple wants to be left alone.
enum class Service {
  Identity,  ///< Passwords and codes: 15 min, doubling to 6 h. More attempts only lengthen Apple's own pause.
  Setup,     ///< Sessions: 1 min, doubling to 15 min.
};

/// Stays away from Apple for as long as it wants, also over restarts. A `Retry-After` makes a pause longer, up to an
/// hour, never shorter.
/// Source    protocol/authentication.md 7.3.
class Pauses {
 public:
  Pauses(Memory& memory, Clock& clock) : memory_{memory}, clock_{clock} {}

  /// Errors: Throttled while a pause lasts.
  [[nodiscard]] Result<void> check(Service service) const;
  /// Begins one because of an answer. Gives the Throttled error to return.
  [[nodiscard]] Error begin(Service service, const net::Response& response);

 private:
  Memory& memory_;
  Clock& clock_;
};

/// Until when the service wants to be left alone; none: it does not.
[[nodiscard]] std::optional<TimePoint> paused_until(const SavedSession& session, Service service, TimePoint now);

/// "15:20", in the zone of this machine.
[[nodiscard]] std::string clock_time(TimePoint at);

}  // namespace icloudphotos::auth
