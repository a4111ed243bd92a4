// SPDX-License-Identifier: MIT
// Advanced Data Protection: the keys of the photos are a device's to lend.
#include "auth/pcs.h"

#include <atomic>
#include <latch>
#include <thread>

#include <gtest/gtest.h>

#include "pretend_apple.h"

namespace icloudphotos::auth {
namespace {

using namespace std::chrono_literals;
using Calls = std::vector<std::string>;

constexpr const char* kPath = "/database/1/com.apple.photos.cloud/production/private/zones/list";
constexpr const char* kPhotos = "POST /database/1/com.apple.photos.cloud/production/private/zones/list";
constexpr const char* kState = "POST /setup/ws/1/requestWebAccessState";
constexpr const char* kKeys = "POST /setup/ws/1/requestPCS";
constexpr const char* kArming =
    R"({"isICDRSDisabled":true,"status":"failure","message":"Requested a new device arming to upload cookies."})";
constexpr const char* kNotYet =
    R"({"isICDRSDisabled":true,"status":"failure","message":"Cookies not available yet on server."})";
constexpr const char* kNotAllowedYet =
    R"({"isWebAccessAllowed":true,"isICDRSDisabled":true,"isDeviceConsentedForPCS":false,"deviceConsentForPCSExpiry":0})";
constexpr const char* kAllowed = R"({"isWebAccessAllowed":true,"isICDRSDisabled":true,"isDeviceConsentedForPCS":true})";

net::Response locked() {
  return answer(423, R"({"errorReason":"Missing PCS cookies from the request","errorCode":423})");
}

net::Response lent_keys(std::string_view message = "Cookies attached.") {
  auto response = answer(200, R"({"status":"success","message":")" + std::string{message} + R"("})");
  for (const auto* name : {"Photos", "Sharing"}) {
    response.headers.add("Set-Cookie", std::string{"X-APPLE-WEBAUTH-PCS-"} + name +
                                           "=\"key\";Path=/;Domain=.icloud.com;Secure;Max-Age=3600");
  }
  return response;
}

class Protected : public SessionTest {
 protected:
  void begin() {
    be_signed_in();
    session = open();
    events.clear();
    http.expect("POST", "/validate", recorded("auth/validate-200.json").response)
        .expect("POST", kPath, answer(200, "{}"));
    ASSERT_TRUE(post());
    asked_before = http.requests().size();
  }
  Result<net::Response> post() { return session->post(kPath, "{}", {}); }
  net::Response protected_account() {
    auto response = trusted_account();
    for (auto at = response.body.find(R"("iCDPEnabled":false)"); at != std::string::npos;
         at = response.body.find(R"("iCDPEnabled":false)", at)) {
      response.body.replace(at, 19, R"("iCDPEnabled":true)");
    }
    EXPECT_NE(response.body, trusted_account().body);
    return response;
  }

