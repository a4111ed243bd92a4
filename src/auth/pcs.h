// SPDX-License-Identifier: MIT
#pragma once

#include <stop_token>
#include <string>

#include "icloudphotos/auth/person.h"
#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/net/http.h"

#include "auth/calls.h"
#include "auth/memory.h"
#include "auth/pauses.h"

namespace icloudphotos::auth {

/// Whether an answer of the photos service says that the keys of protected data are missing.
[[nodiscard]] bool lacks_keys(const net::Response& response);
/// Whether it says that access is denied, which may mean that, or web access being off, or that it is too much.
[[nodiscard]] bool denies_access(const net::Response& response);

/// Under Advanced Data Protection a device of the account lends its keys for an hour or so, as cookies.
///
/// Errors    NeedsSignIn: nobody has allowed it. Refused: the account's settings forbid it. Rejected: the data is not
///           protected, so there is nothing to lend. Throttled, Offline, Protocol, Cancelled.
/// Source    protocol/authentication.md 6.
class Pcs {
 public:
  Pcs(Calls& calls, Clock& clock, Memory& memory)
      : calls_{calls}, clock_{clock}, memory_{memory}, pauses_{memory, clock} {}

  [[nodiscard]] bool has_keys() const;
  /// Gets them, silently where a device has agreed already; else the person is asked on their devices, once until the
  /// keys have come, and told of it if they are here.
  [[nodiscard]] Result<void> obtain(CodeSource& person, std::stop_token stop);

 private:
  struct Access {
    bool on_the_web = true;
    bool is_protected = false;
    bool is_approved = false;
  };
  [[nodiscard]] Result<Access> access(std::stop_token stop);
  [[nodiscard]] bool was_asked(const CodeSource& person) const;
  [[nodiscard]] Result<void> ask_devices(std::stop_token stop);
  [[nodiscard]] Result<void> fetch(Calls::Asked asked, std::stop_token stop);
  [[nodiscard]] Result<bool> try_fetch(Calls::Asked asked, std::stop_token stop);
  /// The errors that any answer of these calls may be.
  [[nodiscard]] Result<void> check(const net::Response& response);

  Calls& calls_;
  Clock& clock_;
  Memory& memory_;
  Pauses pauses_;
};

}  // namespace icloudphotos::auth
