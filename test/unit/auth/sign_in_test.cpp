// SPDX-License-Identifier: MIT
// Answers follow protocol/authentication.md 1 to 5 and the recordings in test/data.
#include <stop_token>

#include <gtest/gtest.h>

#include "icloudphotos/base/files.h"
#include "icloudphotos/base/log.h"
#include "icloudphotos/base/text.h"

#include "pretend_apple.h"

namespace icloudphotos::auth {
namespace {

using Calls = std::vector<std::string>;
using namespace std::chrono_literals;

constexpr const char* kInit = "POST /appleauth/auth/signin/init";
constexpr const char* kComplete = "POST /appleauth/auth/signin/complete";
constexpr const char* kOptions = "GET /appleauth/auth";
constexpr const char* kPush = "PUT /appleauth/auth/verify/trusteddevice/securitycode";
constexpr const char* kCode = "POST /appleauth/auth/verify/trusteddevice/securitycode";
constexpr const char* kPhone = "PUT /appleauth/auth/verify/phone";
constexpr const char* kPhoneCode = "POST /appleauth/auth/verify/phone/securitycode";
constexpr const char* kTrust = "GET /appleauth/auth/2sv/trust";
constexpr const char* kRepair = "POST /appleauth/auth/repair/complete";
constexpr const char* kValidate = "POST /setup/ws/1/validate";
constexpr const char* kLogin = "POST /setup/ws/1/accountLogin";

using SignIn = SessionTest;

TEST_F(SignIn, AColdOneAsksForPasswordCodeAndTrustOnceEach) {
  be_signed_in();
  asked_before = 0;
  EXPECT_EQ(calls(), (Calls{kInit, kComplete, kOptions, kPush, kCode, kTrust, kLogin}));
  EXPECT_TRUE(open()->is_known());
  ASSERT_EQ(person.questions.size(), 1U);
  EXPECT_TRUE(person.questions[0].code_sent_to_devices);
  ASSERT_EQ(person.questions[0].phones.size(), 2U);
  EXPECT_EQ(person.questions[0].phones[1].id, 7);
}

TEST_F(SignIn, SaysInEachRequestWhatAppleExpects) {
  be_signed_in();
  const auto init = request_to("/signin/init");
  EXPECT_EQ(init.headers.get("Origin"), "https://idmsa.apple.com");
  EXPECT_EQ(init.headers.get("Referer"), "https://idmsa.apple.com/");
  EXPECT_EQ(init.headers.get("X-Apple-OAuth-Redirect-URI"), "https://www.icloud.com");
  EXPECT_FALSE(init.headers.get("scnt"));
  EXPECT_NE(init.body.find(R"("accountName":"ann@example.com")"), std::string::npos);

  const auto complete = request_to("/signin/complete");
  EXPECT_EQ(complete.headers.get("Origin"), "https://idmsa.apple.com");
  EXPECT_EQ(complete.headers.get("scnt"), "scnt-of-init");
  EXPECT_NE(complete.body.find(R"("c":"d-1a2:MSA")"), std::string::npos);
  EXPECT_NE(complete.body.find(R"("trustTokens":[])"), std::string::npos);

  for (const auto* path : {"/appleauth/auth", "/verify/trusteddevice/securitycode", "/2sv/trust"}) {
    const auto request = request_to(path);
    EXPECT_EQ(request.headers.get("Origin"), "https://www.icloud.com") << path;
    EXPECT_TRUE(request.headers.get("scnt")->starts_with("scnt-of-token-after")) << path;
    EXPECT_TRUE(request.headers.get("X-Apple-ID-Session-Id")) << path;
    EXPECT_EQ(request.headers.get("X-Apple-OAuth-State")->substr(0, 5), "auth-") << path;
    EXPECT_FALSE(request.headers.get("X-Apple-Auth-Attributes")) << path;
  }
  EXPECT_EQ(http.requests()[4].body, R"({"securityCode":{"code":"012345"}})");
  EXPECT_EQ(
      request_to("/accountLogin").body,
      R"({"accountCountryCode":"USA","dsWebAuthToken":"token-after-trust","extended_login":true,"trustToken":"the-trust-token"})");
}

TEST_F(SignIn, TheSecondStartAsksNobodyAndOnlyValidates) {
  be_signed_in();
  http.expect("POST", "/validate", recorded("auth/validate-200.json").response);
  ASSERT_TRUE(sign_in());
  EXPECT_EQ(calls(), Calls{kValidate});
  EXPECT_EQ(passwords.asked, 0);
  const auto validate = http.requests().back();
  EXPECT_EQ(validate.body, "null");
  EXPECT_NE(validate.headers.get("Cookie")->find("X-APPLE-WEBAUTH-TOKEN=\""), std::string::npos);
}

TEST_F(SignIn, WhenTheCookiesHaveRunOutTheTokensBringNewOnes) {
  be_signed_in();
  clock.advance(24h * 40);
  http.expect("POST", "/accountLogin", recorded("auth/validate-200.json").response);
  ASSERT_TRUE(sign_in());
  EXPECT_EQ(calls(), Calls{kLogin});
  EXPECT_EQ(passwords.asked, 0);
  EXPECT_NE(http.requests().back().body.find(R"("trustToken":"the-trust-token")"), std::string::npos);
}

TEST_F(SignIn, WhenValidateSaysNoTheTokensAreTried) {
  be_signed_in();
  http.expect("POST", "/validate", recorded("auth/validate-421.json").response);
  http.expect("POST", "/accountLogin", answer(421)).expect("POST", "/accountLogin", trusted_account());
  ASSERT_TRUE(sign_in());
  EXPECT_FALSE(http.requests()[asked_before + 1].fresh_connection);
  EXPECT_TRUE(http.requests()[asked_before + 2].fresh_connection) << "a 421 may mean the wrong connection";
  EXPECT_EQ(passwords.asked, 0);
}

TEST_F(SignIn, AnOldTrustTokenSparesTheCode) {
  be_signed_in();
  http.expect("POST", "/validate", answer(421))
      .expect("POST", "/accountLogin", recorded("auth/account-login-400.json").response);
  expect_password(answer(200, R"({"authType":"hsa2"})", tokens("newer-token")));
  http.expect("POST", "/accountLogin", trusted_account());
  person.questions.clear();
  ASSERT_TRUE(sign_in());
  EXPECT_EQ(calls(), (Calls{kValidate, kLogin, kInit, kComplete, kLogin}));
  EXPECT_NE(http.requests()[http.requests().size() - 2].body.find(R"("trustTokens":["the-trust-token"])"),
            std::string::npos);
  EXPECT_EQ(passwords.asked, 1);
  EXPECT_TRUE(person.questions.empty());
}

TEST_F(SignIn, TheAccountLoginMayTakeATrustTokenThatThePasswordStepDidNot) {
  be_signed_in();
  http.expect("POST", "/validate", answer(421)).expect("POST", "/accountLogin", answer(401));
  expect_password(answer(409, R"({"authType":"hsa2"})", tokens("newer-token")));
  http.expect("POST", "/accountLogin", trusted_account());
  person.questions.clear();
  ASSERT_TRUE(sign_in());
  EXPECT_TRUE(person.questions.empty());
}

TEST_F(SignIn, ARightCodeMayBeAnswered409) {
  for (const auto& taken :
       {answer(409, R"({"securityCode":{"valid":true}})"), answer(409, "", tokens("token-after-code"))}) {
    std::filesystem::remove(directory / "session.json");
    expect_question();
    http.expect("POST", "/verify/trusteddevice/securitycode", taken);
    expect_trust_and_login();
    person.types("123456");
    const auto done = sign_in();
    EXPECT_TRUE(done) << done.error().message();
  }
}

TEST_F(SignIn, A409WithoutEitherSignIsAWrongCode) {
  expect_question();
  http.expect("POST", "/verify/trusteddevice/securitycode", answer(409, R"({"securityCode":{"valid":false}})"));
  http.expect("POST", "/verify/trusteddevice/securitycode", answer(204, "", tokens("token-after-code")));
  expect_trust_and_login();
  person.types("111111");
  person.types("222222");
  EXPECT_TRUE(sign_in());
}

TEST_F(SignIn, AWrongCodeIsAskedForAgainWithoutSendingANewOne) {
  expect_question();
  http.expect("POST", "/verify/trusteddevice/securitycode", recorded("auth/securitycode-400.json").response);
  http.expect("POST", "/verify/trusteddevice/securitycode", answer(204, "", tokens("token-after-code")));
  expect_trust_and_login();
  person.types("11 11-11");
  person.types("222222");
  ASSERT_TRUE(sign_in());
  EXPECT_EQ(calls(), (Calls{kInit, kComplete, kOptions, kPush, kCode, kCode, kTrust, kLogin}));
  EXPECT_NE(person.questions[1].last_refusal->find("Incorrect verification code."), std::string::npos);
  EXPECT_FALSE(person.questions[0].last_refusal);
}

TEST_F(SignIn, ThreeWrongCodesAreEnough) {
  expect_question();
  for (int i = 0; i < 3; ++i) {
    http.expect("POST", "/verify/trusteddevice/securitycode", answer(400, kWrongCode));
    person.types("111111");
  }
  const auto done = sign_in();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind(), ErrorKind::Refused);
  EXPECT_EQ(person.questions.size(), 3U);
}

TEST_F(SignIn, WhatIsNotSixDigitsIsNotSent) {
  expect_question();
  person.types("12345");
  person.types("12345x");
  const auto done = sign_in();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind(), ErrorKind::Cancelled) << done.error().message();
}