  std::unique_ptr<Session> session;
};

TEST_F(Protected, AtSignInThePersonIsToldWhatToTapAndTheKeysAreWaitedFor) {
  expect_password(answer(200, "{}", tokens("t")));
  http.expect("POST", "/accountLogin", protected_account());
  http.expect("POST", "/requestWebAccessState", answer(200, kNotAllowedYet));
  http.expect("POST", "/enableDeviceConsentForPCS", answer(200, R"({"isDeviceConsentNotificationSent":true})"));
  http.expect("POST", "/requestPCS", answer(200, kArming));
  const auto asked = clock.now();
  http.expect("POST", "/requestPCS", answer(200, kNotYet));
  http.expect("POST", "/requestPCS", lent_keys("A text that nobody has seen before."));
  const auto done = sign_in();
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(clock.now() - asked, 20s);
  ASSERT_EQ(person.told.size(), 1U);
  EXPECT_NE(person.told[0].find("tap Allow"), std::string::npos);
  const auto requests = http.requests();
  EXPECT_EQ(requests[requests.size() - 3].body, R"({"appName":"photos","derivedFromUserAction":true})");
  EXPECT_EQ(requests[requests.size() - 2].body, R"({"appName":"photos","derivedFromUserAction":false})");
  EXPECT_NE(requests.back().url.find("clientId="), std::string::npos);
  EXPECT_TRUE(requests[requests.size() - 5].body.empty());
}

TEST_F(Protected, AnOrdinaryAccountIsAskedNothingMore) {
  be_signed_in();
  asked_before = 0;
  for (const auto& call : calls()) EXPECT_EQ(call.find("PCS"), std::string::npos) << call;
  for (const auto& call : calls()) EXPECT_EQ(call.find("WebAccess"), std::string::npos) << call;
}

TEST_F(Protected, WhatIsAllowedAlreadyIsRenewedUnseen) {
  begin();
  for (const auto& missing : {locked(), answer(400, R"({"reason":"Cannot find PCS auth info from request"})"),
                              answer(500, R"({"errorReason":"Missing PCS cookies from the request"})")}) {
    asked_before = http.requests().size();
    http.expect("POST", kPath, missing);
    http.expect("POST", "/requestWebAccessState", answer(200, kAllowed)).expect("POST", "/requestPCS", lent_keys());
    http.expect("POST", kPath, answer(200, "photos"));
    const auto response = post();
    ASSERT_TRUE(response) << response.error().message();
    EXPECT_EQ(response->body, "photos");
    EXPECT_EQ(calls(), (Calls{kPhotos, kState, kKeys, kPhotos}));
    EXPECT_NE(http.requests().back().headers.get("Cookie")->find("X-APPLE-WEBAUTH-PCS-Photos"), std::string::npos);
  }
  EXPECT_TRUE(events.empty());
}

TEST_F(Protected, KeysThatHaveRunOutAreNotTakenForNewOnes) {
  begin();
  http.expect("POST", kPath, locked()).expect("POST", "/requestWebAccessState", answer(200, kAllowed));
  http.expect("POST", "/requestPCS", lent_keys()).expect("POST", kPath, answer(200, "{}"));
  ASSERT_TRUE(post());
  http.expect("POST", kPath, locked()).expect("POST", "/requestWebAccessState", answer(200, kAllowed));
  http.expect("POST", "/requestPCS", answer(200, kNotYet)).expect("POST", "/requestPCS", lent_keys());
  http.expect("POST", kPath, answer(200, "{}"));
  EXPECT_TRUE(post());
}

TEST_F(Protected, UnattendedTheDevicesAreAskedOnceAndThenAPerson) {
  begin();
  int asked = 0;
  int fetched = 0;
  http.otherwise([&](const net::Request& request) -> Result<net::Response> {
    if (request.url.find("/requestWebAccessState") != std::string::npos) return answer(200, kNotAllowedYet);
    if (request.url.find("/enableDeviceConsentForPCS") != std::string::npos) {
      ++asked;
      return answer(200, R"({"isDeviceConsentNotificationSent":true})");
    }
    if (request.url.find("/requestPCS") != std::string::npos) {
      ++fetched;
      return answer(200, kNotYet);
    }
    if (request.url.ends_with("/validate")) return recorded("auth/validate-200.json").response;
    return locked();
  });
  const auto began = clock.now();
  for (int restart = 0; restart < 5; ++restart) {
    for (int i = 0; i < 5; ++i) {
      const auto response = post();
      ASSERT_FALSE(response);
      EXPECT_EQ(response.error().kind(), ErrorKind::NeedsSignIn);
      EXPECT_NE(response.error().message().find("tap Allow"), std::string::npos);
    }
    if (restart == 0) {
      EXPECT_LE(clock.now() - began, 5min);
    }
    session = open();
  }
  EXPECT_EQ(asked, 1);
  EXPECT_LE(fetched, 31);
  EXPECT_EQ(events, std::vector{SessionEvent::NeedsPerson});
  EXPECT_FALSE(last_status.signed_in);
}

TEST_F(Protected, WhoAllowsItLaterNeedNotComeHere) {
  begin();
  http.expect("POST", kPath, locked()).expect("POST", "/requestWebAccessState", answer(200, kNotAllowedYet));
  http.expect("POST", "/enableDeviceConsentForPCS", answer(200, R"({"isDeviceConsentNotificationSent":false})"));
  EXPECT_FALSE(post());
  EXPECT_FALSE(post());
  clock.advance(11min);
  http.expect("POST", kPath, locked()).expect("POST", "/requestWebAccessState", answer(200, kAllowed));
  http.expect("POST", "/requestPCS", lent_keys()).expect("POST", kPath, answer(200, "{}"));
  EXPECT_TRUE(post());
  EXPECT_EQ(events, (std::vector{SessionEvent::NeedsPerson, SessionEvent::Ready}));
}

TEST_F(Protected, WebAccessThatIsOffIsSaidPlainly) {
  begin();
  http.expect("POST", kPath, locked());
  http.expect("POST", "/requestWebAccessState", answer(200, R"({"isWebAccessAllowed":false,"isICDRSDisabled":true})"));
  const auto response = post();
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind(), ErrorKind::Refused);
  EXPECT_NE(response.error().message().find("Access iCloud Data on the Web"), std::string::npos);
}

TEST_F(Protected, AccessThatIsDeniedIsLookedIntoAfterAWhile) {
  begin();
  const auto denied =
      answer(403, R"({"serverErrorCode":"ACCESS_DENIED","reason":"private db access disabled for this account"})");
  for (int i = 0; i < 2; ++i) {
    http.expect("POST", kPath, denied);
    const auto at_first = post();
    ASSERT_TRUE(at_first);
    EXPECT_EQ(at_first->status, 403);
  }
  clock.advance(3min);
  http.expect("POST", kPath, denied);
  http.expect("POST", "/requestWebAccessState", answer(200, R"({"isWebAccessAllowed":true})"));
  const auto unprotected = post();
  ASSERT_TRUE(unprotected) << "the answer says more than we could";
  EXPECT_EQ(unprotected->status, 403);

  clock.advance(3min);
  http.expect("POST", kPath, denied).expect("POST", "/requestWebAccessState", answer(200, kAllowed));
  http.expect("POST", "/requestPCS", lent_keys()).expect("POST", kPath, answer(200, "{}"));
  const auto response = post();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
}

TEST_F(Protected, ManyRequestsGetTheKeysOnce) {
  begin();
  constexpr int kThreads = 8;
  std::atomic<int> fetched{0};
  std::atomic<int> begun{0};
  http.otherwise([&](const net::Request& request) -> Result<net::Response> {
    if (request.url.find("/requestWebAccessState") != std::string::npos) {
      while (begun < kThreads) std::this_thread::yield();
      return answer(200, kAllowed);
    }
    if (request.url.find("/requestPCS") != std::string::npos) {
      ++fetched;
      return lent_keys();
    }
    if (fetched > 0) return answer(200, "{}");
    ++begun;
    return locked();
  });
  std::atomic<int> served{0};
  {
    std::vector<std::jthread> readers;
    for (int i = 0; i < kThreads; ++i) {
      readers.emplace_back([&] {
        const auto response = post();
        if (response && response->status == 200) ++served;
      });
    }
  }
  EXPECT_EQ(fetched, 1);
  EXPECT_EQ(served, kThreads);
}

TEST_F(Protected, BeingToldToStopEndsTheWait) {
  begin();
  std::stop_source stop;
  http.expect("POST", kPath, locked()).expect("POST", "/requestWebAccessState", answer(200, kAllowed));
  http.expect("POST", "/requestPCS", [&](const net::Request&) -> Result<net::Response> {
    stop.request_stop();
    return answer(200, kNotYet);
  });
  const auto response = session->post(kPath, "{}", stop.get_token());
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind(), ErrorKind::Cancelled);
}

TEST_F(Protected, BusyIsWaitedFor) {
  begin();
  http.expect("POST", kPath, locked()).expect("POST", "/requestWebAccessState", answer(503));
  for (int i = 0; i < 3; ++i) {
    const auto response = post();
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind(), ErrorKind::Throttled);
    http.otherwise([](const net::Request&) -> Result<net::Response> { return locked(); });
  }
  EXPECT_TRUE(events.empty());
}

}  // namespace
}  // namespace icloudphotos::auth
