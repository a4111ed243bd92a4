// SPDX-License-Identifier: MIT
// What those who watch a session hear of it, and what it does without a person.
#include "auth/standing.h"

#include <atomic>
#include <fstream>
#include <latch>
#include <thread>

#include <gtest/gtest.h>

#include "pretend_apple.h"

namespace icloudphotos::auth {
namespace {

using namespace std::chrono_literals;
using Calls = std::vector<std::string>;
using Events = std::vector<SessionEvent>;

constexpr const char* kPath = "/database/1/com.apple.photos.cloud/production/private/zones/list";
constexpr const char* kPhotos = "POST /database/1/com.apple.photos.cloud/production/private/zones/list";
constexpr const char* kInit = "POST /appleauth/auth/signin/init";
constexpr const char* kComplete = "POST /appleauth/auth/signin/complete";
constexpr const char* kValidate = "POST /setup/ws/1/validate";
constexpr const char* kLogin = "POST /setup/ws/1/accountLogin";

net::Response valid() { return recorded("auth/validate-200.json").response; }

class Standing : public SessionTest {
 protected:
  /// A process with a saved session that worked for one request.
  void begin() {
    be_signed_in();
    session = open();
    events.clear();
    http.expect("POST", "/validate", valid()).expect("POST", kPath, answer(200, "{}"));
    ASSERT_TRUE(post());
    asked_before = http.requests().size();
  }
  void expect_the_end() {
    http.expect("POST", kPath, answer(401)).expect("POST", "/validate", answer(421));
    http.expect("POST", "/accountLogin", answer(400, R"({"error":"Invalid Session Token"})"));
  }
  Result<net::Response> post() { return session->post(kPath, "{}", {}); }

