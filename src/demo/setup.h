// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/json.h"

#include "answers.h"
#include "origin.h"
#include "protection.h"
#include "quirks.h"
#include "tokens.h"
#include "two_step.h"
#include "web_cookies.h"

namespace icloudphotos::demo {

/// The setup service, `/setup/ws/1/…`: turns tokens into cookies (authentication.md 5 and 6).
///
/// Threads   Any.
class Setup {
 public:
  Setup(std::string account, Tokens& tokens, CodeDesk& codes, const Clock& clock)
      : account_{std::move(account)},
        tokens_{tokens},
        clock_{clock},
        cookies_{tokens, clock},
        protection_{cookies_, clock},
        two_step_{codes, cookies_} {}

  [[nodiscard]] net::ServerResponse answer(const net::ServerRequest& request, const Origin& origin,
                                           const Quirks& quirks);
  [[nodiscard]] const WebCookies& cookies() const { return cookies_; }
  [[nodiscard]] Protection& protection() { return protection_; }
  /// Apple has published other terms of service.
  void renew_terms() { terms_accepted_ = false; }

 private:
  struct Call {
    const net::ServerRequest& request;
    const Origin& origin;
    const Quirks& quirks;
    JsonView body;
  };
  net::ServerResponse validate(const Call& call) const;
  net::ServerResponse account_login(const Call& call);
  [[nodiscard]] Standing standing_of(const Call& call, std::string_view claim) const;
  net::ServerResponse request_pcs(const Call& call);
  net::ServerResponse terms(const Call& call, std::string_view operation);
  net::ServerResponse log_out(const Call& call);

  const std::string account_;
  Tokens& tokens_;
  const Clock& clock_;
  WebCookies cookies_;
  Protection protection_;
  TwoStep two_step_;
  std::atomic<bool> terms_accepted_ = false;
};

}  // namespace icloudphotos::demo
