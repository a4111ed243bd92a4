// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "icloudphotos/net/http_server.h"

namespace icloudphotos::demo {

/// Where a client believes to be: URLs and cookies of answers follow the Host it asked, so that the same service plays
/// Apple's hosts (behind names in /etc/hosts) and a plain loopback address.
struct Origin {
  std::string base;       ///< "http://127.0.0.1:8080", as the client sees it
  bool is_apple = false;  ///< the Host looks like one of Apple's
  int partition = 61;

  [[nodiscard]] std::string database_url() const;
  [[nodiscard]] std::string content_url() const;
  [[nodiscard]] std::string setup_url() const;
  [[nodiscard]] std::string web_service_url(std::string_view name) const;
  /// The attributes that end each cookie of the setup and photos hosts.
  [[nodiscard]] std::string icloud_cookie_scope() const;
  [[nodiscard]] std::string apple_cookie_scope() const;
  [[nodiscard]] std::string identity_cookie_scope() const;
};

[[nodiscard]] Origin origin_of(const net::ServerRequest& request, bool has_tls, int partition);

}  // namespace icloudphotos::demo
