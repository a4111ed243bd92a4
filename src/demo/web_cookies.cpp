// SPDX-License-Identifier: MIT
#include "web_cookies.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "icloudphotos/base/text.h"

namespace icloudphotos::demo {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kToken = "X-APPLE-WEBAUTH-TOKEN", kTrust = "X-APPLE-WEBAUTH-HSA-TRUST";
constexpr std::string_view kVersion = "v=2:t=";
constexpr auto kWebLife = 24h * 30;
constexpr auto kKeysLife = 1h;

std::string_view unquoted(std::string_view value) {
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') return value.substr(1, value.size() - 2);
  return value;
}

}  // namespace

std::string expires(TimePoint when, DateForm form) {
  const auto time = fmt::gmtime(std::chrono::system_clock::to_time_t(when));
  return form == DateForm::WithSpace ? fmt::format(";Expires={:%a, %d-%b-%Y %H:%M:%S} GMT", time)
                                     : fmt::format(";Expires={:%a,%d-%b-%Y %H:%M:%S} GMT", time);
}

bool WebCookies::holds(const net::ServerRequest& request, std::string_view cookie, TokenKind kind) const {
  const std::string sent = cookie_of(request, cookie);
  const std::string_view value = unquoted(sent);
  return value.starts_with(kVersion) && tokens_.read(kind, value.substr(kVersion.size()), clock_.now());
}

bool WebCookies::has_live_token(const net::ServerRequest& request) const {
  return holds(request, kToken, TokenKind::Web);
}
bool WebCookies::has_trust(const net::ServerRequest& request) const { return holds(request, kTrust, TokenKind::Trust); }
bool WebCookies::has_keys(const net::ServerRequest& request) const {
  return holds(request, "X-APPLE-WEBAUTH-PCS-Photos", TokenKind::Pcs) &&
         holds(request, "X-APPLE-WEBAUTH-PCS-Sharing", TokenKind::Pcs);
}

std::string WebCookies::fresh_token(const Origin& origin) const {
  const TimePoint end = clock_.now() + kWebLife;
  return fmt::format("{}=\"{}{}\"{}{};HttpOnly", kToken, kVersion, tokens_.make(TokenKind::Web, "trusted", end),
                     expires(end, DateForm::WithoutSpace), origin.icloud_cookie_scope());
}

std::string WebCookies::trust(const Origin& origin, const Quirks& quirks) const {
  const TimePoint end = clock_.now() + 24h * quirks.trust_days;
  return fmt::format("{}=\"{}{}\"{}{};HttpOnly", kTrust, kVersion, tokens_.make(TokenKind::Trust, "browser", end),
                     expires(end, DateForm::WithSpace), origin.icloud_cookie_scope());
}

void WebCookies::add_keys(net::ServerResponse& response, const Origin& origin) const {
  const TimePoint end = clock_.now() + kKeysLife;
  for (const std::string_view service : {"Photos", "Sharing"}) {
    response.headers.add("Set-Cookie", fmt::format("X-APPLE-WEBAUTH-PCS-{}=\"{}{}\"{}{};HttpOnly", service, kVersion,
                                                   tokens_.make(TokenKind::Pcs, "photos", end),
                                                   expires(end, DateForm::WithoutSpace), origin.icloud_cookie_scope()));
  }
}

void WebCookies::add(net::ServerResponse& response, Standing standing, const Origin& origin,
                     const Quirks& quirks) const {
  const std::string scope = origin.icloud_cookie_scope();
  enum class Reader { Server, Script };
  const auto put = [&](std::string_view name, std::string_view value, std::string_view expiry,
                       Reader reader = Reader::Server) {
    response.headers.add("Set-Cookie", fmt::format("{}=\"{}\"{}{}{}", name, value, expiry, scope,
                                                   reader == Reader::Script ? "" : ";HttpOnly"));
  };
  const TimePoint now = clock_.now();
  const std::string month = expires(now + kWebLife, DateForm::WithSpace),
                    month_too = expires(now + kWebLife, DateForm::WithoutSpace);
  const std::string opaque = base64_encode(random_bytes(24));
  put("X-APPLE-UNIQUE-CLIENT-ID", "Cw==", "", Reader::Script);
  put("X-APPLE-WEBAUTH-USER", fmt::format("v=1:s=1:d={}", kDsid), month);
  put("X_APPLE_WEB_KB-OQUUCGLDAPODDVUG4BOFXV0GNYS", "v=1:t=" + opaque,
      expires(now + 2 * kWebLife, DateForm::WithSpace));
  if (standing == Standing::TermsPending) {  // half made: nothing of it opens a door
    put("X-APPLE-WEBAUTH-HSA-TRUST", opaque, expires(now + 3 * kWebLife, DateForm::WithSpace));
    return put("X-APPLE-WEBAUTH-REPAIR", "v=1:t=" + opaque, "");
  }
  put("X-APPLE-WEBAUTH-LOGIN", "v=1:t=" + opaque, "");
  put("X-APPLE-WEBAUTH-VALIDATE", "v=1:t=" + opaque, "", Reader::Script);
  put("X-APPLE-DS-WEB-SESSION-TOKEN", opaque, month_too);
  if (standing == Standing::Untrusted) return put("X-APPLE-WEBAUTH-HSA-LOGIN", "v=2:t=" + opaque, "");
  // An empty value of long ago deletes.
  put("X-APPLE-WEBAUTH-HSA-LOGIN", "", ";Expires=Thu, 01-Jan-1970 00:00:00 GMT");
  if (quirks.account != AccountKind::TwoStep)  // there it is worth something and must not be replaced
    put("X-APPLE-WEBAUTH-HSA-TRUST", opaque, expires(now + 3 * kWebLife, DateForm::WithSpace));
  response.headers.add("Set-Cookie", fresh_token(origin));
  const bool is_protected = quirks.account == AccountKind::AdvancedProtection;
  for (const std::string_view service : {"Documents", "News", "Notes", "Sharing", "Photos"}) {
    if (is_protected && (service == "Sharing" || service == "Photos")) continue;
    put("X-APPLE-WEBAUTH-PCS-" + std::string{service}, opaque, month_too);
  }
}

}  // namespace icloudphotos::demo
