// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "icloudphotos/auth/person.h"
#include "icloudphotos/base/result.h"

#include "auth/answers.h"
#include "auth/calls.h"
#include "auth/pauses.h"

namespace icloudphotos::auth {

/// Proves possession by six digits: has the devices show a code once, asks the person, sends by phone only if they
/// wish.
///
/// Errors    Refused (wrong three times, locked, too late, security key), NeedsSignIn, Cancelled, Throttled, Offline.
/// Source    protocol/authentication.md 3.
class SecondFactor {
 public:
  SecondFactor(Calls& calls, Clock& clock, Pauses& pauses, std::string account);

  /// Until a code is accepted. `completion`: the answer that asked for it, which may say what is possible.
  [[nodiscard]] Result<void> prove(const net::Response& completion, CodeSource& codes, std::stop_token stop);

 private:
  /// Where a code was sent: to the devices, or to a phone.
  struct Target {
    std::optional<FactorOptions::Phone> phone;
    bool voice = false;
  };

  [[nodiscard]] Result<FactorOptions> options(const net::Response& completion, std::stop_token stop);
  /// Says no in `last_refusal` when the code comes too early, too often, or cannot be sent.
  [[nodiscard]] Result<void> send_if_fit(const Target& target, std::stop_token stop);
  [[nodiscard]] Result<void> send(const Target& target, std::stop_token stop);
  [[nodiscard]] Result<void> wish(const Answer& answer, const FactorOptions& options, std::stop_token stop);
  /// Whether the code was accepted; if not, `last_refusal` says why.
  [[nodiscard]] Result<bool> try_code(const Secret& code, std::stop_token stop);

  Calls& calls_;
  Clock& clock_;
  Pauses& pauses_;
  Challenge challenge_;
  Target sent_to_;
  std::map<std::pair<int, bool>, Monotonic> sent_at_;  ///< By phone (devices: -1) and voice.
  int sends_ = 0;
  int wrong_ = 0;
};

}  // namespace icloudphotos::auth
