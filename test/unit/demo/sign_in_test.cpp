// SPDX-License-Identifier: MIT
#include "visitor.h"

using namespace icloudphotos;
using namespace icloudphotos::demo;

namespace {

class SignIn : public DemoTest {};

constexpr const char* kAccount = "demo@example.com";
constexpr const char* kPassword = "demo-Password-1";

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace

TEST_F(SignIn, LeadsFromPasswordAndCodeToPhotos) {
  auto& visitor = start_signed_in();
  EXPECT_EQ(visitor.database("zones/list", "{}").status, 200);
  EXPECT_EQ(visitor.call("POST", "/setup/ws/1/validate", "null").status, 200);
}

TEST_F(SignIn, WorksWithBothProtocols) {
  EXPECT_EQ(start({.srp_protocol = "s2k_fo"}).give_password(kAccount, kPassword).status, 409);
}

TEST_F(SignIn, ShowsACodeOnlyAfterOneWasAskedFor) {
  auto& visitor = start();
  visitor.give_password(kAccount, kPassword);
  EXPECT_EQ(service->shown_code(), "");
  EXPECT_EQ(visitor.push().status, 202);
  EXPECT_EQ(service->shown_code().size(), 6U);
}

TEST_F(SignIn, RefusesAWrongPasswordAndLocksAtTheFifth) {
  auto& visitor = start();
  for (int i = 0; i < 4; ++i) {
    const auto refused = visitor.give_password(kAccount, "not it");
    EXPECT_EQ(refused.status, 401);
    EXPECT_TRUE(contains(refused.body, "-20101")) << refused.body;
  }
  EXPECT_EQ(visitor.give_password(kAccount, "not it").status, 403);
  const auto locked = visitor.give_password(kAccount, kPassword);
  EXPECT_EQ(locked.status, 403);
  EXPECT_TRUE(contains(locked.body, "-20209")) << locked.body;
}

TEST_F(SignIn, AnswersAccountsThatNobodyHasLikeWrongPasswords) {
  EXPECT_EQ(start().give_password("nobody@example.com", kPassword).status, 401);
}

TEST_F(SignIn, TakesTheNameInLowerCaseOnly) {
  EXPECT_EQ(start().give_password("Demo@example.com", kPassword).status, 401);
}

TEST_F(SignIn, RefusesAWrongCodeAndOneThatANewerReplaced) {
  auto& visitor = start();
  visitor.give_password(kAccount, kPassword);
  visitor.push();
  const std::string first = service->shown_code();
  visitor.push();
  const auto refused = visitor.give_code(first);
  EXPECT_EQ(refused.status, 400);
  EXPECT_TRUE(contains(refused.body, "-21669")) << refused.body;
  EXPECT_EQ(visitor.give_code(service->shown_code()).status, 204);
}

TEST_F(SignIn, SendsNoMoreThanFiveCodes) {
  auto& visitor = start();
  visitor.give_password(kAccount, kPassword);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(visitor.push().status, 202);
  EXPECT_EQ(visitor.push().status, 423);
}

TEST_F(SignIn, TakesACodeFromTheTelephoneItWasSentToOnly) {
  auto& visitor = start();
  visitor.give_password(kAccount, kPassword);
  EXPECT_EQ(visitor.call("PUT", "/appleauth/auth/verify/phone", R"({"phoneNumber":{"id":3},"mode":"sms"})").status,
            200);
  const std::string code = service->shown_code();
  EXPECT_EQ(visitor.give_code(code).status, 400);
  EXPECT_EQ(visitor
                .call("POST", "/appleauth/auth/verify/phone/securitycode",
                      R"({"phoneNumber":{"id":3},"mode":"sms","securityCode":{"code":")" + code + "\"}}")
                .status,
            200);
}

TEST_F(SignIn, TakesAFixedCodeThatNobodySent) {
  auto& visitor = start({.fixed_code = "012345"});
  visitor.give_password(kAccount, kPassword);
  EXPECT_EQ(visitor.give_code("012345").status, 204);
}

TEST_F(SignIn, SparesTheCodeToThoseItTrusts) {
  auto& visitor = start_signed_in();
  const std::string trust = visitor.kept_value("X-Apple-TwoSV-Trust-Token");
  EXPECT_EQ(visitor.give_password(kAccount, kPassword, "[\"" + trust + "\"]").status, 200);
  visitor.control("expire", R"({"what":"trust"})");
  EXPECT_EQ(visitor.give_password(kAccount, kPassword, "[\"" + trust + "\"]").status, 409);
}

TEST_F(SignIn, TrustEndsAfterThirtyDays) {
  auto& visitor = start_signed_in();
  const std::string trust = visitor.kept_value("X-Apple-TwoSV-Trust-Token");
  clock.advance(std::chrono::hours{24 * 31});
  EXPECT_EQ(visitor.give_password(kAccount, kPassword, "[\"" + trust + "\"]").status, 409);
}