TEST_F(SignIn, TooManyCodesEndIt) {
  for (const auto& locked : {answer(423), answer(400, R"({"serviceErrors":[{"code":-22982,"message":"Too many."}]})"),
                             answer(409, R"({"securityCode":{"securityCodeLocked":true,"valid":false}})")}) {
    expect_question();
    http.expect("POST", "/verify/trusteddevice/securitycode", locked);
    person.types("111111");
    const auto done = sign_in();
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().kind(), ErrorKind::Refused);
    EXPECT_NE(done.error().message().find("wait some hours"), std::string::npos) << done.error().message();
  }
}

TEST_F(SignIn, APhoneGetsACodeOnlyWhenThePersonWishes) {
  expect_question();
  http.expect("PUT", "/verify/phone", answer(200, R"({"mode":"sms"})"));
  http.expect("POST", "/verify/phone/securitycode", answer(200, "{}", tokens("token-after-code")));
  expect_trust_and_login();
  person.answers.push_back({Answer::Kind::SendSms, {}, 3});
  person.types("654321");
  ASSERT_TRUE(sign_in());
  EXPECT_EQ(calls(), (Calls{kInit, kComplete, kOptions, kPush, kPhone, kPhoneCode, kTrust, kLogin}));
  EXPECT_EQ(request_to("/verify/phone").body, R"({"phoneNumber":{"id":3,"nonFTEU":true},"mode":"sms"})");
  EXPECT_EQ(request_to("/verify/phone/securitycode").body,
            R"({"phoneNumber":{"id":3,"nonFTEU":true},"securityCode":{"code":"654321"},"mode":"sms"})");
  EXPECT_EQ(person.questions[1].sent_to_phone, "+1 (•••) •••-••81");
}

