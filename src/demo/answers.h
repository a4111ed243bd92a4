// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "icloudphotos/net/http_server.h"

namespace icloudphotos::demo {

[[nodiscard]] net::ServerResponse json_answer(int status, std::string body);

/// A refusal as CloudKit words it (photos.md 18.1).
struct Failure {
  int status = 400;
  std::string code;
  std::string reason;
};
[[nodiscard]] net::ServerResponse failure_answer(const Failure& failure);

/// The value of a cookie as it was sent, quotes included; empty: not there.
[[nodiscard]] std::string cookie_of(const net::ServerRequest& request, std::string_view name);
[[nodiscard]] bool has_cookie_starting(const net::ServerRequest& request, std::string_view prefix);

}  // namespace icloudphotos::demo
