// SPDX-License-Identifier: MIT
#include "icloudphotos/base/ecdsa.h"
#include "icloudphotos/base/text.h"

#include "visitor.h"

using namespace icloudphotos;
using namespace icloudphotos::demo;

namespace {

std::string base64(std::string_view text) { return base64_encode(as_bytes(text)); }
std::string digest(std::string_view text) {
  const auto bytes = sha256(as_bytes(text));
  return std::string{as_text(bytes)};
}

/// What a browser and a key answer together; a test spoils one part of it.
struct Assertion {
  std::string challenge = {}, type = "webauthn.get", origin = "https://apple.com", relying_party = "apple.com";
  std::string credential = "credential 1";
  char flags = 1;

  [[nodiscard]] std::string json(const P256Key& key) const {
    const std::string client_data =
        fmt::format(R"({{"type":"{}","challenge":"{}","origin":"{}","crossOrigin":false}})", type, challenge, origin);
    const std::string data = digest(relying_party) + flags + std::string{"\0\0\0\7", 4};
    const auto signature = key.sign(as_bytes(data + digest(client_data)));
    return fmt::format(
        R"({{"challenge":"{}","clientData":"{}","signatureData":"{}","authenticatorData":"{}","userHandle":null,)"
        R"("credentialID":"{}","rpId":"apple.com"}})",
        challenge, base64(client_data), base64_encode(signature), base64(data), base64(credential));
  }
};

class SecurityKey : public DemoTest {
 protected:
  /// Signs in as far as the key, which the account has; the challenge.
  std::string reach_the_key() {
    start({.quirks = R"({"account":"security-key"})"});
    visitor->control("security_key", fmt::format(R"({{"credential":"{}","public_key":"{}","name":"Red key"}})",
                                                 base64("credential 1"), base64_encode(key.public_key())));
    return challenge_of(visitor->give_password("demo@example.com", "demo-Password-1"));
  }
  static std::string challenge_of(const net::Response& response) {
    const auto body = JsonDocument::parse(response.body);
    EXPECT_TRUE(body) << response.body;
    return std::string{(*body)["fsaChallenge"]["challenge"].text().value_or("")};
  }
  int give(const std::string& assertion) {
    return visitor->call("POST", "/appleauth/auth/verify/security/key", assertion).status;
  }
  P256Key key = P256Key::generate();
};

TEST_F(SecurityKey, LeadsToTrust) {
  const auto challenge = reach_the_key();
  EXPECT_EQ(visitor->call("GET", "/appleauth/auth/2sv/trust").status, 412);
  EXPECT_EQ(give(Assertion{.challenge = challenge}.json(key)), 204);
  EXPECT_EQ(visitor->call("GET", "/appleauth/auth/2sv/trust").status, 204);
}

TEST_F(SecurityKey, IsNamedWithItsHandle) {
  reach_the_key();
  const auto asked = visitor->call("GET", "/appleauth/auth");
  const auto body = std::move(JsonDocument::parse(asked.body)).value();
  EXPECT_EQ(body["keyNames"].at(0).text(), "Red key");
  EXPECT_EQ(body["fsaChallenge"]["keyHandles"].at(0).text(), base64_encode(as_bytes("credential 1"), Base64::Url));
}

TEST_F(SecurityKey, ThatSignedAnythingElseIsRefused) {
  for (const auto& spoilt :
       {Assertion{.type = "webauthn.create"}, Assertion{.origin = "https://apple.com.example"},
        Assertion{.relying_party = "example.com"}, Assertion{.credential = "credential 2"}, Assertion{.flags = 0}}) {
    auto assertion = spoilt;
    assertion.challenge = reach_the_key();
    EXPECT_EQ(give(assertion.json(key)), 400)
        << spoilt.type << spoilt.origin << spoilt.relying_party << spoilt.credential << int{spoilt.flags};
  }
  const auto challenge = reach_the_key();
  EXPECT_EQ(give(Assertion{.challenge = challenge}.json(P256Key::generate())), 400);
  reach_the_key();
  EXPECT_EQ(give(Assertion{.challenge = "b2xk"}.json(key)), 400);
  reach_the_key();
  EXPECT_EQ(give("{}"), 400);
}

TEST_F(SecurityKey, HasOneTryForAChallenge) {
  const auto challenge = reach_the_key();
  EXPECT_EQ(give(Assertion{.challenge = challenge, .flags = 0}.json(key)), 400);
  EXPECT_EQ(give(Assertion{.challenge = challenge}.json(key)), 400);
  const auto next = challenge_of(visitor->call("GET", "/appleauth/auth"));
  EXPECT_NE(next, challenge);
  EXPECT_EQ(give(Assertion{.challenge = next}.json(key)), 204);
}

TEST_F(SecurityKey, OfAnAccountWithCodesIsRefused) {
  auto& other = start();
  other.give_password("demo@example.com", "demo-Password-1");
  EXPECT_EQ(give(Assertion{.challenge = ""}.json(key)), 400);
}

}  // namespace