TEST_F(SignIn, ACallIsAnotherModeOfTheSame) {
  expect_question();
  http.expect("PUT", "/verify/phone", answer(409, R"({"mode":"voice"})"));
  http.expect("POST", "/verify/phone/securitycode", answer(200, "{}", tokens("token-after-code")));
  expect_trust_and_login();
  person.answers.push_back({Answer::Kind::Call, {}, 7});
  person.types("654321");
  ASSERT_TRUE(sign_in());
  EXPECT_EQ(request_to("/verify/phone").body, R"({"phoneNumber":{"id":7},"mode":"voice"})");
}

TEST_F(SignIn, ANumberThatGetsNoCodesNowLeavesTheOthers) {
  expect_question();
  http.expect("PUT", "/verify/phone",
              answer(500, R"({"service_errors":[{"code":"-28248","message":"Cannot send codes now."}]})"));
  http.expect("POST", "/verify/trusteddevice/securitycode", answer(204, "", tokens("token-after-code")));
  expect_trust_and_login();
  person.answers.push_back({Answer::Kind::SendSms, {}, 3});
  person.types("654321");
  ASSERT_TRUE(sign_in());
  EXPECT_NE(person.questions[1].last_refusal->find("Cannot send codes now."), std::string::npos);
}

TEST_F(SignIn, ANewCodeIsSentHalfAMinuteLaterAtTheEarliest) {
  expect_question();
  for (int i = 0; i < 2; ++i) person.answers.push_back({Answer::Kind::SendToDevices, {}, 0});
  const auto done = sign_in();
  ASSERT_FALSE(done);
  EXPECT_EQ(calls(), (Calls{kInit, kComplete, kOptions, kPush}));
  EXPECT_NE(person.questions[1].last_refusal->find("half a minute"), std::string::npos);
}

