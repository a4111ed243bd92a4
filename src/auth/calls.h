// SPDX-License-Identifier: MIT
#pragma once

#include <stop_token>
#include <string>
#include <string_view>

#include "icloudphotos/auth/session.h"
#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/net/http.h"

#include "auth/memory.h"

namespace icloudphotos::auth {

/// The requests of a sign-in: which headers each wants, and what to keep of its answer.
///
/// Errors    Offline, Cancelled, Protocol. A status is an answer.
/// Threads   Any.
/// Source    protocol/authentication.md 0.3, 0.4, 2 to 5.
class Calls {
 public:
  Calls(net::Http& http, Clock& clock, const SessionOptions& options, Memory& memory);

  // Identity.
  [[nodiscard]] Result<net::Response> init(std::string body, std::stop_token stop);
  /// `begun`: the answer of init, which may want work to be shown.
  [[nodiscard]] Result<net::Response> complete(std::string body, const net::Response& begun, std::stop_token stop);
  /// `refusal`: the answer that asked for it.
  [[nodiscard]] Result<net::Response> repair(const net::Response& refusal, std::stop_token stop);
  [[nodiscard]] Result<net::Response> factor_options(std::stop_token stop);
  [[nodiscard]] Result<net::Response> push(std::stop_token stop);
  [[nodiscard]] Result<net::Response> phone(std::string body, std::stop_token stop);
  [[nodiscard]] Result<net::Response> device_code(std::string body, std::stop_token stop);
  [[nodiscard]] Result<net::Response> phone_code(std::string body, std::stop_token stop);
  [[nodiscard]] Result<net::Response> trust(std::stop_token stop);
  // Setup.
  [[nodiscard]] Result<net::Response> validate(std::stop_token stop);
  enum class Trust { Claimed, NotClaimed };
  [[nodiscard]] Result<net::Response> account_login(Trust trust, std::stop_token stop);

  /// Where Apple is for this account.
  [[nodiscard]] Endpoints endpoints() const;
  /// The headers every call to Apple's own hosts has.
  [[nodiscard]] net::Headers browser_headers(std::string_view url) const;
  /// Takes tokens and cookies out of an answer, whatever its status.
  void absorb(std::string_view url, const net::Headers& headers);

 private:
  /// Apple wants the page of the identity service to say that it comes from there until the password is proved, and
  /// from the iCloud page afterwards.
  enum class Page { Identity, Home };
  [[nodiscard]] Result<net::Response> identity(std::string_view method, std::string_view path, std::string body,
                                               Page page, std::stop_token stop, const net::Headers& more = {});
  [[nodiscard]] Result<net::Response> setup(std::string_view call, const std::string& body, std::stop_token stop);

  net::Http& http_;
  Clock& clock_;
  const SessionOptions& options_;
  Memory& memory_;
};

}  // namespace icloudphotos::auth
