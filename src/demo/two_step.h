// SPDX-License-Identifier: MIT
#pragma once

#include "icloudphotos/base/json.h"

#include "answers.h"
#include "code_desk.h"
#include "quirks.h"
#include "web_cookies.h"

namespace icloudphotos::demo {

/// Two-step verification, which preceded two-factor authentication: codes by SMS over the setup service
/// (authentication.md 3.8). The account has one telephone. For accounts of other kinds there are no devices.
///
/// Threads   Any.
class TwoStep {
 public:
  TwoStep(CodeDesk& codes, const WebCookies& cookies) : codes_{codes}, cookies_{cookies} {}

  [[nodiscard]] net::ServerResponse list_devices(const Quirks& quirks) const;
  net::ServerResponse send_code(JsonView device, const Quirks& quirks);
  /// A right code with `trustBrowser` makes the browser trusted, by a cookie.
  net::ServerResponse check_code(JsonView answer, const Origin& origin, const Quirks& quirks);

 private:
  CodeDesk& codes_;
  const WebCookies& cookies_;
};

}  // namespace icloudphotos::demo
