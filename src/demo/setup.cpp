// SPDX-License-Identifier: MIT
#include "setup.h"

#include <fmt/format.h>

#include "icloudphotos/base/text.h"

#include "account_answer.h"
#include "gate.h"

namespace icloudphotos::demo {
namespace {

constexpr std::string_view kPrefix = "/setup/ws/1/";
constexpr std::int64_t kTermsVersion = 628201;
constexpr std::string_view kMissingToken = "Missing X-APPLE-WEBAUTH-TOKEN cookie";

net::ServerResponse storage_info() {
  return json_answer(
      200, R"({"storageUsageByMedia":[{"mediaKey":"photos","displayLabel":"Photos","displayColor":"ffcc00",)"
           R"("usageInBytes":32212254720}],"storageUsageInfo":{"compStorageInBytes":0,"usedStorageInBytes":)"
           R"(34562355216,"totalStorageInBytes":53687091200,"commerceStorageInBytes":48318382080},)"
           R"("quotaStatus":{"overQuota":false,"haveMaxQuotaTier":false,"almost-full":false,"paidQuota":true}})");
}

bool is_allowed(TermsMethod allowed, std::string_view method) {
  return allowed == TermsMethod::Any || method == (allowed == TermsMethod::Post ? "POST" : "GET");
}

}  // namespace

net::ServerResponse Setup::answer(const net::ServerRequest& request, const Origin& origin, const Quirks& quirks) {
  const std::string_view operation = std::string_view{request.path}.substr(kPrefix.size());
  const auto document = JsonDocument::parse(request.body.empty() ? "null" : request.body);
  if (!document) return json_answer(400, R"({"success":false,"error":"Malformed request"})");
  const Call call{request, origin, quirks, document->root()};
  if (operation == "validate") return validate(call);
  if (operation == "accountLogin") return account_login(call);
  if (operation == "requestWebAccessState") return protection_.web_access_state(quirks);
  if (operation == "enableDeviceConsentForPCS") return protection_.ask_consent(quirks);
  if (operation == "requestPCS") return request_pcs(call);
  if (operation == "getTerms" || operation == "repairDone") return terms(call, operation);
  if (operation == "listDevices") return two_step_.list_devices(quirks);
  if (operation == "sendVerificationCode") return two_step_.send_code(call.body, quirks);
  if (operation == "validateVerificationCode") return two_step_.check_code(call.body, origin, quirks);
  if (operation == "logout") return log_out(call);
  if (operation == "storageUsageInfo") return storage_info();
  return json_answer(404, R"({"success":false,"error":"No such service"})");
}

net::ServerResponse Setup::validate(const Call& call) const {
  if (!cookies_.has_live_token(call.request)) return not_signed_in(kMissingToken, call.quirks);
  const Standing standing = call.quirks.account == AccountKind::NoTwoFactor ? Standing::NoTwoFactor : Standing::Trusted;
  auto response = json_answer(200, account_json(account_, standing, call.origin, call.quirks));
  cookies_.add(response, standing, call.origin, call.quirks);
  return response;
}

Standing Setup::standing_of(const Call& call, std::string_view claim) const {
  const AccountKind account = call.quirks.account;
  const auto trust = tokens_.read(TokenKind::Trust, call.body["trustToken"].text().value_or(""), clock_.now());
  const bool is_trusted = claim == "verified" || trust || cookies_.has_trust(call.request);
  if (!is_trusted) return Standing::Untrusted;
  if (account == AccountKind::NoTwoFactor) return Standing::NoTwoFactor;
  return account == AccountKind::TermsPending && !terms_accepted_ ? Standing::TermsPending : Standing::Trusted;
}

net::ServerResponse Setup::account_login(const Call& call) {
  const auto token = call.body["dsWebAuthToken"].text();
  if (!token || call.quirks.account == AccountKind::AppPassword)
    return json_answer(500, R"({"success":false,"error":"Missing apple_id field"})");
  const auto claim = tokens_.read(TokenKind::Session, *token, clock_.now());
  if (!claim) return json_answer(400, R"({"success":false,"error":"Invalid Session Token"})");
  const Region home = call.quirks.account == AccountKind::WrongRegion ? Region::China : Region::Global;
  if (call.origin.region != home) {
    if (!call.quirks.token_abroad) tokens_.expire_all(TokenKind::Session);
    return json_answer(static_cast<int>(call.quirks.region_status),
                       JsonWriter{}.object().member("domainToUse", domain_of(home)).end().take());
  }
  const Standing standing = standing_of(call, *claim);
  auto response = json_answer(200, account_json(account_, standing, call.origin, call.quirks));
  response.headers.add("x-apple-user-partition", std::to_string(call.origin.partition));
  response.headers.add("X-Apple-Request-UUID", random_uuid());
  cookies_.add(response, standing, call.origin, call.quirks);
  return response;
}

net::ServerResponse Setup::request_pcs(const Call& call) {
  if (!cookies_.has_live_token(call.request) || call.quirks.account == AccountKind::WebAccessOff)
    return json_answer(500, JsonWriter{}.object().member("success", false).member("error", kMissingToken).end().take());
  return protection_.request_keys(call.request, call.origin, call.quirks);
}

net::ServerResponse Setup::terms(const Call& call, std::string_view operation) {
  if (!is_allowed(call.quirks.terms_method, call.request.method)) return json_answer(405, "{}");
  const bool is_half_in = has_cookie_starting(call.request, "X-APPLE-WEBAUTH-REPAIR");
  if (!is_half_in && !cookies_.has_live_token(call.request)) return not_signed_in(kMissingToken, call.quirks);
  if (operation == "getTerms")
    return json_answer(
        200, fmt::format(R"({{"iCloudTerms":{{"version":{},"text":"Terms of a service that does not exist."}}}})",
                         kTermsVersion));
  if (call.body["acceptedICloudTerms"].integer() != kTermsVersion)
    return json_answer(400, R"({"success":false,"error":"Unknown terms"})");
  terms_accepted_ = true;
  return json_answer(200, R"({"success":true})");
}

net::ServerResponse Setup::log_out(const Call& call) {
  if (!cookies_.has_live_token(call.request)) return not_signed_in(kMissingToken, call.quirks);
  tokens_.expire_all(TokenKind::Web);
  tokens_.expire_all(TokenKind::Session);
  tokens_.expire_all(TokenKind::Pcs);
  if (!call.body["trustBrowser"].boolean().value_or(false)) tokens_.expire_all(TokenKind::Trust);
  return json_answer(200, R"({"success":true})");
}

}  // namespace icloudphotos::demo
