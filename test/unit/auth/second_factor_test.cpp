// SPDX-License-Identifier: MIT
// Security keys; codes are in sign_in_test.cpp and half_way_test.cpp.
#include "auth/second_factor.h"

#include <deque>

#include <gtest/gtest.h>

#include "pretend_apple.h"

namespace icloudphotos::auth {
namespace {

using namespace std::chrono_literals;
using Calls = std::vector<std::string>;

constexpr const char* kWanted =
    R"({"fsaChallenge":{"challenge":"Y2hhbGxlbmdl-_8","keyHandles":["aGFuZGxlLTE","_-8"],"rpId":"apple.com"},)"
    R"("keyNames":["Blue key","Spare"]})";

struct FakeKeys final : SecurityKeys {
  Result<KeyAssertion> sign(const KeyChallenge& challenge, std::stop_token) override {
    asked.push_back(challenge);
    if (answers.empty()) return Error{ErrorKind::NeedsSignIn, "no security key is plugged in"};
    auto next = std::move(answers.front());
    answers.pop_front();
    return next;
  }
  std::deque<Result<KeyAssertion>> answers;
  std::vector<KeyChallenge> asked;
};

class Keys : public SessionTest {
 protected:
  Keys() { keys = &plugged_in; }
  void expect_a_key() { expect_password(answer(409, kWanted, tokens("token-after-password"))); }
  FakeKeys plugged_in;
};

TEST_F(Keys, SignWhatAppleWantsSigned) {
  expect_a_key();
  http.expect("POST", "/verify/security/key", answer(204, "", tokens("token-after-key")));
  expect_trust_and_login();
  plugged_in.answers.emplace_back(KeyAssertion{"{client}", "auth\xff", "sig\xfe", "handle-1", ""});
  const auto done = sign_in();
  ASSERT_TRUE(done) << done.error().message();
  ASSERT_EQ(plugged_in.asked.size(), 1U);
  EXPECT_EQ(plugged_in.asked[0].challenge, "Y2hhbGxlbmdl-_8");
  EXPECT_EQ(plugged_in.asked[0].handles, (std::vector<std::string>{"handle-1", "\xff\xef"}));
  EXPECT_EQ(plugged_in.asked[0].relying_party, "apple.com");
  EXPECT_EQ(plugged_in.asked[0].names, (std::vector<std::string>{"Blue key", "Spare"}));
  EXPECT_EQ(request_to("/verify/security/key").body,
            R"({"challenge":"Y2hhbGxlbmdl-_8","clientData":"e2NsaWVudH0=","signatureData":"c2ln/g==",)"
            R"("authenticatorData":"YXV0aP8=","userHandle":null,"credentialID":"aGFuZGxlLTE=","rpId":"apple.com"})");
  ASSERT_EQ(person.told.size(), 1U);
  EXPECT_NE(person.told[0].find("Blue key, Spare"), std::string::npos) << person.told[0];
  EXPECT_NE(person.told[0].find("touch"), std::string::npos);
  EXPECT_TRUE(person.questions.empty());
}

TEST_F(Keys, MayBePluggedInAfterBeingAskedFor) {
  expect_a_key();
  http.expect("POST", "/verify/security/key",
              answer(409, R"({"securityCode":{"valid":true}})", tokens("token-after-key")));
  expect_trust_and_login();
  plugged_in.answers.emplace_back(Error{ErrorKind::NeedsSignIn, "no security key is plugged in"});
  plugged_in.answers.emplace_back(KeyAssertion{"c", "a", "s", "i", "user"});
  ASSERT_TRUE(sign_in());
  EXPECT_NE(request_to("/verify/security/key").body.find(R"("userHandle":"dXNlcg==")"), std::string::npos);
}

TEST_F(Keys, NoneOfThemIsSaidSoAfterAMinute) {
  expect_a_key();
  const auto began = clock.now();
  const auto done = sign_in();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind(), ErrorKind::NeedsSignIn);
  EXPECT_NE(done.error().message().find("plugged in"), std::string::npos);
  EXPECT_LE(clock.now() - began, 1min);
}

TEST_F(Keys, ThatAppleDoesNotTakeEndIt) {
  expect_a_key();
  http.expect("POST", "/verify/security/key", answer(400, R"({"serviceErrors":[{"code":"-1","message":"No."}]})"));
  plugged_in.answers.emplace_back(KeyAssertion{"c", "a", "s", "i", ""});
  const auto done = sign_in();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind(), ErrorKind::Refused);
  EXPECT_EQ(plugged_in.asked.size(), 1U);
}

TEST_F(Keys, AreAskedForAgainWithAFreshChallenge) {
  expect_a_key();
  plugged_in.answers.emplace_back(Error{ErrorKind::Cancelled, "interrupted"});
  EXPECT_FALSE(sign_in());
  passwords.asked = 0;
  auto fresh = answer(200, kWanted);
  fresh.body.replace(fresh.body.find("Y2hhbGxlbmdl-_8"), 15, "YW5vdGhlcg");
  http.expect("GET", "/appleauth/auth", fresh);
  http.expect("POST", "/verify/security/key", answer(204, "", tokens("token-after-key")));
  expect_trust_and_login();
  plugged_in.answers.emplace_back(KeyAssertion{"c", "a", "s", "i", ""});
  ASSERT_TRUE(sign_in());
  EXPECT_EQ(passwords.asked, 0);
  EXPECT_EQ(plugged_in.asked.back().challenge, "YW5vdGhlcg");
}

TEST_F(Keys, AreNoUseToNobody) {
  person.present = false;
  expect_a_key();
  EXPECT_FALSE(sign_in());
  EXPECT_TRUE(plugged_in.asked.empty());
}

TEST_F(Keys, ThatCannotBeUnderstoodAreNotGuessedAt) {
  expect_password(answer(409, R"({"fsaChallenge":{"challenge":7,"keyHandles":[{},"!"]}})", tokens("t")));
  const auto done = sign_in();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind(), ErrorKind::Protocol);
  EXPECT_TRUE(plugged_in.asked.empty());
}

}  // namespace
}  // namespace icloudphotos::auth
