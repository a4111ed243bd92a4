// SPDX-License-Identifier: MIT
#include "setup.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "icloudphotos/base/text.h"

namespace icloudphotos::demo {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kPrefix = "/setup/ws/1/";
constexpr std::string_view kDsid = "12345678901";
constexpr std::string_view kTokenCookie = "X-APPLE-WEBAUTH-TOKEN";
constexpr std::int64_t kTermsVersion = 628201;
constexpr auto kWebLife = 24h * 30;

net::ServerResponse not_signed_in(std::string_view why) {
  return json_answer(421, JsonWriter{}
                              .object()
                              .member("success", false)
                              .key("requestInfo")
                              .array()
                              .object()
                              .member("country", "US")
                              .end()
                              .end()
                              .member("error", why)
                              .end()
                              .take());
}

net::ServerResponse refusal(int status, std::string_view reason, int error) {
  return json_answer(status, JsonWriter{}.object().member("reason", reason).member("error", error).end().take());
}

std::string unquoted(std::string_view value) {
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
  return std::string{value};
}

/// The two forms of dates that occur, both unlike the standard's.
enum class DateForm { WithSpace, WithoutSpace };
std::string expires(TimePoint when, DateForm form) {
  const auto time = fmt::gmtime(std::chrono::system_clock::to_time_t(when));
  return form == DateForm::WithSpace ? fmt::format(";Expires={:%a, %d-%b-%Y %H:%M:%S} GMT", time)
                                     : fmt::format(";Expires={:%a,%d-%b-%Y %H:%M:%S} GMT", time);
}

bool is_protected_without_keys(const net::ServerRequest& request, const Quirks& quirks) {
  return quirks.account == AccountKind::AdvancedProtection &&
         (cookie_of(request, "X-APPLE-WEBAUTH-PCS-Photos").empty() ||
          cookie_of(request, "X-APPLE-WEBAUTH-PCS-Sharing").empty());
}

void write_services(JsonWriter& out, const Origin& origin) {
  const auto service = [&](std::string_view name, std::string_view host, bool needs_pcs) {
    out.key(name).object();
    if (needs_pcs) out.member("pcsRequired", true);
    out.member("url", origin.web_service_url(host)).member("status", "active").end();
  };
  out.key("webservices").object();
  service("ckdatabasews", "ckdatabasews", true);
  service("photos", "photosws", true);
  service("photosupload", "uploadphotosws", true);
  service("uploadimagews", "uploadimagews", false);
  service("sharedlibrary", "sharedlibrary", false);
  service("push", "pushws", false);
  service("account", "setup", false);
  service("drivews", "drivews", true);
  out.key("schoolwork").object().end();
  out.end();
}

}  // namespace

net::ServerResponse Setup::answer(const net::ServerRequest& request, const Origin& origin, const Quirks& quirks) {
  const std::string_view operation = std::string_view{request.path}.substr(kPrefix.size());
  const auto document = JsonDocument::parse(request.body.empty() ? "null" : request.body);
  if (!document) return json_answer(400, R"({"success":false,"error":"Malformed request"})");
  const JsonView body = document->root();
  if (operation == "validate") return validate(request, origin, quirks);
  if (operation == "accountLogin") return account_login(body, origin, quirks);
  if (operation == "requestWebAccessState") return web_access_state(quirks);
  if (operation == "enableDeviceConsentForPCS") return json_answer(200, R"({"isDeviceConsentNotificationSent":true})");
  if (operation == "requestPCS") return request_pcs(request, origin, quirks);
  if (operation == "getTerms" || operation == "repairDone") return terms(body, operation);
  if (operation == "listDevices") return json_answer(200, R"({"devices":[]})");
  if (operation == "logout") {
    tokens_.expire_all(TokenKind::Web);
    return json_answer(200, R"({"success":true})");
  }
  if (operation == "storageUsageInfo") {
    return json_answer(
        200, R"({"storageUsageByMedia":[{"mediaKey":"photos","displayLabel":"Photos","displayColor":"ffcc00",)"
             R"("usageInBytes":32212254720}],"storageUsageInfo":{"compStorageInBytes":0,"usedStorageInBytes":)"
             R"(34562355216,"totalStorageInBytes":53687091200,"commerceStorageInBytes":48318382080},)"
             R"("quotaStatus":{"overQuota":false,"haveMaxQuotaTier":false,"almost-full":false,"paidQuota":true}})");
  }
  return json_answer(404, R"({"success":false,"error":"No such service"})");
}

std::optional<std::string> Setup::web_claim(const net::ServerRequest& request) const {
  const std::string value = unquoted(cookie_of(request, kTokenCookie));
  if (!value.starts_with("v=2:t=")) return std::nullopt;
  return tokens_.read(TokenKind::Web, std::string_view{value}.substr(6), clock_.now());
}

