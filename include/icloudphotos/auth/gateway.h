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
/// Errors    NeedsSignIn: a person has to act. Offline, Throttled, Cancelled. Any other status is an answer.
/// Threads   Any; callers wait. While a silent re-login runs the others wait for its result, never for a person.
class Gateway {
 public:
  virtual ~Gateway() = default;

  /// POSTs JSON to `path` below the photos service's root ("/database/1/com.apple.photos.cloud/production/…"), with
  /// cookies, Origin and the usual query parameters. An answer that says the session is over (401, 421, 450, 403
  /// without a reason) leads to one silent re-login, first by cookies, then by token, each followed by one repetition.
  [[nodiscard]] virtual Result<net::Response> post(std::string_view path, std::string body, std::stop_token stop) = 0;

  /// The `Cookie` header for a URL outside (content hosts rarely want it); may be empty.
  [[nodiscard]] virtual Secret cookies_for(std::string_view url) = 0;
};

}  // namespace icloudphotos::auth
