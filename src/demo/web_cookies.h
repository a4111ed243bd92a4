// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "icloudphotos/base/clock.h"

#include "answers.h"
#include "origin.h"
#include "quirks.h"
#include "tokens.h"

namespace icloudphotos::demo {

inline constexpr std::string_view kDsid = "12345678901";

/// How far somebody has come who holds cookies.
enum class Standing { Untrusted, Trusted, TermsPending, NoTwoFactor };

/// The two forms of dates that occur in cookies, both unlike the standard's.
enum class DateForm { WithSpace, WithoutSpace };
[[nodiscard]] std::string expires(TimePoint when, DateForm form);

/// The cookies of the setup service (authentication.md 0.4), and what those that come back are worth.
///
/// Threads   Any.
class WebCookies {
 public:
  WebCookies(Tokens& tokens, const Clock& clock) : tokens_{tokens}, clock_{clock} {}

  void add(net::ServerResponse& response, Standing standing, const Origin& origin, const Quirks& quirks) const;
  /// The credential of the photos service.
  [[nodiscard]] std::string fresh_token(const Origin& origin) const;
  [[nodiscard]] bool has_live_token(const net::ServerRequest& request) const;
  /// This browser needs no second factor: the cookie that legacy two-step verification leaves.
  [[nodiscard]] std::string trust(const Origin& origin, const Quirks& quirks) const;
  [[nodiscard]] bool has_trust(const net::ServerRequest& request) const;
  /// What a protected account's photos are decrypted with.
  void add_keys(net::ServerResponse& response, const Origin& origin) const;
  [[nodiscard]] bool has_keys(const net::ServerRequest& request) const;

 private:
  [[nodiscard]] bool holds(const net::ServerRequest& request, std::string_view cookie, TokenKind kind) const;
  Tokens& tokens_;
  const Clock& clock_;
};

}  // namespace icloudphotos::demo