TEST_F(SignIn, WithoutTrustedDevicesNothingIsPushed) {
  expect_password(answer(409, "{}", tokens("token-after-password")));
  http.expect("GET", "/appleauth/auth", answer(200, R"({"trustedPhoneNumbers":[{"id":1}],"noTrustedDevices":true})"));
  const auto done = sign_in();
  ASSERT_FALSE(done);
  ASSERT_EQ(person.questions.size(), 1U);
  EXPECT_FALSE(person.questions[0].has_devices);
}

TEST_F(SignIn, AnAccountWithSecurityKeysIsToldSo) {
  expect_password(
      answer(409, R"({"fsaChallenge":{"challenge":"YQ","keyHandles":["YQ"]},"keyNames":["Blue"]})", tokens("t")));
  const auto done = sign_in();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind(), ErrorKind::Refused);
  EXPECT_NE(done.error().message().find("security key"), std::string::npos);
}

TEST_F(SignIn, AWrongPasswordIsTriedOnceAndAppleExplains) {
  expect_password(recorded("auth/signin-complete-401.json").response);
  const auto done = sign_in();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind(), ErrorKind::Refused);
  EXPECT_NE(done.error().message().find("Enter the email or phone number and password"), std::string::npos);
  EXPECT_EQ(calls(), (Calls{kInit, kComplete}));
  EXPECT_EQ(passwords.asked, 1);
}

TEST_F(SignIn, ARefusedPasswordIsNotTriedAgainUnattended) {
  person.present = false;
  passwords.unchanged = true;
  expect_password(answer(401, R"({"serviceErrors":[{"code":"-20101","message":"No."}]})"));
  EXPECT_FALSE(sign_in());
  const auto again = sign_in();  // the next process
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind(), ErrorKind::Refused);
  EXPECT_EQ(calls(), (Calls{kInit, kComplete}));

  passwords.unchanged = false;
  EXPECT_FALSE(sign_in()) << "it is known again, also from a source that cannot tell";
  EXPECT_EQ(calls(), (Calls{kInit, kComplete}));
  passwords.text = "another one";
  EXPECT_FALSE(sign_in()) << "nor is another one tried at once";
  EXPECT_EQ(calls(), (Calls{kInit, kComplete}));
  clock.advance(15min);
  expect_password(answer(401, R"({"serviceErrors":[{"code":"-20101","message":"No."}]})"));
  EXPECT_FALSE(sign_in()) << "another password is worth a try";
  person.present = true;
  passwords.unchanged = true;
  expect_password(answer(401, R"({"serviceErrors":[{"code":"-20101","message":"No."}]})"));
  EXPECT_FALSE(sign_in()) << "a person who starts it may try";
}

TEST_F(SignIn, ALockedAccountSaysWhereToUnlockIt) {
  expect_password(answer(403, R"({"serviceErrors":[{"code":"-20209","message":"This account is locked."}]})"));
  const auto done = sign_in();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind(), ErrorKind::Refused);
  EXPECT_NE(done.error().message().find("iforgot.apple.com"), std::string::npos);
}

TEST_F(SignIn, TheStatusBehindA200Counts) {
  expect_password(recorded("auth/signin-legacy-rscd-409.json").response);
  http.expect("GET", "/appleauth/auth", factor_options());
  http.expect("PUT", "/verify/trusteddevice/securitycode", answer(202));
  EXPECT_FALSE(sign_in());
  EXPECT_EQ(person.questions.size(), 1U);
}