  std::unique_ptr<Session> session;
};

TEST_F(Standing, GoodNewsIsThatSomebodySignedIn) {
  be_signed_in();
  EXPECT_EQ(events, Events{SessionEvent::Ready});
  EXPECT_TRUE(last_status.signed_in);
  EXPECT_FALSE(last_status.problem);
  EXPECT_EQ(last_status.trust_ends, clock.now() + 24h * 30);
  events.clear();
  http.expect("POST", "/validate", valid());
  ASSERT_TRUE(sign_in());
  EXPECT_TRUE(events.empty()) << "it was signed in before";
}

TEST_F(Standing, APersonIsToldOnceThatTheyAreNeeded) {
  begin();
  expect_the_end();
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(post());
  EXPECT_EQ(events, Events{SessionEvent::NeedsPerson});
  EXPECT_FALSE(last_status.signed_in);
  EXPECT_NE(last_status.problem.value_or("").find("sign in again"), std::string::npos);

  for (int restart = 0; restart < 5; ++restart) {
    session = open();
    EXPECT_FALSE(post());
    EXPECT_FALSE(session->status().signed_in);
  }
  EXPECT_EQ(events, Events{SessionEvent::NeedsPerson}) << "nor is a restart news";

  http.expect("POST", "/validate", answer(421)).expect("POST", "/accountLogin", answer(400));
  expect_password(answer(409, "{}", tokens("token-after-password")));
  http.expect("POST", "/accountLogin", untrusted_account());  // the trust token is worth one try
  http.expect("GET", "/appleauth/auth", factor_options());
  http.expect("PUT", "/verify/trusteddevice/securitycode", answer(202));
  http.expect("POST", "/verify/trusteddevice/securitycode", answer(204, "", tokens("token-after-code")));
  expect_trust_and_login();
  person.types("012345");
  ASSERT_TRUE(session->sign_in(passwords, person, {}));
  EXPECT_EQ(events, (Events{SessionEvent::NeedsPerson, SessionEvent::Ready}));
  expect_the_end();
  EXPECT_FALSE(post());
  EXPECT_EQ(events.size(), 3U) << "the next time is news again";
}

TEST_F(Standing, APersonWhoWasThereNeedsNoNews) {
  expect_password(answer(401, R"({"serviceErrors":[{"code":"-20101"}]})"));
  session = open();
  EXPECT_FALSE(session->sign_in(passwords, person, {}));
  EXPECT_FALSE(post());
  EXPECT_TRUE(events.empty());
  EXPECT_NE(session->status().problem.value_or("").find("not accepted"), std::string::npos);
}

TEST_F(Standing, NobodyThereIsNews) {
  person.present = false;
  passwords.text.clear();
  EXPECT_FALSE(sign_in());
  EXPECT_FALSE(sign_in());
  EXPECT_EQ(events, Events{SessionEvent::NeedsPerson});
}

TEST_F(Standing, SaysUntilWhenAppleIsLeftAlone) {
  http.expect("POST", "/signin/init", answer(503));
  session = open();
  EXPECT_FALSE(session->sign_in(passwords, person, {}));
  const auto status = session->status();
  EXPECT_EQ(status.paused_until, clock.now() + 15min);
  EXPECT_NE(status.problem.value_or("").find("try again after"), std::string::npos);
  clock.advance(16min);
  EXPECT_FALSE(session->status().paused_until);
}

TEST_F(Standing, EventsComeUnderNoLock) {
  be_signed_in();
  Session* here = nullptr;
  SessionOptions options{"ann@example.com", directory.path(), endpoints, {}};
  int heard = 0;
  options.on_event = [&](SessionEvent, const SessionStatus&) {
    ++heard;
    (void)here->status();
    EXPECT_FALSE(here->post(kPath, "{}", {}));
    EXPECT_TRUE(here->sign_out({}));
  };
  auto opened = Session::open(http, clock, std::move(options));
  ASSERT_TRUE(opened);
  here = opened->get();
  http.expect("POST", "/validate", answer(421)).expect("POST", "/accountLogin", answer(400));
  EXPECT_FALSE(here->post(kPath, "{}", {}));
  EXPECT_EQ(heard, 1);
}

// Without a person.

TEST_F(Standing, APasswordAtHandSignsInUnseen) {
  unattended = &passwords;
  begin();
  expect_the_end();
  expect_password(answer(200, R"({"authType":"hsa2"})", tokens("newer-token")));
  http.expect("POST", "/accountLogin", trusted_account()).expect("POST", kPath, answer(200, "done"));
  const auto response = post();
  ASSERT_TRUE(response) << response.error().message();
  EXPECT_EQ(response->body, "done");
  EXPECT_EQ(calls(), (Calls{kPhotos, kValidate, kLogin, kInit, kComplete, kLogin, kPhotos}));
  EXPECT_NE(http.requests()[http.requests().size() - 3].body.find(R"("trustTokens":["the-trust-token"])"),
            std::string::npos);
  EXPECT_TRUE(events.empty());
  EXPECT_EQ(passwords.kept.size(), 2U);
}

TEST_F(Standing, WhereACodeIsWantedNothingIsSentForAndAPersonIsTold) {
  unattended = &passwords;
  begin();
  expect_the_end();
  expect_password(answer(409, R"({"authType":"hsa2"})", tokens("newer-token")));
  http.expect("POST", "/accountLogin", untrusted_account());  // the trust token is worth one try
  for (int i = 0; i < 5; ++i) {
    const auto response = post();
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind(), ErrorKind::NeedsSignIn);
    clock.advance(2h);
  }
  EXPECT_EQ(passwords.asked, 1);
  EXPECT_EQ(events, Events{SessionEvent::NeedsPerson});
}

TEST_F(Standing, APasswordThatWasRefusedIsNotTriedAgainByAnyProcess) {
  unattended = &passwords;
  begin();
  expect_the_end();
  expect_password(answer(401, R"({"serviceErrors":[{"code":"-20101","message":"No."}]})"));
  for (int process = 0; process < 20; ++process) {
    const auto response = post();
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind(), ErrorKind::Refused) << response.error().message();
    clock.advance(24h);
    session = open();
  }
  EXPECT_EQ(calls(), (Calls{kPhotos, kValidate, kLogin, kInit, kComplete}));
  EXPECT_EQ(events, Events{SessionEvent::NeedsPerson});
}

