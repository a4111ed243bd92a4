// SPDX-License-Identifier: MIT
#include "origin.h"

#include <fmt/format.h>

#include "icloudphotos/base/text.h"

namespace icloudphotos::demo {
namespace {

bool looks_like_apple(std::string_view host) {
  const std::string name = ascii_lower(host.substr(0, host.find(':')));
  return name.ends_with("icloud.com") || name.ends_with("apple.com") || name.ends_with("icloud-content.com");
}

}  // namespace

Origin origin_of(const net::ServerRequest& request, bool has_tls, int partition) {
  const std::string host{request.headers.get("Host").value_or("127.0.0.1")};
  return {(has_tls ? "https://" : "http://") + host, looks_like_apple(host), partition};
}

std::string Origin::web_service_url(std::string_view name) const {
  return is_apple ? fmt::format("https://p{}-{}.icloud.com:443", partition, name) : base;
}
std::string Origin::database_url() const { return web_service_url("ckdatabasews"); }
std::string Origin::content_url() const { return is_apple ? "https://cvws.icloud-content.com" : base; }
std::string Origin::setup_url() const { return is_apple ? "https://setup.icloud.com" : base; }

// A host name that is no domain of Apple's gets host-only cookies.
std::string Origin::icloud_cookie_scope() const { return is_apple ? ";Path=/;Domain=.icloud.com;Secure" : ";Path=/"; }
std::string Origin::apple_cookie_scope() const { return is_apple ? "; Domain=apple.com; Path=/; Secure" : "; Path=/"; }
std::string Origin::identity_cookie_scope() const {
  return is_apple ? "; Domain=idmsa.apple.com; Path=/; Secure" : "; Path=/";
}

}  // namespace icloudphotos::demo