TEST_F(SignIn, A503IsNotFollowedByAnotherTryBeforeThePauseIsOver) {
  http.expect("POST", "/signin/init", recorded("auth/signin-init-503.json").response);
  const auto done = sign_in();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind(), ErrorKind::Throttled);
  EXPECT_NE(done.error().message().find("try again after "), std::string::npos);
  for (const auto later : {0min, 5min, 9min}) {  // restarts
    clock.advance(later);
    const auto again = sign_in();
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().kind(), ErrorKind::Throttled);
    EXPECT_NE(again.error().message().find("try again after "), std::string::npos);
  }
  EXPECT_EQ(http.requests().size(), 1U);
  EXPECT_EQ(passwords.asked, 1);

  clock.advance(1min);
  http.expect("POST", "/signin/init", answer(429, "", {{"Retry-After", "60"}}));
  EXPECT_FALSE(sign_in());
  clock.advance(29min);
  EXPECT_FALSE(sign_in());  // the second pause is twice as long
  EXPECT_EQ(http.requests().size(), 2U);
}

TEST_F(SignIn, AClockSetBackDoesNotPauseForYears) {
  clock.advance(24h * 3650);
  http.expect("POST", "/signin/init", answer(503));
  EXPECT_FALSE(sign_in());
  clock.advance(-24h * 3650);
  expect_password(answer(401));
  EXPECT_FALSE(sign_in());
}

TEST_F(SignIn, WhenICloudIsNotWellThePasswordIsLeftAlone) {
  be_signed_in();
  http.expect("POST", "/validate", answer(503));
  const auto done = sign_in();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind(), ErrorKind::Throttled);
  EXPECT_EQ(passwords.asked, 0);
  EXPECT_FALSE(sign_in());
  EXPECT_EQ(calls(), Calls{kValidate}) << "the pause holds for the next start";
}

TEST_F(SignIn, WithoutANetworkNothingIsLost) {
  be_signed_in();
  http.expect("POST", "/validate", Error{ErrorKind::Offline, "no route to host"});
  const auto done = sign_in();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind(), ErrorKind::Offline);
  EXPECT_TRUE(open()->is_known());
}

TEST_F(SignIn, AnAccountWithoutASecondFactorIsRepairedSilently) {
  auto refusal = recorded("auth/signin-complete-412.json").response;
  refusal.headers.add("X-Apple-Repair-Session-Token", "repair-me");
  expect_password(refusal);
  http.expect("POST", "/repair/complete", recorded("auth/repair-complete-200.json").response);
  http.expect("POST", "/accountLogin", recorded("auth/account-login-200-non-2fa.json").response);
  const auto done = sign_in();
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(calls(), (Calls{kInit, kComplete, kRepair, kLogin}));
  EXPECT_EQ(request_to("/repair/complete").headers.get("X-Apple-Repair-Session-Token"), "repair-me");
  EXPECT_EQ(request_to("/repair/complete").headers.get("Origin"), "https://www.icloud.com");
}

TEST_F(SignIn, WhatARepairDoesNotMendIsThePersonsToMend) {
  expect_password(answer(412, "{}", tokens("t")));
  http.expect("POST", "/repair/complete", answer(200));
  http.expect("POST", "/accountLogin", answer(421)).expect("POST", "/accountLogin", answer(421));
  const auto done = sign_in();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind(), ErrorKind::Refused);
  EXPECT_NE(done.error().message().find("account.apple.com"), std::string::npos);
}

TEST_F(SignIn, NewTermsAreLeftToThePerson) {
  expect_password(answer(200, "{}", tokens("t")));
  http.expect("POST", "/accountLogin",
              answer(200, R"({"termsUpdateNeeded":true,"dsInfo":{"dsid":"1"},"webservices":{}})"));
  const auto done = sign_in();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind(), ErrorKind::Refused);
  EXPECT_NE(done.error().message().find("accept"), std::string::npos);
  EXPECT_FALSE(open()->is_known());
}

