// SPDX-License-Identifier: MIT
#include "auth/calls.h"

#include <fmt/format.h>

#include <utility>

#include "icloudphotos/base/json.h"
#include "icloudphotos/base/log.h"

namespace icloudphotos::auth {
namespace {

constexpr Log log{"auth"};

// The public widget key of icloud.com, the same for everybody.
constexpr const char* kWidgetKey = "d39ba9916b7251055b22c7f910e2ea796ee65e98b2ddecea8f5dde8d9d1a815d";

/// The headers that are kept, whatever host and status they come with.
bool remember(SavedSession& session, const net::Headers& headers) {
  bool changed = false;
  const auto keep = [&](std::string_view name, Secret& where) {
    if (const auto value = headers.get(name); value && !value->empty() && *value != where.reveal()) {
      where = Secret{std::string{*value}};
      changed = true;
    }
  };
  keep("scnt", session.scnt);
  keep("X-Apple-ID-Session-Id", session.session_id);
  keep("X-Apple-Session-Token", session.session_token);
  keep("X-Apple-TwoSV-Trust-Token", session.trust_token);
  if (const auto country = headers.get("X-Apple-ID-Account-Country"); country && *country != session.account_country) {
    session.account_country = *country;
    changed = true;
  }
  return changed;
}

}  // namespace

Calls::Calls(net::Http& http, Clock& clock, const SessionOptions& options, Memory& memory)
    : http_{http}, clock_{clock}, options_{options}, memory_{memory} {}

net::Headers Calls::browser_headers(std::string_view url, std::string_view origin) const {
  net::Headers headers{{"Origin", std::string{origin}},
                       {"Referer", std::string{origin} + "/"},
                       {"User-Agent", options_.user_agent}};
  const auto cookies = memory_.copy().cookies.header_for(url, clock_.now());
  if (!cookies.empty()) headers.add("Cookie", std::string{cookies.reveal()});
  return headers;
}

Result<void> Calls::absorb(std::string_view url, const net::Headers& headers) {
  const auto cookies = headers.all("Set-Cookie");
  auto probe = memory_.copy();
  if (cookies.empty() && !remember(probe, headers)) return {};
  return memory_.change([&](SavedSession& session) {
    remember(session, headers);
    for (const auto cookie : cookies) session.cookies.store(url, cookie, clock_.now());
  });
}

Result<net::Response> Calls::identity(std::string_view method, std::string_view path, std::string body,
                                      std::string_view origin, std::stop_token stop) {
  net::Request request;
  request.method = method;
  request.url = fmt::format("{}/appleauth/auth{}{}", options_.endpoints.identity_url, path.empty() ? "" : "/", path);
  request.headers = browser_headers(request.url, origin);
  const auto session = memory_.copy();
  const net::Headers page{{"Accept", "application/json, text/javascript"},
                          {"X-Apple-Widget-Key", kWidgetKey},
                          {"X-Apple-OAuth-Client-Id", kWidgetKey},
                          {"X-Apple-OAuth-Client-Type", "firstPartyAuth"},
                          {"X-Apple-OAuth-Redirect-URI", options_.endpoints.home_url},
                          {"X-Apple-OAuth-Require-Grant-Code", "true"},
                          {"X-Apple-OAuth-Response-Mode", "web_message"},
                          {"X-Apple-OAuth-Response-Type", "code"},
                          {"X-Apple-OAuth-State", "auth-" + session.client_id}};
  for (const auto& [name, value] : page.lines()) request.headers.add(name, value);
  if (!session.scnt.empty()) request.headers.add("scnt", std::string{session.scnt.reveal()});
  if (!session.session_id.empty()) request.headers.add("X-Apple-ID-Session-Id", std::string{session.session_id.reveal()});
  if (!body.empty()) request.headers.add("Content-Type", "application/json");
  request.body = std::move(body);
  auto response = TRY(http_.send(request, stop));
  log.debug("identity call={} {} status={}", method, path.substr(0, path.find('?')), response.status);
  TRY(absorb(request.url, response.headers));
  return response;
}

Result<net::Response> Calls::init(std::string body, std::stop_token stop) {
  return identity("POST", "signin/init", std::move(body), options_.endpoints.identity_url, stop);
}
Result<net::Response> Calls::complete(std::string body, std::stop_token stop) {
  return identity("POST", "signin/complete?isRememberMeEnabled=true", std::move(body), options_.endpoints.identity_url, stop);
}
Result<net::Response> Calls::repair(std::stop_token stop) {
  return identity("POST", "repair/complete", "{}", options_.endpoints.home_url, stop);
}
Result<net::Response> Calls::factor_options(std::stop_token stop) {
  return identity("GET", "", {}, options_.endpoints.home_url, stop);
}
Result<net::Response> Calls::push(std::stop_token stop) {
  return identity("PUT", "verify/trusteddevice/securitycode", {}, options_.endpoints.home_url, stop);
}
Result<net::Response> Calls::phone(std::string body, std::stop_token stop) {
  return identity("PUT", "verify/phone", std::move(body), options_.endpoints.home_url, stop);
}
Result<net::Response> Calls::device_code(std::string body, std::stop_token stop) {
  return identity("POST", "verify/trusteddevice/securitycode", std::move(body), options_.endpoints.home_url, stop);
}
Result<net::Response> Calls::phone_code(std::string body, std::stop_token stop) {
  return identity("POST", "verify/phone/securitycode", std::move(body), options_.endpoints.home_url, stop);
}
Result<net::Response> Calls::trust(std::stop_token stop) {
  return identity("GET", "2sv/trust", {}, options_.endpoints.home_url, stop);
}

Result<net::Response> Calls::setup(std::string_view call, std::string body, bool fresh_connection, std::stop_token stop) {
  net::Request request;
  request.method = "POST";
  request.url = fmt::format("{}/{}", options_.endpoints.setup_url, call);
  request.headers = browser_headers(request.url, options_.endpoints.home_url);
  request.headers.add("Accept", "*/*");
  request.headers.add("Content-Type", "application/json");
  request.body = std::move(body);
  request.fresh_connection = fresh_connection;
  auto response = TRY(http_.send(request, stop));
  log.debug("setup call={} status={}", call, response.status);
  TRY(absorb(request.url, response.headers));
  return response;
}

Result<net::Response> Calls::validate(std::stop_token stop) { return setup("validate", "null", false, stop); }

Result<net::Response> Calls::account_login(bool fresh_connection, std::stop_token stop) {
  const auto session = memory_.copy();
  JsonWriter body;
  body.object().member("accountCountryCode", session.account_country);
  body.member("dsWebAuthToken", session.session_token.reveal()).member("extended_login", true);
  body.member("trustToken", session.trust_token.reveal()).end();
  return setup("accountLogin", body.take(), fresh_connection, stop);
}

}  // namespace icloudphotos::auth
