// SPDX-License-Identifier: MIT
#include "auth/trust.h"

#include <functional>
#include <set>
#include <stop_token>

#include <gtest/gtest.h>

#include "pretend_apple.h"

namespace icloudphotos::auth {
namespace {

using namespace std::chrono_literals;
using Calls = std::vector<std::string>;

/// Time that passes while it is slept, and ends.
class Days final : public Clock {
 public:
  Days(FakeClock& clock, std::chrono::hours length) : clock_{clock}, end_{clock.now() + length} {}
  TimePoint now() const override { return clock_.now(); }
  Monotonic monotonic() const override { return clock_.monotonic(); }
  bool sleep_for(std::chrono::milliseconds duration, std::stop_token) override {
    clock_.advance(duration);
    return clock_.now() < end_;
  }

 private:
  FakeClock& clock_;
  TimePoint end_;
};

class Trust : public SessionTest {
 protected:
  void SetUp() override {
    be_signed_in();
    events.clear();
  }
  void pass(std::chrono::hours time) {
    Days days{clock, time};
    SessionOptions options{"ann@example.com", directory.path(), endpoints, {}};
    options.on_event = [this](SessionEvent event, const SessionStatus& status) {
      events.push_back(event);
      told_at.push_back(clock.now());
      last_status = status;
    };
    const auto session = Session::open(http, days, options);
    ASSERT_TRUE(session);
    (*session)->keep_trusted({});
  }
  std::vector<TimePoint> told_at;
};

TEST_F(Trust, IsRenewedWeekByWeekAndTheNewTokenIsUsed) {
  const auto began = clock.now();
  auto renewed = trust_answer();
  renewed.headers.set("X-Apple-TwoSV-Trust-Token", "a-newer-trust-token");
  std::vector<TimePoint> at;
  http.otherwise([&](const net::Request& request) -> Result<net::Response> {
    if (request.url.ends_with("/accountLogin")) return trusted_account();
    at.push_back(clock.now());
    return renewed;
  });
  pass(24h * 30);
  ASSERT_GE(at.size(), 3U);
  ASSERT_LE(at.size(), 5U);
  auto before = began;
  for (const auto each : at) {
    EXPECT_GE(each - before, 24h * 6);
    EXPECT_LE(each - before, 24h * 8 + 1h);
    before = each;
  }
  EXPECT_NE(http.requests().back().body.find(R"("trustToken":"a-newer-trust-token")"), std::string::npos);
  EXPECT_EQ(passwords.asked, 0);
  EXPECT_TRUE(events.empty());
  const auto ends = open()->status().trust_ends;
  ASSERT_TRUE(ends);
  EXPECT_EQ(*ends, at.back() + 24h * 30);
}

TEST_F(Trust, IsNotRenewedAgainByARestart) {
  for (int start = 0; start < 20; ++start) pass(1h);
  EXPECT_EQ(calls(), Calls{});
}

TEST_F(Trust, KeepsTheOldTokenWhenNoNewOneComes) {
  auto without = trust_answer();
  without.headers = {};
  int asked = 0;
  http.otherwise([&](const net::Request&) -> Result<net::Response> {
    ++asked;
    return without;
  });
  pass(24h * 9);
  EXPECT_GT(asked, 1);
  http.expect("POST", "/validate", answer(421)).expect("POST", "/accountLogin", trusted_account());
  ASSERT_TRUE(sign_in());
  EXPECT_NE(http.requests().back().body.find(R"("trustToken":"the-trust-token")"), std::string::npos);
  EXPECT_TRUE(open()->is_known());
}

TEST_F(Trust, ThatIsRefusedIsAskedForLessAndLessOftenAndAPersonHearsItTwice) {
  const auto began = clock.now();
  std::vector<TimePoint> at;
  http.otherwise([&](const net::Request& request) -> Result<net::Response> {
    EXPECT_TRUE(request.url.ends_with("/2sv/trust")) << request.url;
    at.push_back(clock.now());
    return answer(401);
  });
  for (int start = 0; start < 8; ++start) pass(24h * 5);  // restarts neither ask nor tell anew
  ASSERT_GE(at.size(), 6U);
  EXPECT_LT(at[1] - at[0], 2h);
  EXPECT_GT(at[5] - at[4], 12h);
  EXPECT_LT(at.size(), 45U);
  EXPECT_EQ(events, (std::vector{SessionEvent::TrustEnding, SessionEvent::TrustEnding}));
  EXPECT_GE(told_at[0], began + 24h * 23);
  EXPECT_LE(told_at[0], began + 24h * 23 + 1h);
  EXPECT_GE(told_at[1], began + 24h * 28);
  EXPECT_LE(told_at[1], began + 24h * 28 + 1h);
  EXPECT_EQ(last_status.trust_ends, began + 24h * 30);
  EXPECT_TRUE(last_status.signed_in) << "the session is as good as it was";
  EXPECT_EQ(passwords.asked, 0);
}

TEST_F(Trust, BusyMeansAPause) {
  std::vector<TimePoint> at;
  http.otherwise([&](const net::Request&) -> Result<net::Response> {
    at.push_back(clock.now());
    return answer(503, "", {{"Retry-After", "3600"}});
  });
  pass(24h * 9);
  ASSERT_GE(at.size(), 2U);
  for (std::size_t i = 1; i < at.size(); ++i) EXPECT_GE(at[i] - at[i - 1], 1h);
}

TEST_F(Trust, OfASessionThatEndedIsLeftAlone) {
  const auto session = open();
  http.expect("POST", "/logout", answer(200));
  ASSERT_TRUE(session->sign_out({}));
  pass(24h * 60);
  EXPECT_EQ(calls(), Calls{"POST /setup/ws/1/logout"});
}

TEST(TrustTimes, DifferFromTimeToTime) {
  std::set<TimePoint> times;
  for (int i = 0; i < 20; ++i) {
    SavedSession session;
    note_trust(session, TimePoint{1000h});
    times.insert(*session.renew_trust_at);
  }
  EXPECT_GT(times.size(), 15U);
}

TEST(TrustTimes, ThatWereNotedByAClockThatWasWrongAreDueNow) {
  SavedSession session;
  session.signed_in = true;
  session.trust_token = Secret{"t"};
  note_trust(session, TimePoint{500'000h});
  EXPECT_EQ(until_renewal(session, TimePoint{400'000h}), 0ms);
}

}  // namespace
}  // namespace icloudphotos::auth
