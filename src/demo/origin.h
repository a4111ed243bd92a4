// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "icloudphotos/net/http_server.h"

namespace icloudphotos::demo {

/// Apple keeps the accounts of China mainland apart, behind hosts of their own (authentication.md 9).
enum class Region { Global, China };
[[nodiscard]] constexpr std::string_view domain_of(Region region) {
  return region == Region::China ? "iCloud.com.cn" : "iCloud.com";
}

/// Where a client believes to be: URLs and cookies of answers follow the Host it asked, so that the same service plays
/// Apple's hosts (behind names in /etc/hosts) and a plain loopback address. China is where Apple's host ends in `.cn`,
/// and below `/cn` of any other.
struct Origin {
  std::string base;       ///< "http://127.0.0.1:8080", as the client sees it; with "/cn" for China
  bool is_apple = false;  ///< the Host looks like one of Apple's
  int partition = 61;
  Region region = Region::Global;

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
/// The path as the other hosts know it.
[[nodiscard]] std::string_view path_within(std::string_view path);

}  // namespace icloudphotos::demo
