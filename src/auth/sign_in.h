// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>

#include "auth/answers.h"
#include "auth/calls.h"
#include "icloudphotos/auth/person.h"
#include "icloudphotos/base/result.h"

namespace icloudphotos::auth {

/// The way down from "there may still be cookies" to "type six digits", as far as needed.
///
/// Errors    NeedsSignIn: only a person can go on. Refused, Throttled, Offline, Protocol, Storage, Cancelled: as `Session::sign_in`.
/// Source    protocol/authentication.md 1.
class SignIn {
 public:
  SignIn(Calls& calls, Clock& clock, const SessionOptions& options, Memory& memory);

  /// Without a person: cookies, then session and trust token.
  [[nodiscard]] Result<void> renew(std::stop_token stop);
  /// With one: password, and code if Apple wants it.
  [[nodiscard]] Result<void> with_person(PasswordSource& passwords, CodeSource& codes, std::stop_token stop);

 private:
  enum class Step { SignedIn, SecondFactor };

  [[nodiscard]] Result<void> check_pause() const;
  [[nodiscard]] Error throttled(const net::Response& response);
  [[nodiscard]] Result<void> settle(const net::Response& response);
  [[nodiscard]] Result<void> account_login(std::stop_token stop);
  [[nodiscard]] Result<InitAnswer> begin(const Srp& srp, std::stop_token stop);
  [[nodiscard]] Result<Step> password(const Secret& password, std::stop_token stop);
  [[nodiscard]] Result<Step> judge_password(const net::Response& response, std::stop_token stop);
  [[nodiscard]] Result<void> second_factor(CodeSource& codes, std::stop_token stop);
  [[nodiscard]] Result<bool> push(std::stop_token stop);
  [[nodiscard]] Result<void> send_to_phone(const FactorOptions::Phone& phone, bool voice, std::stop_token stop);
  [[nodiscard]] Result<net::Response> submit(const Secret& code, std::stop_token stop);
  [[nodiscard]] Result<void> trust(std::stop_token stop);

  /// The phone that was asked for a code last, if it was not the devices.
  struct SentTo {
    FactorOptions::Phone phone;
    bool voice = false;
  };

  Calls& calls_;
  Clock& clock_;
  const SessionOptions& options_;
  Memory& memory_;
  std::optional<SentTo> sent_to_;
};

}  // namespace icloudphotos::auth
