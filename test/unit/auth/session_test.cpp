// SPDX-License-Identifier: MIT
// What the rooms above see: one way to the photos service, which keeps itself signed in.
#include "icloudphotos/auth/session.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <latch>
#include <thread>

#include <gtest/gtest.h>

#include "icloudphotos/base/text.h"

#include "pretend_apple.h"

namespace icloudphotos::auth {
namespace {

using namespace std::chrono_literals;
using Calls = std::vector<std::string>;

constexpr const char* kPath = "/database/1/com.apple.photos.cloud/production/private/zones/list";
constexpr const char* kPhotos = "POST /database/1/com.apple.photos.cloud/production/private/zones/list";
constexpr const char* kValidate = "POST /setup/ws/1/validate";
constexpr const char* kLogin = "POST /setup/ws/1/accountLogin";

net::Response session_over() { return recorded("errors/zones-list-421.json").response; }

class Gateway : public SessionTest {
 protected:
  /// A process that begins with a saved session.
  void begin() {
    be_signed_in();
    session = open();
  }
  void begin_validated() {
    begin();
    http.expect("POST", "/validate", recorded("auth/validate-200.json").response)
        .expect("POST", kPath, answer(200, "{}"));
    ASSERT_TRUE(post());
    asked_before = http.requests().size();
  }
  Result<net::Response> post() { return session->post(kPath, R"({"x":1})", {}); }

  std::unique_ptr<Session> session;
};

TEST_F(Gateway, ValidatesFirstAndThenAsksWithAllThatPhotosWants) {
  begin();
  http.expect("POST", "/validate", recorded("auth/validate-200.json").response);
  http.expect("POST", kPath, answer(200, "{}")).expect("POST", kPath, answer(200, "{}"));
  ASSERT_TRUE(post());
  ASSERT_TRUE(post());
  EXPECT_EQ(calls(), (Calls{kValidate, kPhotos, kPhotos}));
  const auto request = http.requests().back();
  for (const auto* part :
       {"https://p61-ckdatabasews.icloud.com:443/database/1/", "?remapEnums=true&getCurrentSyncToken=true&",
        "clientBuildNumber=", "clientMasteringNumber=", "clientId=", "dsid=12345678901"}) {
    EXPECT_NE(request.url.find(part), std::string::npos) << part << " in " << request.url;
  }
  EXPECT_EQ(request.headers.get("Origin"), "https://www.icloud.com");
  EXPECT_EQ(request.headers.get("Content-Type"), "text/plain");
  EXPECT_TRUE(request.headers.get("User-Agent")->starts_with("Mozilla/5.0"));
  EXPECT_NE(request.headers.get("Cookie")->find("X-APPLE-WEBAUTH-TOKEN"), std::string::npos);
  EXPECT_EQ(request.body, R"({"x":1})");
}

TEST_F(Gateway, A421IsFirstTakenForAWrongConnection) {
  begin_validated();
  http.expect("POST", kPath, session_over()).expect("POST", kPath, answer(200, "{}"));
  ASSERT_TRUE(post());
  EXPECT_EQ(calls(), (Calls{kPhotos, kPhotos}));
  EXPECT_TRUE(http.requests().back().fresh_connection);
}

TEST_F(Gateway, AnEndedSessionIsRenewedUnseen) {
  begin_validated();
  http.expect("POST", kPath, session_over()).expect("POST", kPath, session_over());
  http.expect("POST", "/validate", answer(421)).expect("POST", "/accountLogin", trusted_account());
  http.expect("POST", kPath, answer(200, "done"));
  const auto response = post();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "done");
  EXPECT_EQ(passwords.asked, 0);
}

TEST_F(Gateway, CookiesThatOnlyValidateLikesAreReplacedByTheTokens) {
  begin_validated();
  http.expect("POST", kPath, recorded("errors/query-batch-401.json").response);
  http.expect("POST", "/validate", recorded("auth/validate-200.json").response);
  http.expect("POST", kPath, recorded("errors/query-batch-401.json").response);
  http.expect("POST", "/accountLogin", trusted_account()).expect("POST", kPath, answer(200, "{}"));
  ASSERT_TRUE(post());
  EXPECT_EQ(calls(), (Calls{kPhotos, kValidate, kPhotos, kLogin, kPhotos}));
}

TEST_F(Gateway, ASessionThatIsRefusedWhenFreshIsNotRenewedForEver) {
  begin_validated();
  http.expect("POST", kPath, answer(401)).expect("POST", "/validate", recorded("auth/validate-200.json").response);
  http.expect("POST", kPath, answer(401))
      .expect("POST", "/accountLogin", trusted_account())
      .expect("POST", kPath, answer(401));
  for (int i = 0; i < 3; ++i) {
    const auto response = post();
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind(), ErrorKind::NeedsSignIn);
  }
  EXPECT_FALSE(session->is_known());
}