TEST_F(Standing, AfterAPauseThePasswordIsTriedAfterAll) {
  unattended = &passwords;
  begin();
  expect_the_end();
  http.expect("POST", "/signin/init", answer(503));
  for (int i = 0; i < 14; ++i) {
    const auto response = post();
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind(), ErrorKind::Throttled);
    clock.advance(1min);
  }
  clock.advance(1min);
  expect_password(answer(200, "{}", tokens("newer-token")));
  http.expect("POST", "/accountLogin", trusted_account()).expect("POST", kPath, answer(200, "{}"));
  EXPECT_TRUE(post());
  EXPECT_TRUE(events.empty());
}

TEST_F(Standing, RequestsInFlightWaitForTheRenewalAndNotForEver) {
  patience = 50ms;
  begin();
  std::latch renewing{1};
  std::latch go_on{1};
  std::atomic<bool> renewed{false};
  http.otherwise([&](const net::Request& request) -> Result<net::Response> {
    if (!request.url.ends_with("/validate")) return answer(renewed ? 200 : 401, "{}");
    renewing.count_down();
    go_on.wait();
    renewed = true;
    return valid();
  });
  std::jthread first{[&] { EXPECT_TRUE(post()); }};
  renewing.wait();
  const auto impatient = post();
  ASSERT_FALSE(impatient);
  EXPECT_EQ(impatient.error().kind(), ErrorKind::Throttled);
  go_on.count_down();
  first.join();
  EXPECT_TRUE(post());
}

// Leaving.

TEST_F(Standing, SigningOutTellsAppleAndLeavesNothing) {
  begin();
  std::ofstream{directory / "catalog.sqlite"} << "not ours";
  http.expect("POST", "/logout", answer(200, R"({"success":true})"));
  ASSERT_TRUE(session->sign_out({}));
  const auto request = request_to("/logout");
  EXPECT_EQ(request.body, R"({"trustBrowser":false,"allBrowsers":false})");
  EXPECT_EQ(request.headers.get("Content-Type"), "text/plain;charset=UTF-8");
  EXPECT_NE(request.url.find("dsid=12345678901"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(directory / "session.json"));
  EXPECT_TRUE(std::filesystem::exists(directory / "catalog.sqlite"));
  EXPECT_FALSE(session->is_known());
  EXPECT_TRUE(session->cookies_for("https://setup.icloud.com/setup/ws/1/validate").empty());
  EXPECT_FALSE(post());
  EXPECT_FALSE(std::filesystem::exists(directory / "session.json"));
}

TEST_F(Standing, SigningOutNeedsNoNetwork) {
  begin();
  http.expect("POST", "/logout", Error{ErrorKind::Offline, "no route to host"});
  EXPECT_TRUE(session->sign_out({}));
  EXPECT_FALSE(std::filesystem::exists(directory / "session.json"));
  session = open();
  EXPECT_FALSE(session->is_known());
}

TEST_F(Standing, AnAnswerThatComesAfterSigningOutLeavesNoCookies) {
  begin();
  http.expect("POST", kPath, [&](const net::Request&) -> Result<net::Response> {
    EXPECT_TRUE(session->sign_out({}));
    return answer(200, "{}", {{"Set-Cookie", "X-APPLE-WEBAUTH-TOKEN=\"late\";Path=/;Domain=.icloud.com;Secure"}});
  });
  http.expect("POST", "/logout", answer(200));
  EXPECT_TRUE(post());
  EXPECT_FALSE(std::filesystem::exists(directory / "session.json"));
  EXPECT_TRUE(session->cookies_for("https://setup.icloud.com/").empty());
}

TEST_F(Standing, SigningOutBreaksOffASignInThatWaits) {
  struct Patient final : CodeSource {
    Result<Answer> ask(const Challenge&, std::stop_token stop) override {
      asked.count_down();
      while (!stop.stop_requested()) std::this_thread::yield();
      return Error{ErrorKind::Cancelled, "interrupted"};
    }
    std::latch asked{1};
  } patient;
  expect_question();
  session = open();
  std::jthread signing_in{[&] { EXPECT_FALSE(session->sign_in(passwords, patient, {})); }};
  patient.asked.wait();
  EXPECT_TRUE(session->status().asking);
  EXPECT_TRUE(session->sign_out({}));
  EXPECT_FALSE(std::filesystem::exists(directory / "session.json"));
}

}  // namespace
}  // namespace icloudphotos::auth