TEST_F(SignIn, AnAccountOfAnotherRegionIsFollowedThereOnce) {
  expect_password(answer(200, "{}", tokens("t")));
  http.expect("POST", "/accountLogin", answer(302, R"({"domainToUse":"iCloud.com.cn"})"));
  http.expect("POST", "/accountLogin", answer(200, R"({"dsInfo":{"dsid":"1","hsaVersion":2},"hsaTrustedBrowser":true,
      "webservices":{"ckdatabasews":{"url":"https://p200-ckdatabasews.icloud.com.cn:443","status":"active"}}})"));
  const auto done = sign_in();
  ASSERT_TRUE(done) << done.error().message();
  const auto requests = http.requests();
  EXPECT_EQ(requests[requests.size() - 2].url, "https://setup.icloud.com/setup/ws/1/accountLogin");
  EXPECT_EQ(requests.back().url, "https://setup.icloud.com.cn/setup/ws/1/accountLogin");
  EXPECT_EQ(requests.back().headers.get("Origin"), "https://www.icloud.com.cn");
}

TEST_F(SignIn, TheSessionGoesToNobodyButApple) {
  for (const auto* url :
       {"https://evil.example/", "http://p1-ckdatabasews.icloud.com", "https://icloud.com.evil.example",
        "https://127.0.0.1:8443", "https://evil.example/.icloud.com"}) {
    expect_password(answer(200, "{}", tokens("t")));
    http.expect(
        "POST", "/accountLogin",
        answer(200, R"({"dsInfo":{"dsid":"1"},"webservices":{"ckdatabasews":{"url":")" + std::string{url} + R"("}}})"));
    const auto done = sign_in();
    ASSERT_FALSE(done) << url;
    EXPECT_EQ(done.error().kind(), ErrorKind::Protocol) << url;
    std::filesystem::remove(directory / "session.json");
  }
}

TEST_F(SignIn, NoCodeIsSentForWhenNobodyIsThereToTypeIt) {
  person.present = false;
  expect_password(answer(409, "{}", tokens("token-after-password")));
  const auto done = sign_in();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind(), ErrorKind::NeedsSignIn);
  for (const auto later : {0min, 11min, 5min, 300min}) {  // the next unattended starts
    clock.advance(later);
    const auto again = sign_in();
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().kind(), ErrorKind::NeedsSignIn);
  }
  EXPECT_EQ(calls(), (Calls{kInit, kComplete}));
}

TEST_F(SignIn, AStaleContextIsDroppedAndBegunAnew) {
  http.expect("POST", "/signin/init", answer(401)).expect("POST", "/signin/init", init_answer());
  http.expect("POST", "/signin/complete",
              answer(400, R"({"serviceErrors":[{"code":"-1"}]})"));  // the exchange has run out
  expect_password(answer(401, R"({"serviceErrors":[{"code":"-20101"}]})"));
  EXPECT_FALSE(sign_in());
  EXPECT_EQ(passwords.asked, 1);
}

TEST_F(SignIn, AnExchangeWhoseWritingIsDisputedIsBegunAnewWithAnotherSecret) {
  auto short_number = init_answer();
  const auto b = short_number.body.find("\"b\":\"") + 5;
  short_number.body.replace(b, short_number.body.find('"', b) - b, base64_encode(as_bytes(std::string(255, '\x7f'))));
  http.expect("POST", "/signin/init", short_number);
  expect_password(answer(401, R"({"serviceErrors":[{"code":"-20101"}]})"));
  EXPECT_FALSE(sign_in());
  const auto requests = http.requests();
  ASSERT_GE(requests.size(), 3U);
  EXPECT_NE(requests[0].body, requests[1].body);
  EXPECT_EQ(passwords.asked, 1);
}

TEST_F(SignIn, NothingIsProvedToAServerThatCheats) {
  auto cheap = init_answer();
  cheap.body.replace(cheap.body.find("1000"), 4, "1");
  http.expect("POST", "/signin/init", cheap);
  const auto done = sign_in();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind(), ErrorKind::Protocol);
  EXPECT_EQ(http.requests().size(), 1U);
}

TEST_F(SignIn, WorkIsShownToThoseWhoAskForIt) {
  auto demanding = init_answer();
  demanding.headers.add("X-Apple-HC-Bits", "8");
  demanding.headers.add("X-Apple-HC-Challenge", "c0ffee");
  http.otherwise([&](const net::Request& request) -> Result<net::Response> {
    return request.url.ends_with("/signin/init") ? demanding : answer(401);
  });
  EXPECT_FALSE(sign_in());
  EXPECT_TRUE(request_to("/signin/complete").headers.get("X-Apple-HC")->starts_with("1:8:2023121719"));
}

