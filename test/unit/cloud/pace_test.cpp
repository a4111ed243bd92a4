// SPDX-License-Identifier: MIT
#include "cloud/pace.h"

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "fake_clock.h"

namespace icloudphotos::cloud {
namespace {

using namespace std::chrono_literals;

class APace : public testing::Test {
 protected:
  /// As many questions as may be under way, each answered after `took`.
  void round(Pace::Answer answer, std::chrono::milliseconds took, std::optional<std::chrono::seconds> rest = {}) {
    std::vector<Pace::Turn> turns;
    for (int left = pace_.at_once(); left > 0; --left) turns.push_back(pace_.turn({}).value());
    clock_.advance(took);
    for (auto& turn : turns) turn.end(answer, rest);
  }

  FakeClock clock_;
  Pace pace_{clock_};
};

TEST_F(APace, GrowsWhileAnswersAreQuickUpToAMost) {
  const int first = pace_.at_once();
  round(Pace::Answer::Good, 300ms);
  EXPECT_GT(pace_.at_once(), first);
  for (int i = 0; i < 20; ++i) round(Pace::Answer::Good, 300ms);
  EXPECT_EQ(pace_.at_once(), Pace::kMost);
}

TEST_F(APace, DoesNotGrowOnQuestionsThatDidNotNeedIt) {
  for (int i = 0; i < 50; ++i) pace_.turn({}).value().end(Pace::Answer::Good, {});
  EXPECT_EQ(pace_.at_once(), Pace::kAtFirst);
}

TEST_F(APace, HalvesOnceForAllThatWereRefusedTogether) {
  round(Pace::Answer::Refused, 50ms);
  EXPECT_EQ(pace_.at_once(), Pace::kAtFirst / 2);
}

TEST_F(APace, AlwaysLetsOneAsk) {
  for (int i = 0; i < 10; ++i) round(Pace::Answer::Refused, 50ms);
  EXPECT_EQ(pace_.at_once(), 1);
}

TEST_F(APace, GrowsByOneARoundAfterTrouble) {
  round(Pace::Answer::Refused, 50ms);
  const int halved = pace_.at_once();
  round(Pace::Answer::Good, 50ms);
  round(Pace::Answer::Good, 50ms);
  EXPECT_GT(pace_.at_once(), halved);
  EXPECT_LE(pace_.at_once(), halved + 2);
}

TEST_F(APace, HalvesWhenAnswersBecomeSlow) {
  round(Pace::Answer::Good, 300ms);
  const int before = pace_.at_once();
  round(Pace::Answer::Good, 5s);
  EXPECT_EQ(pace_.at_once(), before / 2);
}

TEST_F(APace, TakesAServiceThatAlwaysIsSlowAsItIs) {
  for (int i = 0; i < 10; ++i) round(Pace::Answer::Good, 5s);
  EXPECT_EQ(pace_.at_once(), Pace::kMost);
}

TEST_F(APace, AsksNothingForAsLongAsItWasTold) {
  pace_.turn({}).value().end(Pace::Answer::Refused, 7s);
  const auto before = clock_.monotonic();
  const auto turn = pace_.turn({});
  EXPECT_TRUE(turn);
  EXPECT_EQ(clock_.monotonic() - before, 7s);
}

TEST_F(APace, LeavesLongRestsToWhoAsked) {
  pace_.turn({}).value().end(Pace::Answer::Refused, 3600s);
  const auto before = clock_.monotonic();
  const auto turn = pace_.turn({});
  EXPECT_TRUE(turn);
  EXPECT_EQ(clock_.monotonic(), before);
}

TEST_F(APace, HasTheNextOneWaitUntilOneGoes) {
  std::vector<Pace::Turn> turns;
  for (int left = pace_.at_once(); left > 0; --left) turns.push_back(pace_.turn({}).value());
  std::atomic<bool> asked = false;
  std::jthread next{[&](std::stop_token stop) { asked = static_cast<bool>(pace_.turn(std::move(stop))); }};
  EXPECT_FALSE(asked);
  turns.pop_back();
  next.join();
  EXPECT_TRUE(asked);
}

TEST_F(APace, WaitsNoLongerThanItIsAskedTo) {
  std::vector<Pace::Turn> turns;
  for (int left = pace_.at_once(); left > 0; --left) turns.push_back(pace_.turn({}).value());
  std::stop_source stop;
  stop.request_stop();
  const auto turn = pace_.turn(stop.get_token());
  ASSERT_FALSE(turn);
  EXPECT_EQ(turn.error().kind(), ErrorKind::Cancelled);
}

}  // namespace
}  // namespace icloudphotos::cloud
