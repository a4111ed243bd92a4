// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "icloudphotos/auth/person.h"
#include "icloudphotos/auth/security_keys.h"
#include "icloudphotos/base/result.h"

#include "auth/answers.h"
#include "auth/calls.h"
#include "auth/pauses.h"

namespace icloudphotos::auth {

/// Proves possession by six digits or by a security key: has the devices show a code once, asks the person, sends by
/// phone only if they wish. Goes on where `SavedSession::half_way` says, whoever brought it there: what was sent is not
/// sent again.
///
/// Errors    Refused (wrong three times, locked), NeedsSignIn (no key plugged in), Cancelled, Throttled, Offline.
/// Source    protocol/authentication.md 3 and 4.
class SecondFactor {
 public:
  SecondFactor(Calls& calls, Clock& clock, Pauses& pauses, Memory& memory, const SessionOptions& options);

  enum class Proof {
    Given,
    ContextLost,  ///< Apple does not know this sign-in any more: from the password on.
  };
  /// Until a code is accepted. `completion`: the answer that asked for it, if there is one, which may say what is
  /// possible. `what_happened`: told with the first question.
  [[nodiscard]] Result<Proof> prove(const net::Response* completion, std::optional<std::string> what_happened,
                                    CodeSource& codes, std::stop_token stop);

 private:
  /// Where a code was sent: to the devices, or to a phone.
  struct Target {
    std::optional<FactorOptions::Phone> phone;
    bool voice = false;
  };
  /// What one answer of the person, or of Apple, led to.
  enum class Step { Accepted, AskAgain, ContextLost };

  /// Nothing: the context is lost.
  [[nodiscard]] Result<std::optional<FactorOptions>> options(const net::Response* completion, std::stop_token stop);
  void go_on_from(const HalfWay& half_way, const FactorOptions& possible);
  [[nodiscard]] Result<Proof> ask(const FactorOptions& possible, CodeSource& codes, std::stop_token stop);
  /// Says no in `last_refusal` when the code comes too early, too often, or cannot be sent.
  [[nodiscard]] Result<Step> send_if_fit(const Target& target, std::stop_token stop);
  [[nodiscard]] Result<Step> send(const Target& target, std::stop_token stop);
  [[nodiscard]] Result<Step> wish(const Answer& answer, const FactorOptions& options, std::stop_token stop);
  /// If the code was not accepted, `last_refusal` says why.
  [[nodiscard]] Result<Step> try_code(const Secret& code, std::stop_token stop);
  [[nodiscard]] Result<Step> judge(const net::Response& response, std::stop_token stop);
  [[nodiscard]] Result<Proof> use_key(const FactorOptions& possible, CodeSource& codes, std::stop_token stop);
  [[nodiscard]] Result<KeyAssertion> touch(const KeyChallenge& challenge, std::stop_token stop);
  [[nodiscard]] HalfWay half_way() const;
  void note(const std::function<void(HalfWay&)>& change);
  [[nodiscard]] Error exhausted(const net::Response& response);

  Calls& calls_;
  Clock& clock_;
  Pauses& pauses_;
  Memory& memory_;
  SecurityKeys* keys_;
  Challenge challenge_;
  Target sent_to_;
  std::map<std::pair<std::int64_t, bool>, Monotonic> sent_at_;  ///< By phone (devices: -1) and voice.
};

}  // namespace icloudphotos::auth
