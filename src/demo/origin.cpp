// SPDX-License-Identifier: MIT
#include "origin.h"

#include <fmt/format.h>

#include "icloudphotos/base/text.h"

namespace icloudphotos::demo {
namespace {

constexpr std::string_view kChinaPath = "/cn";

bool is_below_china(std::string_view path) {
  return path.starts_with(kChinaPath) && path.substr(kChinaPath.size()).starts_with('/');
}

}  // namespace

std::string_view path_within(std::string_view path) {
  return is_below_china(path) ? path.substr(kChinaPath.size()) : path;
}

Origin origin_of(const net::ServerRequest& request, bool has_tls, int partition) {
  const std::string host{request.headers.get("Host").value_or("127.0.0.1")};
  std::string_view name = host;
  name = name.substr(0, name.find(':'));
  const bool ends_in_china = ascii_lower(name).ends_with(".cn");
  if (ends_in_china) name.remove_suffix(3);
  const std::string lower = ascii_lower(name);
  Origin origin{(has_tls ? "https://" : "http://") + host, false, partition, Region::Global};
  origin.is_apple =
      lower.ends_with("icloud.com") || lower.ends_with("apple.com") || lower.ends_with("icloud-content.com");
  if (origin.is_apple ? ends_in_china : is_below_china(request.path)) origin.region = Region::China;
  if (!origin.is_apple && origin.region == Region::China) origin.base += kChinaPath;
  return origin;
}

std::string Origin::web_service_url(std::string_view name) const {
  if (!is_apple) return base;
  return fmt::format("https://p{}-{}.icloud.com{}:443", partition, name, region == Region::China ? ".cn" : "");
}
std::string Origin::database_url() const { return web_service_url("ckdatabasews"); }
std::string Origin::content_url() const { return is_apple ? "https://cvws.icloud-content.com" : base; }
std::string Origin::setup_url() const {
  if (!is_apple) return base;
  return region == Region::China ? "https://setup.icloud.com.cn" : "https://setup.icloud.com";
}

// A host name that is no domain of Apple's gets host-only cookies.
std::string Origin::icloud_cookie_scope() const {
  if (!is_apple) return ";Path=/";
  return region == Region::China ? ";Path=/;Domain=.icloud.com.cn;Secure" : ";Path=/;Domain=.icloud.com;Secure";
}
std::string Origin::apple_cookie_scope() const {
  if (!is_apple) return "; Path=/";
  return region == Region::China ? "; Domain=apple.com.cn; Path=/; Secure" : "; Domain=apple.com; Path=/; Secure";
}
std::string Origin::identity_cookie_scope() const {
  if (!is_apple) return "; Path=/";
  return region == Region::China ? "; Domain=idmsa.apple.com.cn; Path=/; Secure"
                                 : "; Domain=idmsa.apple.com; Path=/; Secure";
}

}  // namespace icloudphotos::demo
