// SPDX-License-Identifier: MIT
// A sign-in that was left between its password and its code, and taken up again.
#include <gtest/gtest.h>

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
constexpr const char* kPhoneCode = "POST /appleauth/auth/verify/phone/securitycode";
constexpr const char* kTrust = "GET /appleauth/auth/2sv/trust";
constexpr const char* kLogin = "POST /setup/ws/1/accountLogin";

class HalfWayIn : public SessionTest {
 protected:
  /// Up to the question, which the person leaves unanswered.
  void leave_at_the_question() {
    expect_question();
    const auto left = sign_in();
    ASSERT_FALSE(left);
    ASSERT_EQ(left.error().kind(), ErrorKind::Cancelled);
    be_another_process();
  }
  void be_another_process() {
    asked_before = http.requests().size();
    passwords.asked = 0;
    person.questions.clear();
  }
  void expect_code(const char* path = "/verify/trusteddevice/securitycode") {
    http.expect("POST", path, answer(204, "", tokens("token-after-code")));
    expect_trust_and_login();
  }
};

TEST_F(HalfWayIn, TheNextStartAsksForTheCodeAndForNothingElse) {
  leave_at_the_question();
  clock.advance(9min);
  EXPECT_TRUE(open()->status().awaits_code);
  person.types("012345");
  expect_code();
  const auto done = sign_in();
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(calls(), (Calls{kCode, kTrust, kLogin}));
  EXPECT_EQ(passwords.asked, 0);
  ASSERT_EQ(person.questions.size(), 1U);
  EXPECT_TRUE(person.questions[0].code_sent_to_devices);
  EXPECT_EQ(person.questions[0].phones.size(), 2U) << "as first read";
  const auto request = http.requests()[asked_before];
  EXPECT_EQ(request.headers.get("X-Apple-ID-Session-Id"), "id-of-token-after-password");
}

TEST_F(HalfWayIn, ACodeThatWentToAPhoneIsHandedInAsThat) {
  expect_question();
  http.expect("PUT", "/verify/phone", answer(200, R"({"mode":"sms"})"));
  person.answers.push_back({Answer::Kind::SendSms, {}, 3});
  EXPECT_FALSE(sign_in());
  be_another_process();
  person.types("012345");
  expect_code("/verify/phone/securitycode");
  ASSERT_TRUE(sign_in());
  EXPECT_EQ(calls(), (Calls{kPhoneCode, kTrust, kLogin}));
  EXPECT_EQ(http.requests()[asked_before].body,
            R"({"phoneNumber":{"id":3,"nonFTEU":true},"securityCode":{"code":"012345"},"mode":"sms"})");
  EXPECT_EQ(person.questions[0].sent_to_phone, "+1 (•••) •••-••81");
}

TEST_F(HalfWayIn, AfterTenMinutesItBeginsAnew) {
  leave_at_the_question();
  clock.advance(10min);
  EXPECT_FALSE(open()->status().awaits_code);
  expect_question();
  EXPECT_FALSE(sign_in());
  EXPECT_EQ(calls(), (Calls{kInit, kComplete, kOptions, kPush}));
  EXPECT_EQ(passwords.asked, 1);
}

TEST_F(HalfWayIn, WhatAppleHasDroppedBeginsAnewWithThePassword) {
  for (const int lost : {401, 403}) {
    std::filesystem::remove(directory / "session.json");
    leave_at_the_question();
    person.types("111111");
    http.expect("POST", "/verify/trusteddevice/securitycode", answer(lost));
    expect_question();
    person.types("222222");
    expect_code();
    const auto done = sign_in();
    ASSERT_TRUE(done) << done.error().message();
    EXPECT_EQ(calls(), (Calls{kCode, kInit, kComplete, kOptions, kPush, kCode, kTrust, kLogin}));
    EXPECT_EQ(passwords.asked, 1);
    ASSERT_EQ(person.questions.size(), 2U);
    EXPECT_NE(person.questions[1].last_refusal.value_or("").find("dropped"), std::string::npos);
  }
}