TEST_F(SignIn, WantsTheNewestScntEachTime) {
  auto& visitor = start();
  visitor.give_password(kAccount, kPassword);
  const std::string old = visitor.kept_value("scnt");
  EXPECT_EQ(visitor.push().status, 202);
  EXPECT_EQ(visitor.call("PUT", "/appleauth/auth/verify/trusteddevice/securitycode", "", {{"scnt", old}}).status, 401);
}

TEST_F(SignIn, KeepsTheScntWhileOptionsAreRead) {
  auto& visitor = start();
  visitor.give_password(kAccount, kPassword);
  const std::string before = visitor.kept_value("scnt");
  visitor.call("GET", "/appleauth/auth");
  EXPECT_EQ(visitor.kept_value("scnt"), before);
}

TEST_F(SignIn, GoesOnWithTheScntItBeganWith) {
  auto& visitor = start();
  visitor.give_password(kAccount, kPassword);
  // A client with a saved session that sends what it saved, and not what init answered.
  const std::string saved = visitor.kept_value("scnt");
  visitor.pinned["scnt"] = saved;
  EXPECT_EQ(visitor.give_password(kAccount, kPassword).status, 409);
  visitor.pinned["scnt"] = "made up meanwhile";
  EXPECT_EQ(visitor.push().status, 401);
}

TEST_F(SignIn, TakesWhatIsAboutTelephonesFromAnyAgentWithoutOrigin) {
  auto& visitor = start();
  visitor.give_password(kAccount, kPassword);
  visitor.agent = "python-urllib3/1.26.20";
  visitor.origin = "";
  EXPECT_EQ(visitor.call("PUT", "/appleauth/auth/verify/phone", R"({"phoneNumber":{"id":1},"mode":"sms"})").status,
            200);
  EXPECT_EQ(visitor.push().status, 503);
}

TEST_F(SignIn, ServesNoToolsAndNoUnknownWidgets) {
  auto& visitor = start();
  visitor.agent = "curl/8.0";
  EXPECT_EQ(visitor.give_password(kAccount, kPassword).status, 503);
  EXPECT_EQ(visitor
                .call("POST", "/appleauth/auth/signin/init", "{}",
                      {{"User-Agent", "Mozilla/5.0 (X)"}, {"X-Apple-Widget-Key", "x"}})
                .status,
            401);
}

TEST_F(SignIn, WantsThePageAsOriginOfCodes) {
  auto& visitor = start();
  visitor.give_password(kAccount, kPassword);
  const net::Headers elsewhere{{"Origin", "https://idmsa.apple.com"}};
  EXPECT_EQ(visitor.call("PUT", "/appleauth/auth/verify/trusteddevice/securitycode", "", elsewhere).status, 409);
  EXPECT_EQ(visitor.push().status, 202);
}

TEST_F(SignIn, AcceptsCodesInAllTheWaysThatWereSeen) {
  for (const auto& [quirk, status, has_token] : {std::tuple{"204", 204, true}, std::tuple{"409-token", 409, true},
                                                 std::tuple{"409", 409, false}, std::tuple{"412", 412, true}}) {
    auto& visitor = start({.quirks = fmt::format(R"({{"code_answer":"{}"}})", quirk)});
    visitor.give_password(kAccount, kPassword);
    visitor.push();
    visitor.kept.erase("X-Apple-Session-Token");
    EXPECT_EQ(visitor.give_code(service->shown_code()).status, status) << quirk;
    EXPECT_EQ(!visitor.kept_value("X-Apple-Session-Token").empty(), has_token) << quirk;
    EXPECT_EQ(visitor.call("GET", "/appleauth/auth/2sv/trust").status, 204) << quirk;
  }
}

TEST_F(SignIn, LetsAccountsWithoutASecondFactorInAfterARepair) {
  auto& visitor = start({.quirks = R"({"account":"no-two-factor"})"});
  EXPECT_EQ(visitor.give_password(kAccount, kPassword).status, 412);
  EXPECT_EQ(visitor.call("POST", "/appleauth/auth/repair/complete", "{}").status, 200);
  const auto in = visitor.log_in();
  EXPECT_FALSE(contains(in.body, "hsaTrustedBrowser"));
  EXPECT_EQ(visitor.database("zones/list", "{}").status, 200);
}

TEST_F(SignIn, ShowsTheTelephonesInThePageAndInJson) {
  auto& visitor = start();
  visitor.give_password(kAccount, kPassword);
  const auto page = visitor.call("GET", "/appleauth/auth", "", {{"Accept", "text/html"}});
  EXPECT_TRUE(contains(page.body, "boot_args"));
  EXPECT_TRUE(contains(page.body, "(•••) •••-••42"));
  visitor.give_password(kAccount, kPassword);
  EXPECT_TRUE(contains(visitor.call("GET", "/appleauth/auth").body, R"("trustedPhoneNumbers":[)"));
  EXPECT_FALSE(contains(visitor.call("GET", "/appleauth/auth").body,
                        "trustedPhoneNumbers"));  // the first answer is the full one
}