TEST_F(Gateway, WhenNothingHelpsAPersonIsNeededAndAppleIsLeftAlone) {
  begin_validated();
  http.expect("POST", kPath, answer(450)).expect("POST", "/validate", answer(421));
  http.expect("POST", "/accountLogin", recorded("auth/account-login-400.json").response);
  for (int i = 0; i < 3; ++i) {
    const auto response = post();
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind(), ErrorKind::NeedsSignIn);
  }
}

constexpr const char* kAlbums = "/sharedstreams/webgetalbumslist";

TEST_F(Gateway, OtherServicesOfTheAccountAreAskedLikeTheFirst) {
  begin();
  http.expect("POST", "/validate", recorded("auth/validate-200.json").response);
  http.expect("POST", kAlbums, answer(200, "{}")).expect("POST", kAlbums, answer(200, "{}"));
  ASSERT_TRUE(session->post_to("https://p61-sharedstreams.icloud.com/1/sharedstreams/webgetalbumslist", "{}", {}));
  const auto root = session->account_root("ckdatabasews");
  ASSERT_EQ(root, "https://p61-ckdatabasews.icloud.com:443/12345678901");
  ASSERT_TRUE(session->post_to(root + kAlbums, "{}", {}));
  const auto request = http.requests().back();
  EXPECT_TRUE(request.url.starts_with(root + kAlbums + "?clientBuildNumber=")) << request.url;
  EXPECT_NE(request.headers.get("Cookie")->find("X-APPLE-WEBAUTH-TOKEN"), std::string::npos);
  EXPECT_EQ(session->account_root("no such service"), "");
}

TEST_F(Gateway, ThatAnotherServiceRefusesASessionDoesNotEndIt) {
  begin_validated();
  const auto root = session->account_root("ckdatabasews");
  http.expect("POST", kAlbums, answer(401)).expect("POST", "/validate", recorded("auth/validate-200.json").response);
  http.expect("POST", kAlbums, answer(401));
  const auto refused = session->post_to(root + kAlbums, "{}", {});
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 401);
  EXPECT_TRUE(session->is_known());
}

TEST_F(Gateway, TheSessionIsShownToNobodyButApple) {
  begin_validated();
  for (const auto* url :
       {"https://icloud.com.evil.org/x", "http://p61-sharedstreams.icloud.com/x", "https://127.0.0.1/x"}) {
    const auto refused = session->post_to(url, "{}", {});
    ASSERT_FALSE(refused) << url;
    EXPECT_EQ(refused.error().kind(), ErrorKind::Protocol);
  }
}

TEST_F(Gateway, BusyIsAnAnswerAndNoReasonToSignInAgain) {
  begin_validated();
  for (const int status : {429, 503, 500, 404, 410}) {
    http.expect("POST", kPath, answer(status, "THROTTLED"));
    const auto response = post();
    ASSERT_TRUE(response) << status;
    EXPECT_EQ(response->status, status);
  }
}

TEST_F(Gateway, A403WithAReasonIsAnAnswer) {
  begin_validated();
  http.expect("POST", kPath, answer(403, R"({"serverErrorCode":"ACCESS_DENIED"})"));
  const auto response = post();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 403);
}

TEST_F(Gateway, WhileICloudIsNotWellNothingIsSentInVain) {
  begin();
  http.expect("POST", "/validate", answer(503));
  for (int i = 0; i < 3; ++i) {
    const auto response = post();
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind(), ErrorKind::Throttled);
  }
  clock.advance(61s);
  http.expect("POST", "/validate", recorded("auth/validate-200.json").response)
      .expect("POST", kPath, answer(200, "{}"));
  EXPECT_TRUE(post());
}