TEST_F(HalfWayIn, APushThatWasNeverAnsweredIsTriedAgainButNotForEver) {
  expect_password(answer(409, "{}", tokens("token-after-password")));
  http.expect("GET", "/appleauth/auth", factor_options());
  for (int start = 0; start < 4; ++start) {
    http.expect("PUT", "/verify/trusteddevice/securitycode", Error{ErrorKind::Offline, "as good as killed"});
    EXPECT_FALSE(sign_in());
  }
  be_another_process();
  person.types("012345");
  expect_code();
  ASSERT_TRUE(sign_in());
  EXPECT_EQ(calls(), (Calls{kCode, kTrust, kLogin}));
  EXPECT_FALSE(person.questions[0].code_sent_to_devices);
}

TEST_F(HalfWayIn, PhonesThatAreToldOnceOnlyAreAskedForByBeginningAnew) {
  expect_password(answer(409, "{}", tokens("token-after-password")));
  http.expect("GET", "/appleauth/auth", Error{ErrorKind::Offline, "as good as killed"});
  EXPECT_FALSE(sign_in());
  be_another_process();
  http.expect("GET", "/appleauth/auth", answer(200, R"({"noTrustedDevices":true})"));
  expect_password(answer(409, "{}", tokens("token-after-password")));
  http.expect("GET", "/appleauth/auth", answer(200, R"({"trustedPhoneNumbers":[{"id":1}],"noTrustedDevices":true})"));
  EXPECT_FALSE(sign_in());
  ASSERT_EQ(person.questions.size(), 1U);
  EXPECT_EQ(person.questions[0].phones.size(), 1U);
}

TEST_F(HalfWayIn, OptionsThatWereNotReadAreReadThen) {
  expect_password(answer(409, "{}", tokens("token-after-password")));
  http.expect("GET", "/appleauth/auth", Error{ErrorKind::Offline, "as good as killed"});
  EXPECT_FALSE(sign_in());
  be_another_process();
  http.expect("GET", "/appleauth/auth", factor_options());
  http.expect("PUT", "/verify/trusteddevice/securitycode", answer(202));
  person.types("012345");
  expect_code();
  ASSERT_TRUE(sign_in());
  EXPECT_EQ(calls(), (Calls{kOptions, kPush, kCode, kTrust, kLogin}));
}

TEST_F(HalfWayIn, WrongCodesCountOverRestarts) {
  leave_at_the_question();
  for (int i = 0; i < 3; ++i) {
    http.expect("POST", "/verify/trusteddevice/securitycode", answer(400, kWrongCode));
    person.types("111111");
    const auto wrong = sign_in();
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().kind(), i < 2 ? ErrorKind::Cancelled : ErrorKind::Refused);
  }
  EXPECT_EQ(passwords.asked, 0);
  expect_question();
  EXPECT_FALSE(sign_in()) << "and then it begins anew";
}

TEST_F(HalfWayIn, NobodyIsNotAskedAndSendsForNothing) {
  leave_at_the_question();
  person.present = false;
  const auto done = sign_in();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind(), ErrorKind::NeedsSignIn);
  EXPECT_EQ(calls(), Calls{});
}

TEST_F(HalfWayIn, WhatNobodyCouldFinishAPersonDoes) {
  person.present = false;
  expect_password(answer(409, "{}", tokens("token-after-password")));
  EXPECT_FALSE(sign_in());
  be_another_process();
  person.present = true;
  http.expect("GET", "/appleauth/auth", factor_options());
  http.expect("PUT", "/verify/trusteddevice/securitycode", answer(202));
  person.types("012345");
  expect_code();
  ASSERT_TRUE(sign_in());
  EXPECT_EQ(calls(), (Calls{kOptions, kPush, kCode, kTrust, kLogin}));
  EXPECT_EQ(passwords.asked, 0);
}

TEST_F(HalfWayIn, APasswordThatWasTakenIsHandedBackToBeKept) {
  leave_at_the_question();
  EXPECT_EQ(passwords.kept, std::vector<std::string>{std::string{"ann@example.com "} + kPassword});
  std::filesystem::remove(directory / "session.json");
  passwords.kept.clear();
  expect_password(answer(401, R"({"serviceErrors":[{"code":"-20101"}]})"));
  EXPECT_FALSE(sign_in());
  EXPECT_TRUE(passwords.kept.empty());
}

}  // namespace
}  // namespace icloudphotos::auth