TEST_F(SignIn, LeavesPhotosClosedBeforeTheCode) {
  auto& visitor = start();
  visitor.give_password(kAccount, kPassword);
  const auto half = visitor.log_in();
  EXPECT_TRUE(contains(half.body, R"("hsaTrustedBrowser":false)")) << half.body;
  EXPECT_EQ(visitor.database("zones/list", "{}").status, 421);
}

TEST_F(SignIn, TellsWhyAnAccountCannotGoOn) {
  auto& visitor = start_signed_in();
  visitor.control("quirks", R"({"account":"wrong-region"})");
  EXPECT_EQ(visitor.log_in().body, R"({"domainToUse":"iCloud.com.cn"})");
  visitor.control("quirks", R"({"account":"terms-pending"})");
  EXPECT_TRUE(contains(visitor.log_in().body, R"("termsUpdateNeeded":true)"));
  visitor.control("quirks", R"({"account":"locked"})");
  EXPECT_EQ(visitor.give_password(kAccount, kPassword).status, 403);
}

TEST_F(SignIn, LendsKeysToProtectedAccountsAfterAWhile) {
  auto& visitor = start_signed_in({.quirks = R"({"account":"advanced-protection","pcs_refusals":1})"});
  EXPECT_EQ(visitor.database("zones/list", "{}").status, 423);
  const std::string wish = R"({"appName":"photos","derivedFromUserAction":true})";
  EXPECT_TRUE(contains(visitor.call("POST", "/setup/ws/1/requestPCS", wish).body, "failure"));
  EXPECT_TRUE(contains(visitor.call("POST", "/setup/ws/1/requestPCS", wish).body, "success"));
  EXPECT_EQ(visitor.database("zones/list", "{}").status, 200);
}

TEST_F(SignIn, EndsSessionsOnCommand) {
  auto& visitor = start_signed_in();
  visitor.control("expire", R"({"what":"session"})");
  EXPECT_TRUE(contains(visitor.database("zones/list", "{}").body, "Invalid global session"));
  EXPECT_EQ(visitor.call("POST", "/setup/ws/1/validate", "null").status, 421);
  EXPECT_EQ(visitor.log_in().status, 200);  // the tokens still count
  EXPECT_EQ(visitor.database("zones/list", "{}").status, 200);
}

TEST_F(SignIn, ANewPasswordEndsEverything) {
  auto& visitor = start_signed_in();
  visitor.control("password", R"({"password":"another"})");
  EXPECT_EQ(visitor.database("zones/list", "{}").status, 421);
  EXPECT_EQ(visitor.log_in().status, 400);
  EXPECT_EQ(visitor.give_password(kAccount, kPassword).status, 401);
  EXPECT_EQ(visitor.give_password(kAccount, "another").status, 409);
}

TEST_F(SignIn, IsRememberedByAServiceStartedAnew) {
  auto& before = start_signed_in();
  const auto cookies = before.cookies;
  auto& after = start();
  after.cookies = cookies;
  EXPECT_EQ(after.database("zones/list", "{}").status, 200);
}

TEST_F(SignIn, IsNotedInOrder) {
  auto& visitor = start_signed_in();
  const auto counters = visitor.control("counters");
  EXPECT_EQ(counters["password_attempts"].integer(), 1);
  EXPECT_EQ(counters["codes_sent"].integer(), 1);
  EXPECT_EQ(counters["order"].at(0).text(), "POST /appleauth/auth/signin/init");
  EXPECT_EQ(counters["requests"]["POST /appleauth/auth/signin/complete"].integer(), 1);
}

TEST_F(SignIn, SetsCookiesForAppleWhenAskedByApplesName) {
  auto& visitor = start_signed_in();
  const auto login = visitor.call("POST", "/setup/ws/1/validate", "null", {{"Host", "setup.icloud.com"}});
  bool quoted = false, odd_date = false, scoped = false;
  for (const auto line : login.headers.all("Set-Cookie")) {
    quoted = quoted || contains(line, "X-APPLE-WEBAUTH-TOKEN=\"v=2:t=");
    odd_date = odd_date || (contains(line, ";Expires=") && !contains(line, ", "));
    scoped = scoped || contains(line, "Domain=.icloud.com;Secure");
  }
  EXPECT_TRUE(quoted && odd_date && scoped);
  EXPECT_TRUE(contains(login.body, "https://p61-ckdatabasews.icloud.com:443"));
  EXPECT_FALSE(
      contains(visitor.call("POST", "/setup/ws/1/validate", "null").headers.get("Set-Cookie").value_or(""), "Domain"));
}
