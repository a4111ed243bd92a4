// SPDX-License-Identifier: MIT
#include "auth/endpoints.h"

#include <utility>

#include <fmt/format.h>

#include "icloudphotos/base/text.h"
#include "icloudphotos/net/http.h"

namespace icloudphotos::auth {
namespace {

// China mainland has a setup service and a web site of its own, and mostly shares the identity service.
constexpr std::string_view kIdentity = "https://idmsa.apple.com";
constexpr std::string_view kIdentityChina = "https://idmsa.apple.com.cn";
constexpr std::string_view kSetup = "https://setup.icloud.com/setup/ws/1";
constexpr std::string_view kSetupChina = "https://setup.icloud.com.cn/setup/ws/1";
constexpr std::string_view kHome = "https://www.icloud.com";
constexpr std::string_view kHomeChina = "https://www.icloud.com.cn";

Result<std::string> check(std::string url) {
  const auto parsed = net::parse_url(url);
  if (!parsed || !(parsed->scheme == "https" || (parsed->scheme == "http" && parsed->is_loopback()))) {
    return Error{ErrorKind::Usage,
                 fmt::format("{} is not an https address (http is for loopback only)", printable(url))};
  }
  while (url.ends_with('/')) url.pop_back();
  return url;
}

}  // namespace

Result<Endpoints> endpoints_of(std::string_view domain) {
  if (domain == "com") return Endpoints{};
  if (domain != "cn")
    return Error{ErrorKind::Usage, fmt::format("there is no iCloud domain \"{}\": com or cn", printable(domain))};
  Endpoints china;
  china.setup_url = kSetupChina;
  china.home_url = kHomeChina;
  return china;
}

Result<Endpoints> checked(Endpoints endpoints) {
  endpoints.identity_url = TRY(check(std::move(endpoints.identity_url)));
  endpoints.setup_url = TRY(check(std::move(endpoints.setup_url)));
  endpoints.home_url = TRY(check(std::move(endpoints.home_url)));
  return endpoints;
}

Endpoints in_region(const Endpoints& configured, const SavedSession& session) {
  auto there = configured;
  const bool apples = configured.setup_url == kSetup || configured.setup_url == kSetupChina;
  if (!apples) return there;
  if (!session.region.empty()) {
    there.setup_url = session.region == "cn" ? kSetupChina : kSetup;
    there.home_url = session.region == "cn" ? kHomeChina : kHome;
  }
  if (session.identity_url == kIdentityChina && other_identity(there)) there.identity_url = kIdentityChina;
  return there;
}

std::optional<std::string> other_identity(const Endpoints& used) {
  if (used.setup_url != kSetupChina || used.identity_url != kIdentity) return std::nullopt;
  return std::string{kIdentityChina};
}

std::optional<std::string> region_of(std::string_view domain) {
  if (ascii_iequals(domain, "icloud.com.cn")) return "cn";
  if (ascii_iequals(domain, "icloud.com")) return "com";
  return std::nullopt;
}

bool is_apples(std::string_view url, const Endpoints& endpoints) {
  const auto parsed = net::parse_url(url);
  if (!parsed) return false;
  if (parsed->is_loopback()) {
    // A service on this machine was asked for, so it may name another one there.
    const auto setup = net::parse_url(endpoints.setup_url);
    return setup && setup->is_loopback();
  }
  const auto below = [&](std::string_view domain) { return parsed->host.ends_with(domain); };
  return parsed->scheme == "https" && (below(".icloud.com") || below(".icloud.com.cn") || below(".apple.com"));
}

}  // namespace icloudphotos::auth
