// SPDX-License-Identifier: MIT
#include "auth/endpoints.h"

#include <gtest/gtest.h>

#include "pretend_apple.h"

namespace icloudphotos::auth {
namespace {

using namespace std::chrono_literals;
using Urls = std::vector<std::string>;

constexpr const char* kShared = "https://idmsa.apple.com/appleauth/auth/signin/init";
constexpr const char* kOwn = "https://idmsa.apple.com.cn/appleauth/auth/signin/init";

TEST(Domain, IsOneOfTwo) {
  EXPECT_EQ(endpoints_of("com")->setup_url, "https://setup.icloud.com/setup/ws/1");
  const auto china = endpoints_of("cn");
  ASSERT_TRUE(china);
  EXPECT_EQ(china->identity_url, "https://idmsa.apple.com");
  EXPECT_EQ(china->setup_url, "https://setup.icloud.com.cn/setup/ws/1");
  EXPECT_EQ(china->home_url, "https://www.icloud.com.cn");
  for (const auto* other : {"", "COM", "icloud.com", "de"}) {
    const auto none = endpoints_of(other);
    ASSERT_FALSE(none) << other;
    EXPECT_EQ(none.error().kind(), ErrorKind::Usage);
  }
}

class China : public SessionTest {
 protected:
  China() { endpoints = *endpoints_of("cn"); }
  [[nodiscard]] Urls inits() const {
    Urls all;
    for (const auto& request : http.requests()) {
      if (request.url.ends_with("/signin/init")) all.push_back(request.url);
    }
    return all;
  }
};

TEST_F(China, IsSpokenToInItsOwnName) {
  expect_password(answer(409, "{}", tokens("t")));
  http.expect("GET", "/appleauth/auth", factor_options());
  http.expect("PUT", "/verify/trusteddevice/securitycode", answer(202));
  EXPECT_FALSE(sign_in());
  const auto options = http.requests().back();
  EXPECT_EQ(options.headers.get("Origin"), "https://www.icloud.com.cn");
  EXPECT_EQ(options.headers.get("X-Apple-OAuth-Redirect-URI"), "https://www.icloud.com.cn");
  EXPECT_EQ(inits().front(), kShared);
}

TEST_F(China, TriesTheOtherIdentityServiceOnceAndRemembersIt) {
  for (const bool unreachable : {true, false}) {
    std::filesystem::remove(directory / "session.json");
    const auto before = http.requests().size();
    if (unreachable) {
      http.expect("POST", "/signin/init", Error{ErrorKind::Offline, "no such host"});
    } else {
      http.expect("POST", "/signin/init", answer(503));
    }
    expect_password(answer(401));
    EXPECT_FALSE(sign_in());
    auto requests = http.requests();
    EXPECT_EQ(requests[before].url, kShared);
    EXPECT_EQ(requests[before + 1].url, kOwn);
    EXPECT_EQ(requests[before + 1].headers.get("Origin"), "https://idmsa.apple.com.cn");

    const auto again = http.requests().size();
    expect_password(answer(401));
    EXPECT_FALSE(sign_in());
    requests = http.requests();
    EXPECT_EQ(requests[again].url, kOwn);
  }
}

TEST_F(China, LeavesBothAloneWhenBothAreBusy) {
  http.expect("POST", "/signin/init", answer(503)).expect("POST", "/signin/init", answer(503));
  for (int i = 0; i < 3; ++i) {
    const auto done = sign_in();
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().kind(), ErrorKind::Throttled);
  }
  EXPECT_EQ(inits(), (Urls{kShared, kOwn}));
}

TEST_F(China, IsTheOnlyPlaceWithTwo) {
  endpoints = {};
  http.expect("POST", "/signin/init", Error{ErrorKind::Offline, "no such host"});
  EXPECT_FALSE(sign_in());
  EXPECT_EQ(inits(), Urls{kShared});
}

TEST_F(China, MayHoldAnAccountOfTheWorld) {
  expect_password(answer(200, "{}", tokens("t")));
  http.expect("POST", "/accountLogin", answer(200, R"({"domainToUse":"iCloud.com"})"));
  http.expect("POST", "/accountLogin", trusted_account());
  ASSERT_TRUE(sign_in());
  EXPECT_EQ(http.requests().back().url, "https://setup.icloud.com/setup/ws/1/accountLogin");
}

}  // namespace
}  // namespace icloudphotos::auth
