// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/json.h"

#include "answers.h"
#include "origin.h"
#include "quirks.h"
#include "tokens.h"

namespace icloudphotos::demo {

/// The setup service, `/setup/ws/1/…`: turns tokens into cookies (authentication.md 5 and 6), and says to the photos
/// service who may come in.
///
/// Threads   Any.
class Setup {
 public:
  Setup(std::string account, Tokens& tokens, const Clock& clock)
      : account_{std::move(account)}, tokens_{tokens}, clock_{clock} {}

  [[nodiscard]] net::ServerResponse answer(const net::ServerRequest& request, const Origin& origin,
                                           const Quirks& quirks);

  /// Why a photos call may not be answered; nothing when it may.
  [[nodiscard]] std::optional<net::ServerResponse> refuse(const net::ServerRequest& request,
                                                          const Quirks& quirks) const;
  /// A new token cookie, as photos answers bring one now and then.
  [[nodiscard]] std::string fresh_token_cookie(const Origin& origin) const;

 private:
  net::ServerResponse validate(const net::ServerRequest& request, const Origin& origin, const Quirks& quirks);
  net::ServerResponse account_login(JsonView body, const Origin& origin, const Quirks& quirks);
  net::ServerResponse request_pcs(const net::ServerRequest& request, const Origin& origin, const Quirks& quirks);
  net::ServerResponse web_access_state(const Quirks& quirks) const;
  net::ServerResponse terms(JsonView body, std::string_view operation);
  enum class Standing { Untrusted, Trusted, TermsPending, NoTwoFactor };
  [[nodiscard]] std::string account_json(Standing standing, const Origin& origin, const Quirks& quirks) const;
  void add_cookies(net::ServerResponse& response, Standing standing, const Origin& origin, const Quirks& quirks) const;
  [[nodiscard]] std::optional<std::string> web_claim(const net::ServerRequest& request) const;

  const std::string account_;
  Tokens& tokens_;
  const Clock& clock_;
  std::atomic<std::int64_t> pcs_requests_ = 0;
  std::atomic<bool> terms_accepted_ = false;
};

}  // namespace icloudphotos::demo