TEST_F(SignIn, KilledBetweenCodeAndTrustItNeedsNoSecondCode) {
  expect_question();
  http.expect("POST", "/verify/trusteddevice/securitycode", answer(204, "", tokens("token-after-code")));
  http.expect("GET", "/2sv/trust", Error{ErrorKind::Offline, "as good as killed"});
  person.types("012345");
  EXPECT_FALSE(sign_in());
  asked_before = http.requests().size();
  expect_trust_and_login();
  passwords.text.clear();
  const auto done = sign_in();
  EXPECT_TRUE(done) << done.error().message();
  EXPECT_EQ(calls(), (Calls{kTrust, kLogin}));
}

TEST_F(SignIn, APauseAlsoHoldsForATrustThatWasNotReached) {
  expect_question();
  http.expect("POST", "/verify/trusteddevice/securitycode", answer(204, "", tokens("token-after-code")));
  http.expect("GET", "/2sv/trust", answer(503));
  person.types("012345");
  EXPECT_FALSE(sign_in());
  asked_before = http.requests().size();
  clock.advance(14min);
  const auto early = sign_in();
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().kind(), ErrorKind::Throttled);
  EXPECT_EQ(calls(), Calls{});

  clock.advance(1min);
  expect_trust_and_login();
  const auto done = sign_in();
  EXPECT_TRUE(done) << done.error().message();
  EXPECT_EQ(person.questions.size(), 1U);
}

TEST_F(SignIn, WithoutTrustItWorksForThisTime) {
  expect_question();
  http.expect("POST", "/verify/trusteddevice/securitycode", answer(204, "", tokens("token-after-code")));
  http.expect("GET", "/2sv/trust", answer(403));
  http.expect("POST", "/accountLogin", trusted_account());
  person.types("012345");
  EXPECT_TRUE(sign_in());
  EXPECT_NE(http.requests().back().body.find(R"("trustToken":"")"), std::string::npos);
}

TEST_F(SignIn, ATwoHundredThatStillChallengesIsNotASignIn) {
  expect_password(answer(200, "{}", tokens("t")));
  http.expect("POST", "/accountLogin", untrusted_account());
  const auto done = sign_in();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind(), ErrorKind::Refused);
  EXPECT_FALSE(open()->is_known());
}

TEST_F(SignIn, BeingToldToStopIsObeyed) {
  std::stop_source stop;
  stop.request_stop();
  const auto done = open()->sign_in(passwords, person, stop.get_token());
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind(), ErrorKind::Cancelled);
}

TEST_F(SignIn, SecretsStayOutOfErrorsLogsAndForeignFiles) {
  testing::internal::CaptureStderr();
  start_log(LogTarget::StandardError, LogLevel::Debug);
  expect_question();
  http.expect("POST", "/verify/trusteddevice/securitycode", answer(400, kWrongCode));
  http.expect("POST", "/verify/trusteddevice/securitycode", answer(204, "", tokens("token-after-code")));
  http.expect("GET", "/2sv/trust", trust_answer())
      .expect("POST", "/accountLogin", answer(400, R"({"error":"Invalid Session Token"})"));
  person.types("998877");
  person.types("776655");
  const auto done = sign_in();
  start_log(LogTarget::StandardError, LogLevel::Off);
  const auto log = testing::internal::GetCapturedStderr();
  ASSERT_FALSE(done);
  EXPECT_NE(log.find("accountLogin"), std::string::npos) << "the log was not seen";
  const auto saved = read_file(directory / "session.json");
  ASSERT_TRUE(saved);
  for (const std::string secret : {kPassword, "998877", "776655", "token-after-trust", "the-trust-token", "scnt-of"}) {
    EXPECT_EQ((log + done.error().message()).find(secret), std::string::npos) << secret;
  }
  for (const std::string secret : {kPassword, "998877", "776655"}) EXPECT_EQ(saved->find(secret), std::string::npos);
  for (const auto& request : http.requests()) EXPECT_EQ(request.body.find(kPassword), std::string::npos);
}

}  // namespace
}  // namespace icloudphotos::auth
