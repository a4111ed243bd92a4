// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "icloudphotos/auth/person.h"
#include "icloudphotos/base/result.h"

#include "auth/answers.h"
#include "auth/calls.h"
#include "auth/pauses.h"
#include "auth/second_factor.h"

namespace icloudphotos::auth {

/// Whether a sign-in waits for nothing but its code, which Apple still remembers.
[[nodiscard]] bool is_half_way(const SavedSession& session, TimePoint now);

/// The way down from "there may still be cookies" to "type six digits", as far as needed.
///
/// Errors    NeedsSignIn: only a person can go on. Refused, Throttled, Offline, Protocol, Storage, Cancelled: as
///           `Session::sign_in`.
/// Source    protocol/authentication.md 1.
class SignIn {
 public:
  SignIn(Calls& calls, Clock& clock, const SessionOptions& options, Memory& memory);

  /// Without a person: cookies, then session and trust token; or, when cookies are known to be no good, only the
  /// latter.
  enum class From { Cookies, Tokens };
  [[nodiscard]] Result<void> renew(From from, std::stop_token stop);
  /// By the latter alone; a failure leaves the session as it is.
  [[nodiscard]] Result<void> with_tokens(std::stop_token stop);
  /// With one: password, and code if Apple wants it.
  [[nodiscard]] Result<void> with_person(PasswordSource& passwords, CodeSource& codes, std::stop_token stop);
  /// With a password that can be had without one. No code is sent for.
  [[nodiscard]] Result<void> unattended(PasswordSource& passwords, std::stop_token stop);

 private:
  [[nodiscard]] Result<void> from_the_password(PasswordSource& passwords, CodeSource& codes,
                                               std::optional<std::string> what_happened, std::stop_token stop);
  /// The password is over and done with when this returns.
  [[nodiscard]] Result<net::Response> password(PasswordSource& passwords, const CodeSource& codes,
                                               std::stop_token stop);
  [[nodiscard]] bool has_cookies(const SavedSession& session) const;
  [[nodiscard]] Result<void> may_try(const PasswordSource& passwords, const Secret& password,
                                     const CodeSource& codes) const;
  [[nodiscard]] Result<net::Response> begin(const std::string& body, std::stop_token stop);
  [[nodiscard]] Result<net::Response> complete(const Secret& password, const CodeSource& codes, std::stop_token stop);
  /// Once more at China's other identity service, where there is one and this one does not answer.
  [[nodiscard]] Result<net::Response> begin_elsewhere(Result<net::Response> first, const std::string& body,
                                                      std::stop_token stop);
  /// Signed in but for the account login, or the error that ends it. A 409 is for the caller.
  [[nodiscard]] Result<void> judge_completion(const net::Response& response, const Secret& password,
                                              std::stop_token stop);
  /// `completion`: none when an earlier start got it.
  [[nodiscard]] Result<SecondFactor::Proof> second_factor(const net::Response* completion,
                                                          std::optional<std::string> what_happened, CodeSource& codes,
                                                          std::stop_token stop);
  /// Asks to be trusted; what the account login may claim after that.
  [[nodiscard]] Result<Calls::Trust> trust(std::stop_token stop);

  [[nodiscard]] Result<void> account_login(Calls::Trust trust, std::stop_token stop);
  /// After a password or code: why the account login did not go well is worth a sentence.
  [[nodiscard]] Result<void> last_step(Calls::Trust trust, std::stop_token stop);
  void note_person_wanted();
  /// Takes a validate or accountLogin answer for what it means. NeedsSignIn: the way it was tried is no good any more.
  [[nodiscard]] Result<void> settle(const net::Response& response);
  [[nodiscard]] Result<void> keep(const Account& account);
  /// Whether the account turned out to live elsewhere, and where is known.
  [[nodiscard]] Result<bool> moves(const net::Response& response);

  Calls& calls_;
  Clock& clock_;
  const SessionOptions& options_;
  Memory& memory_;
  Pauses pauses_;
  bool repaired_ = false;
  bool two_step_ = false;
  bool moved_ = false;
  bool no_session_ = false;
  bool locked_ = false;
};

}  // namespace icloudphotos::auth
