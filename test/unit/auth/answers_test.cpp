// SPDX-License-Identifier: MIT
// Every recorded answer of a sign-in is decoded here, and the shapes of protocol/authentication.md that nobody
// recorded.
#include "auth/answers.h"

#include <gtest/gtest.h>

#include "auth/boot_args.h"
#include "recorded.h"

namespace icloudphotos::auth {
namespace {

net::Response recorded_answer(std::string_view name) { return recorded(std::string{"auth/"}.append(name)).response; }
net::Response answer(int status, std::string body = {}, net::Headers headers = {}) {
  return {status, std::move(headers), std::move(body)};
}

TEST(Answers, TheChallengeIsJsonWhateverItsTypeSays) {
  const auto response = recorded_answer("signin-init-200.json");
  EXPECT_EQ(response.headers.get("Content-Type"), "text/html;charset=UTF-8");
  const auto init = decode_init(response.body);
  ASSERT_TRUE(init) << init.error().message();
  EXPECT_EQ(init->challenge.protocol, "s2k");
  EXPECT_EQ(init->challenge.iterations, 20064);
  EXPECT_EQ(init->challenge.salt.size(), 16U);
  EXPECT_EQ(init->context, "\"d-123-456789ab-cdef-0123-4567-89abcdef0123:MSA\"");
  EXPECT_FALSE(decode_init(recorded_answer("signin-init-503.json").body));
}

TEST(Answers, AnIncompleteChallengeIsNone) {
  for (const auto* body :
       {"", "null", "[]", "{}", "Service Temporary Unavailable", R"({"salt":"AA==","b":"AA==","c":"x"})",
        R"({"salt":"AA==","iteration":20064,"c":"x"})", R"({"salt":"AA==","iteration":20064,"b":"AA=="})",
        R"({"salt":"?","iteration":20064,"b":"AA==","c":"x"})"}) {
    const auto init = decode_init(body);
    ASSERT_FALSE(init) << body;
    EXPECT_EQ(init.error().kind(), ErrorKind::Protocol);
  }
  const auto odd = decode_init(R"({"salt":"AA==","iteration":"20064","b":"AA==","c":{"any":[1]}})");
  ASSERT_TRUE(odd);
  EXPECT_EQ(odd->context, R"({"any":[1]})") << "sent back as it came";
}

TEST(Answers, TheStatusThatCountsMayHideInAHeader) {
  EXPECT_EQ(true_status(recorded_answer("signin-legacy-rscd-409.json")), 409);
  EXPECT_EQ(true_status(recorded_answer("signin-legacy-rscd-403-html.json")), 403);
  EXPECT_EQ(true_status(recorded_answer("signin-complete-401.json")), 401);
  EXPECT_EQ(true_status(recorded_answer("trust-204.json")), 204);
  EXPECT_EQ(true_status(answer(200, "", {{"X-Apple-I-Rscd", "200"}})), 200);
  EXPECT_EQ(true_status(answer(200, "", {{"X-Apple-I-Rscd", "nonsense"}})), 200);
}

TEST(Answers, ApplesReasonIsFoundInAllItsShapes) {
  const auto password = service_error(recorded_answer("signin-complete-401.json"));
  ASSERT_TRUE(password);
  EXPECT_EQ(password->code, "-20101");
  EXPECT_EQ(password->message, "Enter the email or phone number and password for your Apple Account.");
  const auto code = service_error(recorded_answer("securitycode-400.json"));
  ASSERT_TRUE(code);
  EXPECT_EQ(code->code, "-21669");
  const auto legacy = service_error(recorded_answer("validate-verification-code-200-wrong.json"));
  ASSERT_TRUE(legacy);
  EXPECT_EQ(legacy->code, "-21669");
  EXPECT_EQ(legacy->message, "The code you entered is not valid.");
  EXPECT_EQ(service_error(recorded_answer("account-login-400.json"))->message, "Missing apple_id field");
  EXPECT_EQ(service_error(recorded_answer("validate-421.json"))->message, "Missing X-APPLE-WEBAUTH-TOKEN cookie");
  EXPECT_EQ(service_error(recorded("errors/zones-list-421.json").response)->message, "Invalid global session");
  EXPECT_EQ(service_error(recorded("errors/query-batch-401.json").response)->code, "100");
  EXPECT_TRUE(service_error(recorded("errors/modify-401.json").response));
  EXPECT_EQ(service_error(answer(200, "{}", {{"X-Apple-I-Ercd", "-21669"}}))->code, "-21669");
  for (const auto* name :
       {"securitycode-204.json", "trust-204.json", "signin-complete-200-hsa2.json", "signin-complete-412.json",
        "repair-complete-200.json", "signin-init-503.json", "validate-200.json", "list-devices-200.json",
        "account-login-200-trusted.json", "send-verification-code-200.json", "login-legacy-200-cookies.json",
        "validate-verification-code-200.json"}) {
    EXPECT_FALSE(service_error(recorded_answer(name))) << name;
  }
}

TEST(Answers, ApplesWordsCannotSteerATerminalOrFillALog) {
  const auto error = service_error(
      answer(400, R"({"serviceErrors":[{"code":1,"message":"\u001b[2Jboo)" + std::string(5000, 'x') + R"("}]})"));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, "1");
  EXPECT_EQ(error->message.find('\x1b'), std::string::npos);
  EXPECT_LT(error->message.size(), 400U);
  EXPECT_EQ(with_apples_words("no", answer(503, "<html>")), "no");
  EXPECT_EQ(with_apples_words("no", answer(400, "", {{"X-Apple-I-Ercd", "-7"}})), "no (Apple says: -7)");
}

TEST(Answers, ThePhonesAreInThePagesBootArgs) {
  const auto options = decode_options(recorded_answer("auth-options-boot-args.json"));
  ASSERT_EQ(options.phones.size(), 1U);
  EXPECT_EQ(options.phones[0].phone.id, 1);
  EXPECT_TRUE(options.phones[0].phone.number.ends_with("81")) << options.phones[0].phone.number;
  EXPECT_FALSE(options.phones[0].phone.voice);
  EXPECT_FALSE(options.security_key);

  const auto three = decode_options(recorded_answer("sample-boot-args-three-scripts.json"));
  ASSERT_EQ(three.phones.size(), 1U);
  EXPECT_TRUE(three.phones[0].phone.number.ends_with("81")) << "its neighbours are decoys";

  const auto none = decode_options(recorded_answer("signin-legacy-rscd-403-html.json"));
  EXPECT_TRUE(none.phones.empty());
  EXPECT_EQ(boot_args(recorded_answer("signin-legacy-rscd-403-html.json").body).size(), 2U);
}

TEST(Answers, ThePhonesAreFoundInEveryPlace) {
  const std::string list =
      R"({"trustedPhoneNumbers":[{"id":5,"obfuscatedNumber":"••81","pushMode":"voice","nonFTEU":false}]})";
  const std::string single =
      R"({"trustedPhoneNumber":{"id":5,"obfuscatedNumber":"••81","pushMode":"voice","nonFTEU":false}})";
  for (const auto& verification : {list, single}) {
    for (const auto& body :
         {R"({"direct":{"twoSV":{"phoneNumberVerification":)" + verification + "}}}",
          R"({"direct":{"twoSV":{"bridgeInitiateData":{"phoneNumberVerification":)" + verification + "}}}}",
          R"({"phoneNumberVerification":)" + verification + "}", verification}) {
      for (const int status : {200, 409}) {
        const auto options = decode_options(answer(status, body));
        ASSERT_EQ(options.phones.size(), 1U) << body;
        EXPECT_EQ(options.phones[0].phone.id, 5);
        EXPECT_EQ(options.phones[0].phone.number, "••81");
        EXPECT_TRUE(options.phones[0].phone.voice);
        EXPECT_EQ(options.phones[0].non_fteu, false);
      }
    }
  }
  EXPECT_TRUE(decode_options(answer(204)).phones.empty());
  EXPECT_TRUE(
      decode_options(answer(200, R"({"trustedPhoneNumbers":[{"id":99999999999},{"id":"x"},7,null]})")).phones.empty());
}

TEST(Answers, ABootArgsScriptIsKnownByItsClassAlone) {
  const auto count = [](std::string_view tag) { return boot_args(std::string{tag} + "{}</script>").size(); };
  EXPECT_EQ(count(R"(<script class="boot_args" type="application/json">)"), 1U);
  EXPECT_EQ(count(R"(<script type="application/json" class='a boot_args b'>)"), 1U);
  EXPECT_EQ(count("<script class=boot_args>"), 1U);
  EXPECT_EQ(count(R"(<script class = "boot_args">)"), 1U);
  EXPECT_EQ(count(R"(<script class="boot_args2">)"), 0U);
  EXPECT_EQ(count(R"(<script data-class="boot_args">)"), 0U);
  EXPECT_EQ(count(R"(<script id="boot_args">)"), 0U);
  EXPECT_EQ(count("<script class>"), 0U);
  EXPECT_TRUE(boot_args("<script class=\"boot_args\">{}").empty());
  EXPECT_TRUE(boot_args("<script class=\"boot_args").empty());
  EXPECT_EQ(boot_args(R"(<script class="boot_args">{"a":1}</script>)").at(0), R"({"a":1})");
}

TEST(Answers, AHostilePageIsReadInOnePass) {
  std::string page;
  for (int i = 0; i < 200'000; ++i) page += "<script>";
  EXPECT_TRUE(boot_args(page).empty());
  EXPECT_TRUE(boot_args(page + "</script>").empty());
}

TEST(Answers, ACodeIsAcceptedByTheRule) {
  const net::Headers token{{"X-Apple-Session-Token", "t"}};
  EXPECT_EQ(judge_code(recorded_answer("securitycode-204.json")), CodeVerdict::Accepted);
  EXPECT_EQ(judge_code(answer(200, "{}")), CodeVerdict::Accepted);
  EXPECT_EQ(judge_code(answer(409, R"({"securityCode":{"valid":true}})")), CodeVerdict::Accepted);
  EXPECT_EQ(judge_code(answer(409, R"({"phoneNumberVerification":{"securityCode":{"valid":true}}})")),
            CodeVerdict::Accepted);
  EXPECT_EQ(judge_code(answer(409, "", token)), CodeVerdict::Accepted);
  EXPECT_EQ(judge_code(answer(412, R"({"securityCode":{"valid":true}})")), CodeVerdict::AcceptedButRepair);

  EXPECT_EQ(judge_code(recorded_answer("securitycode-400.json")), CodeVerdict::Wrong);
  EXPECT_EQ(judge_code(answer(400)), CodeVerdict::Wrong);
  EXPECT_EQ(judge_code(answer(409)), CodeVerdict::Wrong);
  EXPECT_EQ(judge_code(answer(409, R"({"securityCode":{"valid":false}})")), CodeVerdict::Wrong);
  EXPECT_EQ(judge_code(answer(412)), CodeVerdict::Wrong);
  EXPECT_EQ(judge_code(answer(200, R"({"hasError":true})")), CodeVerdict::Wrong);
  EXPECT_EQ(judge_code(answer(200, R"({"has_error":true})")), CodeVerdict::Wrong);
  EXPECT_EQ(judge_code(answer(200, R"({"serviceErrors":[{"code":"-21669"}]})")), CodeVerdict::Wrong);
  EXPECT_EQ(judge_code(answer(409, R"({"service_errors":[{"code":-21669}]})", token)), CodeVerdict::Wrong);

  EXPECT_EQ(judge_code(answer(423)), CodeVerdict::Locked);
  EXPECT_EQ(judge_code(answer(400, R"({"serviceErrors":[{"code":"-22982"}]})")), CodeVerdict::Locked);
  EXPECT_EQ(judge_code(answer(409, R"({"securityCode":{"tooManyCodesValidated":true}})")), CodeVerdict::Locked);
  for (const int status : {401, 403, 404}) EXPECT_EQ(judge_code(answer(status)), CodeVerdict::ContextLost) << status;
  for (const int status : {429, 500, 502, 503})
    EXPECT_EQ(judge_code(answer(status, "<html>")), CodeVerdict::Throttled) << status;
  EXPECT_EQ(judge_code(answer(405)), CodeVerdict::Unclear);
}

TEST(Answers, LimitsOnCodesAreSeen) {
  EXPECT_TRUE(codes_exhausted(answer(423)));
  for (const auto* limit :
       {"securityCodeLocked", "tooManyCodesSent", "tooManyCodesValidated", "securityCodeCooldown"}) {
    EXPECT_TRUE(codes_exhausted(answer(202, R"({"securityCode":{")" + std::string{limit} + R"(":true}})"))) << limit;
    EXPECT_FALSE(codes_exhausted(answer(202, R"({"securityCode":{")" + std::string{limit} + R"(":false}})"))) << limit;
  }
  EXPECT_FALSE(codes_exhausted(answer(202)));
}

TEST(Answers, AnAccountSaysWhetherItIsReallySignedIn) {
  const auto trusted = decode_account(recorded_answer("account-login-200-trusted.json").body);
  ASSERT_TRUE(trusted);
  EXPECT_EQ(trusted->dsid, "12345678901");
  EXPECT_FALSE(trusted->second_factor_wanted);
  EXPECT_FALSE(trusted->terms_pending);
  EXPECT_TRUE(trusted->web_access);
  EXPECT_NE(trusted->photos_url.find("ckdatabasews.icloud.com"), std::string::npos);
  EXPECT_TRUE(trusted->webservices.contains("photos"));
  EXPECT_TRUE(trusted->other_domain.empty());

  EXPECT_TRUE(decode_account(recorded_answer("account-login-200-untrusted.json").body)->second_factor_wanted);
  EXPECT_FALSE(decode_account(recorded_answer("account-login-200-non-2fa.json").body)->second_factor_wanted);
  const auto validated = decode_account(recorded_answer("validate-200.json").body);
  ASSERT_TRUE(validated);
  EXPECT_FALSE(validated->second_factor_wanted);
  EXPECT_FALSE(validated->photos_url.empty());
  const auto legacy = decode_account(recorded_answer("login-legacy-200-cookies.json").body);
  ASSERT_TRUE(legacy);
  EXPECT_FALSE(legacy->dsid.empty());
  EXPECT_TRUE(decode_account(recorded_answer("validate-421.json").body)->dsid.empty());
}

TEST(Answers, OddAccountsAreReadWithoutAssumptions) {
  EXPECT_FALSE(decode_account(""));
  EXPECT_FALSE(decode_account("null"));
  EXPECT_FALSE(decode_account("<html>"));
  EXPECT_EQ(decode_account(R"({"domainToUse":"iCloud.com.cn"})")->other_domain, "iCloud.com.cn");
  EXPECT_TRUE(decode_account(R"({"dsInfo":{"dsid":"1","hsaVersion":1},"hsaChallengeRequired":true})")->two_step);
  EXPECT_TRUE(decode_account(R"({"dsInfo":{"dsid":"1","hsaVersion":2}})")->second_factor_wanted)
      << "trust is not assumed";
  EXPECT_EQ(decode_account(R"({"dsInfo":{"dsid":123}})")->dsid, "123");
  EXPECT_EQ(decode_account(R"({"dsInfo":{"dsid":"1&x=2"}})")->dsid, "");
  EXPECT_FALSE(decode_account(R"({"dsInfo":{"isWebAccessAllowed":false}})")->web_access);
  const auto inactive =
      decode_account(R"({"webservices":{"ckdatabasews":{"url":"https://x","status":"inactive"},"a":7,"b":{}}})");
  EXPECT_TRUE(inactive->webservices.empty());
  EXPECT_EQ(decode_account(R"({"webservices":{"ckdatabasews":{"url":"https://x//"}}})")->photos_url, "https://x");
}

}  // namespace
}  // namespace icloudphotos::auth
