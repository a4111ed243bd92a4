// SPDX-License-Identifier: MIT
#pragma once

#include <stop_token>
#include <string>
#include <string_view>

#include "icloudphotos/base/result.h"
#include "icloudphotos/base/secret.h"
#include "icloudphotos/net/http.h"

namespace icloudphotos::auth {

/// The signed-in way to the photos service. `Session` is one; tests of `cloud` use a replayer.
///
/// Errors    NeedsSignIn: a person has to act. Refused: they have to, and signing in again alone will not do; the
///           sentence says what will. Throttled (a re-login that takes longer than half a minute as well), Offline,
///           Protocol, Storage, Cancelled. Any other status is an answer.
/// Threads   Any; callers wait. While a silent re-login runs the others wait for its result, never for a person.
class Gateway {
 public:
  virtual ~Gateway() = default;

  /// POSTs JSON to `path` below the photos service's root ("/database/1/com.apple.photos.cloud/production/…"), with
  /// cookies, Origin and the usual query parameters. An answer that says the session is over (401, 421, 450, 403
  /// without a reason) leads to one silent re-login, first by cookies, then by token, then by a password that can be had
  /// without a person; each way is followed by one repetition. One that says that the keys of protected data are missing
  /// has them renewed, likewise.
  [[nodiscard]] virtual Result<net::Response> post(std::string_view path, std::string body, std::stop_token stop) = 0;

  /// The account's part of another service that its sign-in named ("sharedstreams"), as the beginning of a URL without a
  /// slash at its end; empty: the account has no such service.
  [[nodiscard]] virtual std::string account_root(std::string_view service) = 0;

  /// POSTs JSON to a whole URL, which an answer may have named, as `post` does to the photos service's. An answer that
  /// says the session is over leads to one look whether it is, and one repetition: that another service refuses a session
  /// does not end it. Errors: Protocol too, and nothing was sent: the host is none of Apple's.
  [[nodiscard]] virtual Result<net::Response> post_to(std::string_view url, std::string body, std::stop_token stop) = 0;

  /// The `Cookie` header for a URL outside (content hosts rarely want it); may be empty.
  [[nodiscard]] virtual Secret cookies_for(std::string_view url) = 0;
};

}  // namespace icloudphotos::auth
