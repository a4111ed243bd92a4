// SPDX-License-Identifier: MIT
#include "auth/calls.h"

#include <utility>

#include <fmt/format.h>

#include "icloudphotos/base/json.h"
#include "icloudphotos/base/log.h"
#include "icloudphotos/base/text.h"

#include "auth/answers.h"
#include "auth/endpoints.h"
#include "auth/hashcash.h"
#include "auth/trust.h"

namespace icloudphotos::auth {
namespace {

constexpr Log log{"auth"};

// The public widget key of icloud.com, the same for everybody.
constexpr const char* kWidgetKey = "d39ba9916b7251055b22c7f910e2ea796ee65e98b2ddecea8f5dde8d9d1a815d";

constexpr const char* kBuildNumber = "2522Project44";
constexpr const char* kMasteringNumber = "2522B2";
constexpr const char* kTrustToken = "X-Apple-TwoSV-Trust-Token";

/// The headers that are kept, whatever host and status they come with.
void remember(SavedSession& session, const net::Headers& headers) {
  const auto keep = [&](std::string_view name, Secret& where) {
    if (const auto value = headers.get(name); value && !value->empty()) where = Secret{std::string{*value}};
  };
  keep("scnt", session.scnt);
  keep("X-Apple-ID-Session-Id", session.session_id);
  keep("X-Apple-Session-Token", session.session_token);
  keep(kTrustToken, session.trust_token);
  keep("X-Apple-Auth-Attributes", session.auth_attributes);
  if (const auto country = headers.get("X-Apple-ID-Account-Country"); country && !country->empty()) {
    session.account_country = *country;
  }
}

net::Headers page_headers(std::string_view origin, const std::string& user_agent) {
  return {{"Origin", std::string{origin}}, {"Referer", std::string{origin} + "/"}, {"User-Agent", user_agent}};
}

}  // namespace

void write_phone(JsonWriter& out, const FactorOptions::Phone& phone) {
  out.key("phoneNumber").object().member("id", phone.phone.id);
  if (phone.non_fteu) out.member("nonFTEU", *phone.non_fteu);
  out.end();
}

Calls::Calls(net::Http& http, Clock& clock, const SessionOptions& options, Memory& memory)
    : http_{http}, clock_{clock}, options_{options}, memory_{memory} {}

Endpoints Calls::endpoints() const {
  return memory_.read([&](const SavedSession& session) { return in_region(options_.endpoints, session); });
}

net::Headers Calls::browser_headers(std::string_view url) const {
  return memory_.read([&](const SavedSession& session) {
    auto headers = page_headers(in_region(options_.endpoints, session).home_url, options_.user_agent);
    const auto cookies = session.cookies.header_for(url, clock_.now());
    if (!cookies.empty()) headers.add("Cookie", std::string{cookies.reveal()});
    return headers;
  });
}

std::string Calls::client_id() const {
  return memory_.read([](const SavedSession& session) { return session.client_id; });
}

std::string Calls::usual_query() const {
  return memory_.read([](const SavedSession& session) {
    return fmt::format("clientBuildNumber={}&clientMasteringNumber={}&clientId={}&dsid={}", kBuildNumber,
                       kMasteringNumber, session.client_id, percent_encode(session.dsid));
  });
}

void Calls::absorb(std::string_view url, const net::Response& response, const std::string& asker,
                   const Meaning& meaning) {
  const auto saved = memory_.change([&](SavedSession& session) {
    if (session.client_id != asker) return;  // signed out meanwhile: not ours any more
    remember(session, response.headers);
    for (const auto cookie : response.headers.all("Set-Cookie")) session.cookies.store(url, cookie, clock_.now());
    if (meaning) meaning(session, response);
  });
  // The answer is good all the same, and so is what is remembered in memory.
  if (!saved) log.warn("what was learnt cannot be kept for the next start reason={}", saved.error().message());
}

Result<net::Response> Calls::identity(std::string_view method, std::string_view path, std::string body, Page page,
                                      std::stop_token stop, const Meaning& meaning, const net::Headers& more) {
  const auto session = memory_.copy();
  const auto where = in_region(options_.endpoints, session);
  net::Request request;
  request.method = method;
  request.url = fmt::format("{}/appleauth/auth{}{}", where.identity_url, path.empty() ? "" : "/", path);
  request.headers = page_headers(page == Page::Identity ? where.identity_url : where.home_url, options_.user_agent);
  const auto add = [&](const char* name, std::string_view value) { request.headers.add(name, std::string{value}); };
  add("Accept", "application/json, text/javascript");
  if (!body.empty()) add("Content-Type", "application/json");
  add("X-Apple-Widget-Key", kWidgetKey);
  add("X-Apple-OAuth-Client-Id", kWidgetKey);
  add("X-Apple-OAuth-Client-Type", "firstPartyAuth");
  add("X-Apple-OAuth-Redirect-URI", where.home_url);
  add("X-Apple-OAuth-Require-Grant-Code", "true");
  add("X-Apple-OAuth-Response-Mode", "web_message");
  add("X-Apple-OAuth-Response-Type", "code");
  add("X-Apple-OAuth-State", "auth-" + session.client_id);
  if (!session.scnt.empty()) add("scnt", session.scnt.reveal());
  if (!session.session_id.empty()) add("X-Apple-ID-Session-Id", session.session_id.reveal());
  for (const auto& [name, value] : more.lines()) request.headers.add(name, value);
  const auto cookies = session.cookies.header_for(request.url, clock_.now());
  if (!cookies.empty()) add("Cookie", cookies.reveal());
  request.body = std::move(body);
  auto response = http_.send(request, stop);
  wipe(request.body.data(), request.body.size());
  if (!response) return std::move(response).error().within("signing in");
  log.debug("identity call={} {} status={}", method, path.substr(0, path.find('?')), response->status);
  absorb(request.url, *response, session.client_id, meaning);
  return response;
}

Calls::Meaning Calls::second_factor_taken() const {
  return [](SavedSession& session, const net::Response& response) {
    switch (judge_code(response)) {
      case CodeVerdict::Accepted:
      case CodeVerdict::AcceptedButRepair:
        session.unfinished = false;
        session.code_accepted = true;
        session.half_way.reset();
        break;
      case CodeVerdict::Locked:
      case CodeVerdict::ContextLost:
        session.half_way.reset();
        break;
      case CodeVerdict::Wrong:
      case CodeVerdict::Unclear:
        if (session.half_way) ++session.half_way->wrong;
        break;
      case CodeVerdict::Throttled:
        break;
    }
  };
}

Result<net::Response> Calls::init(std::string body, std::stop_token stop) {
  return identity("POST", "signin/init", std::move(body), Page::Identity, stop);
}
Result<net::Response> Calls::complete(std::string body, const net::Response& begun, std::stop_token stop) {
  net::Headers work;
  if (auto proof = hashcash_for(begun, clock_.now())) work.add("X-Apple-HC", std::move(*proof));
  constexpr const char* kPath = "signin/complete?isRememberMeEnabled=true";
  const auto taken = [&](SavedSession& session, const net::Response& response) {
    const int status = true_status(response);
    if (status == 200) session.unfinished = false;
    if (status == 409) session.half_way = HalfWay{clock_.now(), {}, {}, false, 0, 0};
    if (status == 200 || status == 409) {
      session.password_refused_at.reset();
      session.refused_salt.clear();
      session.refused_mark = 0;
    }
  };
  return identity("POST", kPath, std::move(body), Page::Identity, stop, taken, work);
}
Result<net::Response> Calls::repair(const net::Response& refusal, std::stop_token stop) {
  net::Headers token;
  constexpr const char* kToken = "X-Apple-Repair-Session-Token";
  if (const auto value = refusal.headers.get(kToken)) token.add(kToken, std::string{*value});
  const auto repaired = [](SavedSession& session, const net::Response& response) {
    if (true_status(response) / 100 == 2) session.unfinished = false;
  };
  return identity("POST", "repair/complete", "{}", Page::Home, stop, repaired, token);
}
Result<net::Response> Calls::factor_options(std::stop_token stop) { return identity("GET", "", {}, Page::Home, stop); }
Calls::Meaning Calls::code_sent(std::int64_t where, Voice voice) {
  return [where, voice](SavedSession& session, const net::Response& response) {
    const auto target = where == HalfWay::kDevices ? SentTo::Devices : SentTo::Phone;
    if (!session.half_way || !code_was_sent(response, target)) return;
    session.half_way->sent_to = where;
    session.half_way->by_voice = voice == Voice::Yes;
  };
}

Result<net::Response> Calls::push(std::stop_token stop) {
  constexpr const char* kPath = "verify/trusteddevice/securitycode";
  return identity("PUT", kPath, {}, Page::Home, stop, code_sent(HalfWay::kDevices, Voice::No));
}
Result<net::Response> Calls::phone(const FactorOptions::Phone& phone, Voice voice, std::stop_token stop) {
  JsonWriter body;
  body.object();
  write_phone(body, phone);
  body.member("mode", voice == Voice::Yes ? "voice" : "sms").end();
  return identity("PUT", "verify/phone", body.take(), Page::Home, stop, code_sent(phone.phone.id, voice));
}
Result<net::Response> Calls::device_code(std::string body, std::stop_token stop) {
  constexpr const char* kPath = "verify/trusteddevice/securitycode";
  return identity("POST", kPath, std::move(body), Page::Home, stop, second_factor_taken());
}
Result<net::Response> Calls::phone_code(std::string body, std::stop_token stop) {
  return identity("POST", "verify/phone/securitycode", std::move(body), Page::Home, stop, second_factor_taken());
}
Result<net::Response> Calls::key_signature(std::string body, std::stop_token stop) {
  return identity("POST", "verify/security/key", std::move(body), Page::Home, stop, second_factor_taken());
}
Result<net::Response> Calls::trust(std::stop_token stop) {
  const auto trusted = [&](SavedSession& session, const net::Response& response) {
    const int status = true_status(response);
    if (!is_throttle(status)) session.code_accepted = false;
    if (status / 100 != 2) return;
    if (const auto token = response.headers.get(kTrustToken); token && !token->empty())
      note_trust(session, clock_.now());
  };
  return identity("GET", "2sv/trust", {}, Page::Home, stop, trusted);
}

Result<net::Response> Calls::setup(std::string_view call, const std::string& body, std::stop_token stop, Query query) {
  net::Request request;
  request.method = "POST";
  request.url = fmt::format("{}/{}", endpoints().setup_url, call);
  if (query == Query::With) request.url += "?" + usual_query();
  request.body = body;
  const auto send = [&]() -> Result<net::Response> {
    request.headers = browser_headers(request.url);
    request.headers.add("Accept", "*/*");
    request.headers.add("Content-Type", call == "logout" ? "text/plain;charset=UTF-8" : "application/json");
    const auto asker = client_id();
    auto response = TRY(http_.send(request, stop));
    log.debug("setup call={} status={}", call, response.status);
    absorb(request.url, response, asker);
    return response;
  };
  auto response = send();
  if (response && response->status == 421 && call == "accountLogin") {
    // It may only mean that the connection belongs to another partition.
    request.fresh_connection = true;
    response = send();
  }
  wipe(request.body.data(), request.body.size());
  if (!response) return std::move(response).error().within("signing in");
  return response;
}

Result<net::Response> Calls::validate(std::stop_token stop) { return setup("validate", "null", stop); }
Result<net::Response> Calls::web_access_state(std::stop_token stop) {
  return setup("requestWebAccessState", {}, stop, Query::With);
}
Result<net::Response> Calls::ask_for_approval(std::stop_token stop) {
  return setup("enableDeviceConsentForPCS", {}, stop, Query::With);
}
Result<net::Response> Calls::request_keys(Asked asked, std::stop_token stop) {
  JsonWriter body;
  body.object().member("appName", "photos").member("derivedFromUserAction", asked == Asked::ByPerson).end();
  return setup("requestPCS", body.take(), stop, Query::With);
}
Result<net::Response> Calls::logout(std::stop_token stop) {
  return setup("logout", R"({"trustBrowser":false,"allBrowsers":false})", stop, Query::With);
}

Result<net::Response> Calls::account_login(Trust trust, std::stop_token stop) {
  const auto session = memory_.copy();  // wiped with the tokens it holds
  JsonWriter body;
  body.object().member("accountCountryCode", session.account_country);
  body.member("dsWebAuthToken", session.session_token.reveal()).member("extended_login", true);
  body.member("trustToken", trust == Trust::Claimed ? session.trust_token.reveal() : "").end();
  auto text = body.take();
  auto response = setup("accountLogin", text, stop);
  wipe(text.data(), text.size());
  return response;
}

Result<net::Response> Calls::photos(std::string_view path, const std::string& body, Connection connection,
                                    std::stop_token stop) {
  const auto root = memory_.read([](const SavedSession& session) { return session.photos_url(); });
  return service(fmt::format("{}{}?remapEnums=true&getCurrentSyncToken=true", root, path), body, connection, stop);
}

Result<net::Response> Calls::service(std::string_view url, const std::string& body, Connection connection,
                                     std::stop_token stop) {
  net::Request request;
  request.method = "POST";
  request.url = fmt::format("{}{}{}", url, url.find('?') == std::string_view::npos ? '?' : '&', usual_query());
  request.headers = browser_headers(request.url);
  request.headers.add("Accept", "*/*");
  request.headers.add("Content-Type", "text/plain");
  request.body = body;
  request.fresh_connection = connection == Connection::Fresh;
  const auto asker = client_id();
  auto response = TRY(http_.send(request, stop));
  // Most answers bring nothing new, and there are many of them.
  if (response.headers.get("Set-Cookie")) absorb(request.url, response, asker);
  return response;
}

}  // namespace icloudphotos::auth