TEST_F(Gateway, ICloudMayAskToBeLeftAloneForLongerThanWeWould) {
  begin();
  http.expect("POST", "/validate", answer(503, "", {{"Retry-After", "2400"}}));
  EXPECT_FALSE(post());
  clock.advance(39min);
  const auto early = post();
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().kind(), ErrorKind::Throttled);
  EXPECT_EQ(calls(), Calls{kValidate});
  clock.advance(2min);
  http.expect("POST", "/validate", recorded("auth/validate-200.json").response)
      .expect("POST", kPath, answer(200, "{}"));
  EXPECT_TRUE(post());
}

TEST_F(Gateway, CookiesThatPhotosRenewsAreKept) {
  begin_validated();
  http.expect(
      "POST", kPath,
      answer(200, "{}", {{"Set-Cookie", "X-APPLE-WEBAUTH-TOKEN=\"renewed\";Path=/;Domain=.icloud.com;Secure"}}));
  ASSERT_TRUE(post());
  const auto cookies = open()->cookies_for("https://setup.icloud.com/setup/ws/1/validate");
  EXPECT_NE(cookies.reveal().find("X-APPLE-WEBAUTH-TOKEN=\"renewed\""), std::string_view::npos);
  EXPECT_TRUE(open()->cookies_for("https://example.com/").empty());
}

TEST_F(Gateway, AnAnswerIsGivenEvenWhenWhatCameWithItCannotBeKept) {
  begin_validated();
  std::filesystem::remove_all(directory.path());
  http.expect("POST", kPath, answer(200, "{}", {{"Set-Cookie", "a=b;Domain=.icloud.com;Path=/"}}));
  EXPECT_TRUE(post());
}

TEST_F(Gateway, ARenewalThatCannotBeSavedIsOneAllTheSame) {
  begin_validated();
  clock.advance(1min);  // there is something new to save
  std::filesystem::remove_all(directory.path());
  http.expect("POST", kPath, answer(401)).expect("POST", "/validate", answer(421));
  http.expect("POST", "/accountLogin", trusted_account()).expect("POST", kPath, answer(200, "{}"));
  const auto response = post();
  ASSERT_TRUE(response) << response.error().message();
  EXPECT_EQ(response->status, 200);
}

TEST_F(Gateway, ASessionThatEndsSaysSoEvenWhenThatCannotBeSaved) {
  begin_validated();
  std::filesystem::remove_all(directory.path());
  http.expect("POST", kPath, answer(401)).expect("POST", "/validate", answer(421));
  http.expect("POST", "/accountLogin", answer(400));
  const auto response = post();
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind(), ErrorKind::NeedsSignIn);
}

TEST_F(Gateway, NoErrorTellsACookieOrAToken) {
  begin_validated();
  // What Apple could echo, and what is at hand when it fails.
  http.expect("POST", kPath, answer(401)).expect("POST", "/validate", answer(421));
  http.expect("POST", "/accountLogin", answer(503, R"({"error":"busy"})"));
  const auto busy = post();
  ASSERT_FALSE(busy);
  clock.advance(2min);
  http.expect("POST", kPath, answer(401)).expect("POST", "/validate", Error{ErrorKind::Offline, "no network"});
  const auto offline = post();
  ASSERT_FALSE(offline);
  http.expect("POST", kPath, answer(401)).expect("POST", "/validate", answer(421));
  http.expect("POST", "/accountLogin", answer(400));
  const auto ended = post();
  ASSERT_FALSE(ended);
  const auto said = busy.error().message() + offline.error().message() + ended.error().message();
  const auto requests = http.requests();
  const auto cookies = requests[asked_before].headers.get("Cookie");
  ASSERT_TRUE(cookies);
  int values = 0;
  for (auto pair : split(*cookies, ';')) {
    auto value = trim(pair.substr(std::min(pair.find('='), pair.size() - 1) + 1));
    while (value.starts_with('"')) value.remove_prefix(1);
    while (value.ends_with('"')) value.remove_suffix(1);
    if (value.size() < 4) continue;
    ++values;
    EXPECT_EQ(said.find(value), std::string::npos) << value;
  }
  EXPECT_GT(values, 0);
  for (const auto* secret : {"token-after-trust", "the-trust-token", "scnt-of", "id-of"}) {
    EXPECT_EQ(said.find(secret), std::string::npos) << secret;
  }
}

