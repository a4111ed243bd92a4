// SPDX-License-Identifier: MIT
#include "icloudphotos/auth/security_keys.h"

#include <deque>
#include <thread>

#include <gtest/gtest.h>

#include "icloudphotos/auth/session.h"
#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/json.h"
#include "icloudphotos/demo/service.h"
#include "icloudphotos/net/http.h"

#include "auth/fido_keys.h"
#include "software_key.h"
#include "temp_dir.h"

namespace icloudphotos::auth {
namespace {

using namespace std::chrono_literals;
using Owner = SoftwareKey::Owner;

class SecurityKeysTest : public testing::Test {
 protected:
  SoftwareKey& plug_in(std::string credential, Owner owner = Owner::Touches) {
    return plugged_in.emplace_back(std::move(credential), owner);
  }
  std::unique_ptr<SecurityKeys> keys(std::chrono::milliseconds patience = 60s) {
    return make_security_keys(
        [this]() -> Result<std::vector<FidoKey>> {
          std::vector<FidoKey> opened;
          for (auto& key : plugged_in) opened.emplace_back(key.plug_in());
          return opened;
        },
        patience);
  }
  static KeyChallenge wants(std::vector<std::string> handles) {
    return {"a-_b", std::move(handles), "apple.com", {"Blue key"}};
  }
  static ErrorKind kind_of(const Result<KeyAssertion>& result) {
    EXPECT_FALSE(result);
    return result ? ErrorKind::Protocol : result.error().kind();
  }
  static bool is_signed_by(const SoftwareKey& key, const KeyAssertion& assertion) {
    const auto digest = sha256(as_bytes(assertion.client_data));
    return p256_verifies(key.public_key(), as_bytes(assertion.authenticator_data + std::string{as_text(digest)}),
                         as_bytes(assertion.signature));
  }
  std::deque<SoftwareKey> plugged_in;
};

TEST_F(SecurityKeysTest, SignWhatAppleAsks) {
  const auto& key = plug_in("credential");
  const auto assertion = keys()->sign(wants({"another", "credential"}), {});
  ASSERT_TRUE(assertion) << assertion.error().message();
  EXPECT_EQ(assertion->client_data,
            R"({"type":"webauthn.get","challenge":"a-_b","origin":"https://apple.com","crossOrigin":false})");
  EXPECT_EQ(assertion->credential_id, "credential");
  EXPECT_EQ(assertion->user_handle, SoftwareKey::user_handle());
  EXPECT_EQ(assertion->authenticator_data.size(), 37U);
  EXPECT_TRUE(is_signed_by(key, *assertion));
}

TEST_F(SecurityKeysTest, SignWithHandlesThatNeedSeveralReports) {
  const std::string handle(200, 'h');
  const auto& key = plug_in(handle);
  const auto assertion = keys()->sign(wants({std::string(200, 'x'), handle, std::string(200, 'y')}), {});
  ASSERT_TRUE(assertion) << assertion.error().message();
  EXPECT_EQ(assertion->credential_id, handle);
  EXPECT_TRUE(is_signed_by(key, *assertion));
}

TEST_F(SecurityKeysTest, BlinkOnlyIfTheyAreOfTheAccount) {
  auto& stranger = plug_in("of somebody else");
  auto& own = plug_in("credential");
  const auto assertion = keys()->sign(wants({"credential"}), {});
  ASSERT_TRUE(assertion) << assertion.error().message();
  EXPECT_TRUE(is_signed_by(own, *assertion));
  EXPECT_EQ(stranger.blinks(), 0);
}

TEST_F(SecurityKeysTest, AreAskedTogetherAndTheTouchedOneCounts) {
  auto& left = plug_in("left", Owner::IsAway);
  const auto& touched = plug_in("touched");
  plug_in("denied", Owner::SaysNo);
  const auto assertion = keys()->sign(wants({"left", "touched", "denied"}), {});
  ASSERT_TRUE(assertion) << assertion.error().message();
  EXPECT_TRUE(is_signed_by(touched, *assertion));
  EXPECT_LE(left.blinks(), 1);
}

TEST_F(SecurityKeysTest, NeedAPersonWhenThereAreNone) {
  EXPECT_EQ(kind_of(keys()->sign(wants({"credential"}), {})), ErrorKind::NeedsSignIn);
  plug_in("of somebody else");
  EXPECT_EQ(kind_of(keys()->sign(wants({"credential"}), {})), ErrorKind::NeedsSignIn);
}

TEST_F(SecurityKeysTest, ThatNobodyTouchesEndInTime) {
  auto& key = plug_in("credential", Owner::IsAway);
  const auto assertion = keys(50ms)->sign(wants({"credential"}), {});
  EXPECT_EQ(kind_of(assertion), ErrorKind::Refused);
  EXPECT_NE(assertion.error().message().find("touched"), std::string::npos);
  EXPECT_EQ(key.blinks(), 1);
}

TEST_F(SecurityKeysTest, AreLeftAloneWhenInterrupted) {
  auto& key = plug_in("credential", Owner::IsAway);
  std::stop_source stop;
  const std::jthread person{[&] {
    key.wait_until_it_blinks();
    stop.request_stop();
  }};
  EXPECT_EQ(kind_of(keys()->sign(wants({"credential"}), stop.get_token())), ErrorKind::Cancelled);
}

TEST_F(SecurityKeysTest, SayWhyTheyRefuse) {
  plug_in("credential", Owner::SaysNo);
  EXPECT_EQ(kind_of(keys()->sign(wants({"credential"}), {})), ErrorKind::Refused);
  plugged_in.clear();
  plug_in("credential", Owner::HasSetAPin);
  const auto locked = keys()->sign(wants({"credential"}), {});
  EXPECT_EQ(kind_of(locked), ErrorKind::Refused);
  EXPECT_NE(locked.error().message().find("PIN"), std::string::npos);
}

TEST_F(SecurityKeysTest, PulledOutMayBePluggedInAgain) {
  plug_in("credential", Owner::PullsItOut);
  EXPECT_EQ(kind_of(keys()->sign(wants({"credential"}), {})), ErrorKind::NeedsSignIn);
}

TEST_F(SecurityKeysTest, SignNothingThatIsNoChallenge) {
  plug_in("credential");
  for (const std::string challenge : {"", "no base64!"}) {
    auto wish = wants({"credential"});
    wish.challenge = challenge;
    EXPECT_EQ(kind_of(keys()->sign(wish, {})), ErrorKind::Protocol);
  }
}

TEST(ClientData, HasTheChallengeAsPagesSendIt) {
  EXPECT_EQ(client_data_json("a+/b").value(), client_data_json("a-_b").value());
  EXPECT_NE(client_data_json("YQ==").value().find(R"("challenge":"YQ")"), std::string::npos);
}

/// The whole way, from the password to photos, with the pretend iCloud checking what the key signed.
class SignInWithKeys : public SecurityKeysTest {
 protected:
  struct Password final : PasswordSource {
    Result<Secret> password(const std::string&, std::stop_token) override { return Secret{"demo-Password-1"}; }
  };
  struct Person final : CodeSource {
    Result<Answer> ask(const Challenge&, std::stop_token) override {
      ++asked;
      return Error{ErrorKind::Cancelled, "there are no codes"};
    }
    void tell(const std::string& what_to_do) override { told += what_to_do; }
    int asked = 0;
    std::string told;
  };

  Result<void> sign_in(SoftwareKey& registered) {
    service = std::move(demo::Service::start({.quirks = R"({"account":"security-key"})"})).value();
    EXPECT_TRUE(service->control(
        "security_key",
        fmt::format(R"({{"credential":"{}","public_key":"{}","name":"Red key"}})",
                    base64_encode(as_bytes(registered.credential())), base64_encode(registered.public_key()))));
    const auto fido = keys();
    SessionOptions options;
    options.account = "demo@example.com";
    options.state_dir = directory.path();
    options.endpoints = {service->identity_url(), service->setup_url(), "https://www.icloud.com"};
    options.security_keys = fido.get();
    const auto session = TRY(Session::open(*http, clock, options));
    TRY(session->sign_in(password, person, {}));
    const auto zones = TRY(session->post("/database/1/com.apple.photos.cloud/production/private/zones/list", "{}", {}));
    EXPECT_EQ(zones.status, 200);
    return {};
  }
  std::int64_t count(std::string_view operation) {
    const auto counters = service->control("counters").value();
    return JsonDocument::parse(counters).value()["requests"][operation].integer().value_or(0);
  }

  TempDir directory;
  SystemClock clock;
  std::unique_ptr<net::Http> http = std::move(net::make_curl_http({})).value();
  std::unique_ptr<demo::Service> service;
  Password password;
  Person person;
};

TEST_F(SignInWithKeys, LeadsToPhotosWithoutACode) {
  const auto signed_in = sign_in(plug_in("credential"));
  ASSERT_TRUE(signed_in) << signed_in.error().message();
  EXPECT_NE(person.told.find("Red key"), std::string::npos) << person.told;
  EXPECT_EQ(person.asked, 0);
  EXPECT_EQ(count("PUT /appleauth/auth/verify/trusteddevice/securitycode"), 0);
  EXPECT_EQ(count("POST /appleauth/auth/verify/security/key"), 1);
}

TEST_F(SignInWithKeys, EndsWhenAppleKnowsAnotherKeyOfThatHandle) {
  SoftwareKey elsewhere{"credential"};
  plug_in("credential");
  const auto refused = sign_in(elsewhere);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind(), ErrorKind::Refused);
  EXPECT_NE(refused.error().message().find("security key"), std::string::npos) << refused.error().message();
  EXPECT_EQ(count("POST /appleauth/auth/verify/security/key"), 1);
  EXPECT_EQ(count("POST /appleauth/auth/signin/complete"), 1);
}

}  // namespace
}  // namespace icloudphotos::auth