std::optional<net::ServerResponse> Setup::refuse(const net::ServerRequest& request, const Quirks& quirks) const {
  if (cookie_of(request, kTokenCookie).empty()) return refusal(421, "Missing X-APPLE-WEBAUTH-TOKEN cookie", 1);
  if (!web_claim(request)) return refusal(421, "Invalid global session", 2);
  if (is_protected_without_keys(request, quirks))
    return json_answer(423, R"({"errorReason":"Missing PCS cookies from the request","errorCode":423})");
  if (quirks.private_db_disabled)
    return failure_answer({403, "ACCESS_DENIED", "private db access disabled for this account"});
  return std::nullopt;
}

std::string Setup::fresh_token_cookie(const Origin& origin) const {
  const TimePoint end = clock_.now() + kWebLife;
  return fmt::format("{}=\"v=2:t={}\"{}{};HttpOnly", kTokenCookie, tokens_.make(TokenKind::Web, "trusted", end),
                     expires(end, DateForm::WithoutSpace), origin.icloud_cookie_scope());
}

void Setup::add_cookies(net::ServerResponse& response, Standing standing, const Origin& origin,
                        const Quirks& quirks) const {
  const std::string scope = origin.icloud_cookie_scope();
  const auto add = [&](std::string_view name, std::string_view value, std::string_view expiry, bool script) {
    response.headers.add("Set-Cookie",
                         fmt::format("{}=\"{}\"{}{}{}", name, value, expiry, scope, script ? "" : ";HttpOnly"));
  };
  const TimePoint now = clock_.now();
  const std::string month = expires(now + kWebLife, DateForm::WithSpace),
                    month_too = expires(now + kWebLife, DateForm::WithoutSpace);
  const std::string opaque = base64_encode(random_bytes(24));
  add("X-APPLE-UNIQUE-CLIENT-ID", "Cw==", "", true);
  add("X-APPLE-WEBAUTH-USER", fmt::format("v=1:s=1:d={}", kDsid), month, false);
  add("X_APPLE_WEB_KB-OQUUCGLDAPODDVUG4BOFXV0GNYS", "v=1:t=" + opaque, expires(now + 2 * kWebLife, DateForm::WithSpace),
      false);
  if (standing == Standing::TermsPending) return add("X-APPLE-WEBAUTH-REPAIR", "v=1:t=" + opaque, "", false);
  add("X-APPLE-WEBAUTH-LOGIN", "v=1:t=" + opaque, "", false);
  add("X-APPLE-WEBAUTH-VALIDATE", "v=1:t=" + opaque, "", true);
  add("X-APPLE-DS-WEB-SESSION-TOKEN", opaque, month_too, false);
  if (standing == Standing::Untrusted) return add("X-APPLE-WEBAUTH-HSA-LOGIN", "v=2:t=" + opaque, "", false);
  // An empty value of long ago deletes.
  add("X-APPLE-WEBAUTH-HSA-LOGIN", "", ";Expires=Thu, 01-Jan-1970 00:00:00 GMT", false);
  add("X-APPLE-WEBAUTH-HSA-TRUST", opaque, expires(now + 3 * kWebLife, DateForm::WithSpace), false);
  response.headers.add("Set-Cookie", fresh_token_cookie(origin));
  for (const std::string_view service : {"Documents", "News", "Notes", "Sharing", "Photos"}) {
    if (quirks.account == AccountKind::AdvancedProtection && (service == "Sharing" || service == "Photos")) continue;
    add("X-APPLE-WEBAUTH-PCS-" + std::string{service}, opaque, month_too, false);
  }
}

std::string Setup::account_json(Standing standing, const Origin& origin, const Quirks& quirks) const {
  const bool is_protected = quirks.account == AccountKind::AdvancedProtection;
  JsonWriter out;
  out.object().key("dsInfo").object();
  out.member("dsid", kDsid)
      .member("appleId", account_)
      .member("primaryEmail", account_)
      .member("fullName", "Ann Example");
  out.member("firstName", "Ann").member("lastName", "Example").member("countryCode", "USA");
  out.member("languageCode", "en-us").member("locale", "en-us_US");
  if (standing != Standing::NoTwoFactor) out.member("hsaVersion", 2).member("hsaEnabled", true);
  out.member("hasICloudQualifyingDevice", quirks.account != AccountKind::PhoneOnly).member("isWebAccessAllowed", true);
  out.member("locked", false).member("iCDPEnabled", is_protected).member("ICDRSCapableDeviceCount", 0);
  out.member("isManagedAppleID", false).member("statusCode", 2).member("pcsDeleted", false);
  out.key("appleIdEntries")
      .array()
      .object()
      .member("isPrimary", true)
      .member("type", "EMAIL")
      .member("value", account_);
  out.end().end().end();
  out.member("hasMinimumDeviceForPhotosWeb", true).member("iCDPEnabled", is_protected).member("pcsEnabled", true);
  if (standing != Standing::NoTwoFactor) {
    out.member("hsaTrustedBrowser", standing != Standing::Untrusted);
    out.member("hsaChallengeRequired", standing == Standing::Untrusted);
  }
  if (standing == Standing::TermsPending) out.member("termsUpdateNeeded", true);
  out.member("isExtendedLogin", true).member("pcsServiceIdentitiesIncluded", false).member("version", 2);
  write_services(out, origin);
  out.key("configBag").object().key("urls").object();
  out.member("accountLogin", origin.setup_url() + "/setup/ws/1/accountLogin").end().end();
  out.key("apps").object().key("photos").object().end().key("iclouddrive").object().end().end();
  out.key("requestInfo").object().member("country", "US").member("timeZone", "EST").member("region", "NC").end();
  return out.end().take();
}