TEST_F(Gateway, ManyThreadsRenewOnce) {
  begin_validated();
  constexpr int kThreads = 24;
  std::atomic<int> logins{0};
  std::atomic<int> validations{0};
  std::atomic<bool> renewed{false};
  std::latch everybody{kThreads};
  // All have begun before one of them may renew.
  http.otherwise([&](const net::Request& request) -> Result<net::Response> {
    if (request.url.ends_with("/validate")) {
      everybody.wait();
      ++validations;
      return answer(421);
    }
    if (request.url.ends_with("/accountLogin")) {
      ++logins;
      renewed = true;
      return trusted_account();
    }
    if (renewed) return answer(200, "{}");
    return answer(401);
  });
  std::atomic<int> served{0};
  {
    std::vector<std::jthread> readers;
    for (int i = 0; i < kThreads; ++i) {
      readers.emplace_back([&] {
        everybody.count_down();
        const auto response = post();
        if (response && response->status == 200) ++served;
      });
    }
  }
  EXPECT_EQ(served, kThreads);
  EXPECT_EQ(logins, 1);
  EXPECT_EQ(validations, 1);
}

TEST_F(Gateway, WhoIsToldToStopDoesNotStopTheOthers) {
  begin_validated();
  std::latch in_validate{1};
  std::stop_source impatient;
  std::atomic<int> validations{0};
  http.otherwise([&](const net::Request& request) -> Result<net::Response> {
    if (!request.url.ends_with("/validate")) return validations < 2 ? answer(401) : answer(200, "{}");
    if (++validations > 1) return recorded("auth/validate-200.json").response;
    in_validate.count_down();
    while (!impatient.stop_requested()) std::this_thread::yield();
    return Error{ErrorKind::Cancelled, "interrupted"};
  });
  std::jthread first{[&] {
    const auto response = session->post(kPath, "{}", impatient.get_token());
    EXPECT_TRUE(!response && response.error().kind() == ErrorKind::Cancelled);
  }};
  in_validate.wait();
  std::jthread second{[&] {
    const auto response = post();
    EXPECT_TRUE(response) << response.error().message();
  }};
  impatient.request_stop();
}

TEST_F(Gateway, NobodyWaitsForAPerson) {
  begin_validated();
  struct SlowPerson final : CodeSource {
    Result<Answer> ask(const Challenge&, std::stop_token) override {
      asked.count_down();
      leave.wait();
      return Error{ErrorKind::Cancelled, "gone"};
    }
    std::latch asked{1};
    std::latch leave{1};
  } slow;
  http.expect("POST", "/validate", answer(421)).expect("POST", "/accountLogin", answer(400));
  expect_password(answer(409, "{}"));
  http.expect("GET", "/appleauth/auth", factor_options());
  http.expect("PUT", "/verify/trusteddevice/securitycode", answer(202));
  std::jthread signing_in{[&] { EXPECT_FALSE(session->sign_in(passwords, slow, {})); }};
  slow.asked.wait();
  const auto response = post();
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind(), ErrorKind::NeedsSignIn);
  slow.leave.count_down();
}

TEST_F(Gateway, OnlyHttpsOrLoopbackWillDo) {
  for (const auto* url : {"http://setup.icloud.com", "ftp://127.0.0.1", "setup.icloud.com", ""}) {
    Endpoints odd;
    odd.setup_url = url;
    const auto opened = Session::open(http, clock, {"ann@example.com", directory.path(), odd, {}});
    ASSERT_FALSE(opened) << url;
    EXPECT_EQ(opened.error().kind(), ErrorKind::Usage);
  }
  Endpoints local;
  local.setup_url = "http://127.0.0.1:8080/setup/ws/1/";
  EXPECT_TRUE(Session::open(http, clock, {"ann@example.com", directory.path(), local, {}}));
}

}  // namespace
}  // namespace icloudphotos::auth
