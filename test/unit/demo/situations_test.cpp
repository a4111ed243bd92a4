// SPDX-License-Identifier: MIT
// Each kind of account and each state of a service, driven by plain requests.
#include "script.h"

using namespace icloudphotos;
using namespace icloudphotos::demo;

namespace {

struct Situation {
  std::string name;
  std::string quirks;
  std::vector<Step> steps;
};

const char* const kPhone = R"({"deviceType":"SMS","areaCode":"","phoneNumber":"*******00","deviceId":"1")";

std::vector<Situation> situations() {
  const std::string two_step_send = std::string{"POST /setup/ws/1/sendVerificationCode "} + kPhone + "}";
  const std::string two_step_give = std::string{"POST /setup/ws/1/validateVerificationCode "} + kPhone;
  return {
      {"TwoFactor", R"({"account":"two-factor"})",
       signed_in_and({{"login", 200, R"("hsaTrustedBrowser":true)"}, {"validate"}, {"zones"}})},
      {"PhoneOnly",
       R"({"account":"phone-only"})",
       {{"password", 409},
        {"options", 200, R"("noTrustedDevices":true)"},
        {"push", 412, "-28248"},
        {"sms 1"},
        {"code", 200},
        {"trust", 204},
        {"login", 200, R"("hasICloudQualifyingDevice":false)"},
        {"zones"}}},
      {"NoTwoFactor",
       R"({"account":"no-two-factor"})",
       {{"password", 412, "X-Apple-Repair-Session-Token"},
        {"repair", 200, "X-Apple-Session-Token"},
        {"login", 200, "!hsaVersion"},
        {"zones"}}},
      {"NeedsRepair",
       R"({"account":"needs-repair"})",
       {{"password", 412, "!X-Apple-Session-Token"},
        {"repair", 412},
        {R"(POST /setup/ws/1/accountLogin {"dsWebAuthToken":null,"trustToken":""})", 500, "Missing apple_id field"}}},
      {"SecurityKey",
       R"({"account":"security-key"})",
       {{"password", 409, "fsaChallenge"}, {"options", 200, "keyNames"}, {"push", 412}, {"sms 1", 412}}},
      {"Locked", R"({"account":"locked"})", {{"password", 403, "-20209"}}},
      {"UnknownName", "{}", {{"password of nobody@example.com", 401, "-20101"}}},
      {"ProtectedUntilApproved", R"({"account":"advanced-protection","pcs_refusals":-1})",
       signed_in_and({{"zones", 423, "Missing PCS cookies"},
                      {"state", 200, R"("isICDRSDisabled":true,"isDeviceConsentedForPCS":false)"},
                      {"keys", 200, "Requested a new device arming to upload cookies."},
                      {"keys", 200, "Cookies not available yet on server."},
                      {"control counters", 200, R"("approvals_asked":1)"},
                      {"control approve"},
                      {"state", 200, R"("isDeviceConsentedForPCS":true)"},
                      {"keys", 200, "Requested the device to upload cookies."},
                      {"keys", 200, "Cookies attached."},
                      {"zones"},
                      {"keys", 200, "Cookies already present."},
                      {R"(control expire {"what":"pcs"})"},
                      {"zones", 423},
                      {"keys", 200, "Cookies attached."},
                      {"zones"},
                      {R"(control expire {"what":"consent"})"},
                      {"zones", 423},
                      {"keys", 200, "Requested a new device arming"}})},
      {"ProtectedKeysLastAnHour", R"({"account":"advanced-protection","pcs_refusals":0})",
       signed_in_and({{"keys", 200, "Cookies attached."}, {"zones"}, {"wait 3700"}, {"zones", 423}})},
      {"ProtectedApprovesAfterAWhile", R"({"account":"advanced-protection","pcs_refusals":2})",
       signed_in_and({{"consent", 200, R"("isDeviceConsentNotificationSent":true)"},
                      {"state", 200, R"("isDeviceConsentedForPCS":false)"},
                      {"state", 200, R"("isDeviceConsentedForPCS":false)"},
                      {"state", 200, R"("isDeviceConsentedForPCS":true)"},
                      {"keys", 200, "success"}})},
      {"ProtectedWithoutADevice", R"({"account":"advanced-protection","pcs_refusals":-1,"device_reachable":false})",
       signed_in_and({{"consent", 200, R"("isDeviceConsentNotificationSent":false)"}, {"keys", 200, "failure"}})},
      {"ProtectedSays400", R"({"account":"advanced-protection","keys_refusal":"400"})",
       signed_in_and({{"zones", 400, "Cannot find PCS auth info from request"}})},
      {"ProtectedSaysDenied", R"({"account":"advanced-protection","keys_refusal":"access-denied"})",
       signed_in_and({{"zones", 403, "private db access disabled for this account"}})},
      {"UnprotectedNeedsNoKeys", "{}",
       signed_in_and({{"state", 200, "!isICDRSDisabled"}, {"keys", 200, "X-APPLE-WEBAUTH-PCS-Photos"}})},
      {"TermsPending", R"({"account":"terms-pending"})",
       signed_in_and({{"login", 200, R"("termsUpdateNeeded":true)"},
                      {"login", 200, "X-APPLE-WEBAUTH-REPAIR"},
                      {"login", 200, "!X-APPLE-WEBAUTH-TOKEN"},
                      {"zones", 421},
                      {"validate", 421},
                      {"keys", 500, "Missing X-APPLE-WEBAUTH-TOKEN cookie"},
                      {R"(POST /setup/ws/1/getTerms {"locale":"en-us"})", 200, "628201"},
                      {R"(POST /setup/ws/1/repairDone {"acceptedICloudTerms":1})", 400},
                      {R"(POST /setup/ws/1/repairDone {"acceptedICloudTerms":628201})"},
                      {"login", 200, "!termsUpdateNeeded"},
                      {"zones"},
                      {R"(control expire {"what":"terms"})"},
                      {"login", 200, "termsUpdateNeeded"}})},
      {"TermsByGetOnly", R"({"account":"terms-pending","terms_method":"GET"})",
       signed_in_and({{R"(POST /setup/ws/1/getTerms {"locale":"en-us"})", 405},
                      {R"(GET /setup/ws/1/getTerms {"locale":"en-us"})", 200, "628201"},
                      {R"(GET /setup/ws/1/repairDone {"acceptedICloudTerms":628201})"},
                      {"login", 200, "!termsUpdateNeeded"}})},
      {"WrongRegion", R"({"account":"wrong-region"})",
       signed_in_and({{"login", 200, R"({"domainToUse":"iCloud.com.cn"})"},
                      {"zones", 421},
                      {"cn login", 200, "/cn\",\"status\":\"active\""},
                      {"cn zones"},
                      {"control counters", 200, R"("POST /cn/setup/ws/1/accountLogin":1)"}})},
      {"WrongRegionSays302",
       R"({"account":"wrong-region","region_status":302,"token_abroad":false})",
       {{"password", 409},
        {"push", 202},
        {"code", 204},
        {"trust", 204},
        {"login", 302, R"({"domainToUse":"iCloud.com.cn"})"},
        {"cn login", 400, "Invalid Session Token"}}},
      {"GlobalAccountInChina", "{}", signed_in_and({{"cn login", 200, R"({"domainToUse":"iCloud.com"})"}})},
      {"Managed", R"({"account":"managed"})",
       signed_in_and({{"login", 200, R"("isManagedAppleID":true)"},
                      {"login", 200, R"(!"photos":{})"},
                      {"zones", 404, "ZONE_NOT_FOUND"}})},
      {"Federated",
       R"({"account":"federated"})",
       {{R"(POST /appleauth/auth/federate {"accountName":"demo@example.com"})", 200, R"("federated":true)"},
        {"password", 401}}},
      {"AppPassword",
       R"({"account":"app-password"})",
       {{"password", 200, "!X-Apple-Session-Token"}, {"login", 500, "Missing apple_id field"}}},
      {"TwoStep",
       R"({"account":"two-step"})",
       {{"password", 409, R"("authType":"hsa"})"},
        {"push", 412},
        {"login", 200, R"("hsaVersion":1)"},
        {"login", 200, R"("hsaChallengeRequired":true)"},
        {"zones", 421},
        {"GET /setup/ws/1/listDevices", 200, R"("deviceId":"1")"},
        {two_step_send, 200, R"({"success":true})"},
        {two_step_give + R"(,"verificationCode":"x","trustBrowser":true})", 200, "-21669"},
        {two_step_give + R"(,"verificationCode":"CODE","trustBrowser":true})", 200, R"({"success":true})"},
        {"trust", 404},
        {"login", 200, R"("hsaTrustedBrowser":true)"},
        {"zones"},
        {"wait 2678400"},
        {R"(control expire {"what":"session"})"},
        {"login", 0, "!\"hsaTrustedBrowser\":true"}}},
      {"WebAccessOff", R"({"account":"web-access-off"})",
       signed_in_and({{"login", 200, R"("isWebAccessAllowed":false)"},
                      {"zones", 421},
                      {"state", 200, R"("isWebAccessAllowed":false)"},
                      {"keys", 500}})},
      {"NoPhotos", R"({"account":"no-photos"})",
       signed_in_and({{"login", 200, R"("hasMinimumDeviceForPhotosWeb":false)"},
                      {"login", 200, R"(!"photos":{})"},
                      {"zones", 404, "ZONE_NOT_FOUND"}})},
      {"NoWebservices",
       R"({"account":"no-webservices"})",
       {{"password", 409}, {"push", 202}, {"code", 204}, {"trust", 204}, {"login", 200, "!webservices"}}},
      {"StillIndexed", R"({"indexing_running":true})", signed_in_and({{"indexing", 200, "RUNNING"}, {"zones"}})},
      {"NotReadyForTheWeb", R"({"photos_refusal":"bad-request"})",
       signed_in_and({{"zones", 400, "Bad Request (400)"}})},
      {"NoAuthMethod", R"({"photos_refusal":"authentication-failed"})",
       signed_in_and({{"zones", 401, "no auth method found"}})},
      {"PhotosSay401", R"({"photos_refusal":"401"})", signed_in_and({{"zones", 401, "AUTHENTICATION_REQUIRED"}})},
      {"PhotosSay421", R"({"photos_refusal":"421"})", signed_in_and({{"zones", 421, "Invalid global session"}})},
      {"PhotosHaveNoZone", R"({"photos_refusal":"zone-not-found"})", signed_in_and({{"zones", 404}})},
      {"DatabaseDisabled", R"({"private_db_disabled":true})", signed_in_and({{"zones", 403, "ACCESS_DENIED"}})},
      {"WrongPassword", "{}", {{"wrong password", 401, "-20101"}, {"password", 409}}},
      {"WrongPasswordSays20283", R"({"password_refusal":"-20283"})", {{"wrong password", 401, "-20283"}}},
      {"WrongPasswordSays403", R"({"password_refusal":"403"})", {{"wrong password", 403, "!serviceErrors"}}},
      {"WrongPasswordSays200", R"({"password_refusal":"200-401"})", {{"wrong password", 200, "X-Apple-I-Rscd: 401"}}},
      {"WrongPasswordHides403", R"({"password_refusal":"200-403"})", {{"wrong password", 200, "X-Apple-I-Rscd: 403"}}},
      {"WorkIsDemanded", R"({"hashcash_bits":8})", {{"password", 403}}},
      {"SignedOutSays450", R"({"signed_out_status":450})", {{"validate", 450, "Missing X-APPLE-WEBAUTH-TOKEN cookie"}}},
      {"TokensThatEnded", "{}",
       signed_in_and({{R"(control expire {"what":"token"})"}, {"login", 400, "Invalid Session Token"}, {"zones"}})},
      {"LoggedOut", "{}",
       signed_in_and({{"logout", 200, R"({"success":true})"},
                      {"zones", 421},
                      {"login", 400},
                      {"password with trust", 409},
                      {"logout", 421}})},
      {"LoggedOutAndStillTrusted", "{}",
       signed_in_and({{R"(POST /setup/ws/1/logout {"trustBrowser":true,"allBrowsers":false})"},
                      {"zones", 421},
                      {"password with trust", 200}})},
  };
}

enum class Way { Option, Control };
using Case = std::tuple<Situation, Way>;

class Situations : public DemoTest, public testing::WithParamInterface<Case> {};

std::string name_of_case(const testing::TestParamInfo<Case>& info) {
  return std::get<0>(info.param).name + (std::get<1>(info.param) == Way::Option ? "ByOption" : "ByControl");
}

}  // namespace

TEST_P(Situations, ArePlayed) {
  const auto& [situation, way] = GetParam();
  auto& visitor = way == Way::Option ? start({.quirks = situation.quirks}) : start();
  if (way == Way::Control) visitor.control("quirks", situation.quirks);
  Script{visitor, *service, clock}.play(situation.steps);
}

INSTANTIATE_TEST_SUITE_P(All, Situations,
                         testing::Combine(testing::ValuesIn(situations()), testing::Values(Way::Option, Way::Control)),
                         name_of_case);