net::ServerResponse Setup::validate(const net::ServerRequest& request, const Origin& origin, const Quirks& quirks) {
  if (!web_claim(request)) return not_signed_in("Missing X-APPLE-WEBAUTH-TOKEN cookie");
  const Standing standing = quirks.account == AccountKind::NoTwoFactor ? Standing::NoTwoFactor : Standing::Trusted;
  auto response = json_answer(200, account_json(standing, origin, quirks));
  add_cookies(response, standing, origin, quirks);
  return response;
}

net::ServerResponse Setup::account_login(JsonView body, const Origin& origin, const Quirks& quirks) {
  const auto token = body["dsWebAuthToken"].text();
  if (!token) return json_answer(500, R"({"success":false,"error":"Missing apple_id field"})");
  const auto claim = tokens_.read(TokenKind::Session, *token, clock_.now());
  if (!claim) return json_answer(400, R"({"success":false,"error":"Invalid Session Token"})");
  if (quirks.account == AccountKind::WrongRegion) return json_answer(200, R"({"domainToUse":"iCloud.com.cn"})");
  const auto trust = tokens_.read(TokenKind::Trust, body["trustToken"].text().value_or(""), clock_.now());
  Standing standing = *claim == "verified" || trust ? Standing::Trusted : Standing::Untrusted;
  if (quirks.account == AccountKind::NoTwoFactor && standing == Standing::Trusted) standing = Standing::NoTwoFactor;
  if (quirks.account == AccountKind::TermsPending && !terms_accepted_ && standing == Standing::Trusted)
    standing = Standing::TermsPending;
  auto response = json_answer(200, account_json(standing, origin, quirks));
  response.headers.add("x-apple-user-partition", std::to_string(origin.partition));
  response.headers.add("X-Apple-Request-UUID", random_uuid());
  add_cookies(response, standing, origin, quirks);
  return response;
}

net::ServerResponse Setup::web_access_state(const Quirks& quirks) const {
  JsonWriter out;
  out.object().member("dsid", kDsid).member("isWebAccessAllowed", true);
  if (quirks.account == AccountKind::AdvancedProtection) {
    out.member("isICDRSDisabled", true).member("isDeviceConsentedForPCS", pcs_requests_ > quirks.pcs_refusals);
    out.member("deviceConsentForPCSExpiry", 0);
  }
  return json_answer(200, out.end().take());
}

net::ServerResponse Setup::request_pcs(const net::ServerRequest& request, const Origin& origin, const Quirks& quirks) {
  if (!web_claim(request))
    return json_answer(500, R"({"success":false,"error":"Missing X-APPLE-WEBAUTH-TOKEN cookie"})");
  if (quirks.account == AccountKind::AdvancedProtection && ++pcs_requests_ <= quirks.pcs_refusals) {
    return json_answer(
        200,
        pcs_requests_ == 1
            ? R"({"isICDRSDisabled":true,"status":"failure","message":"Requested a new device arming to upload cookies."})"
            : R"({"isICDRSDisabled":true,"status":"failure","message":"Cookies not available yet on server."})");
  }
  auto response = json_answer(
      200,
      R"({"isWebAccessAllowed":true,"isDeviceConsentedForPCS":true,"status":"success","message":"Cookies attached."})");
  for (const std::string_view service : {"Photos", "Sharing"}) {
    response.headers.add(
        "Set-Cookie",
        fmt::format("X-APPLE-WEBAUTH-PCS-{}=\"{}\"{}{};HttpOnly", service, base64_encode(random_bytes(24)),
                    expires(clock_.now() + 1h, DateForm::WithoutSpace), origin.icloud_cookie_scope()));
  }
  return response;
}

net::ServerResponse Setup::terms(JsonView body, std::string_view operation) {
  if (operation == "getTerms")
    return json_answer(
        200, fmt::format(R"({{"iCloudTerms":{{"version":{},"text":"Terms of a service that does not exist."}}}})",
                         kTermsVersion));
  if (body["acceptedICloudTerms"].integer() != kTermsVersion)
    return json_answer(400, R"({"success":false,"error":"Unknown terms"})");
  terms_accepted_ = true;
  return json_answer(200, R"({"success":true})");
}

}  // namespace icloudphotos::demo
