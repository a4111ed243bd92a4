// SPDX-License-Identifier: MIT
#include "requests.h"

#include <atomic>
#include <latch>

#include <gtest/gtest.h>

namespace icloudphotos::sync {
namespace {

Result<void> nothing() { return {}; }

TEST(Requests, RunSideBySideAndAreUsedOnTheCallersThread) {
  std::latch together{3};
  std::vector<int> used;
  Requests requests{3, {}};
  for (int i = 0; i < 3; ++i) {
    requests.ask(
        Requests::Turn::First,
        [&together, i](const std::stop_token&) -> Result<int> {
          together.arrive_and_wait();  // hangs unless all three run at once
          return i;
        },
        [&used, caller = std::this_thread::get_id()](Result<int> answer) -> Result<void> {
          EXPECT_EQ(std::this_thread::get_id(), caller);
          used.push_back(*answer);
          return {};
        });
  }
  ASSERT_TRUE(requests.finish(nothing));
  std::sort(used.begin(), used.end());
  EXPECT_EQ(used, (std::vector{0, 1, 2}));
}

TEST(Requests, AnAnswerMayAskForMore) {
  Requests requests{2, {}};
  int sum = 0;
  std::function<void(int)> ask = [&](int depth) {
    requests.ask(
        Requests::Turn::Later, [depth](const std::stop_token&) { return Result<int>{depth}; },
        [&](Result<int> answer) -> Result<void> {
          sum += *answer;
          if (*answer > 0) {
            ask(*answer - 1);
            ask(*answer - 1);
          }
          return {};
        });
  };
  ask(6);
  ASSERT_TRUE(requests.finish(nothing));
  EXPECT_EQ(sum, 120);
}

TEST(Requests, WhatIsPreferredGoesFirst) {
  std::latch held{1};
  std::string order;
  const int wanted = 0;
  Requests requests{1, {}};
  const auto ask = [&](Requests::Turn turn, Requests::Subject subject, char name) {
    requests.ask(
        turn, subject, [name](const std::stop_token&) { return Result<char>{name}; },
        [&](Result<char> answer) -> Result<void> {
          order += *answer;
          return {};
        });
  };
  requests.ask(
      Requests::Turn::First,
      [&](const std::stop_token&) {
        held.wait();
        return Result<int>{0};
      },
      [](Result<int>) { return Result<void>{}; });
  ask(Requests::Turn::Later, nullptr, 'l');
  ask(Requests::Turn::Later, &wanted, 'w');
  ask(Requests::Turn::First, nullptr, 'f');
  ask(Requests::Turn::Later, &wanted, 'v');
  requests.prefer(&wanted);
  held.count_down();
  ASSERT_TRUE(requests.finish(nothing));
  EXPECT_EQ(order, "wvfl");
}

TEST(Requests, TransientErrorsAreTriedAgainAFewTimesOthersNot) {
  for (const auto kind : {ErrorKind::Offline, ErrorKind::NeedsSignIn}) {
    Requests requests{1, {}};
    std::atomic<int> asked = 0;
    requests.ask(
        Requests::Turn::First,
        [&asked, kind](const std::stop_token&) -> Result<int> {
          ++asked;
          return Error{kind, "no"};
        },
        [](Result<int> answer) -> Result<void> { return std::move(answer).error(); });
    EXPECT_EQ(requests.finish(nothing).error().kind(), kind);
    EXPECT_EQ(asked, kind == ErrorKind::Offline ? 3 : 1);
  }
}

TEST(Requests, TheFirstErrorCancelsTheRest) {
  Requests requests{2, {}};
  requests.ask(
      Requests::Turn::First,
      [](const std::stop_token& stop) -> Result<int> {
        while (!stop.stop_requested()) std::this_thread::yield();
        return Error{ErrorKind::Cancelled, "stopped"};
      },
      [](const Result<int>&) -> Result<void> { return {}; });
  requests.ask(
      Requests::Turn::First,
      [](const std::stop_token&) -> Result<int> {
        return Error{ErrorKind::NeedsSignIn, "no"};
      },
      [](Result<int> answer) -> Result<void> { return std::move(answer).error(); });
  EXPECT_EQ(requests.finish(nothing).error().kind(), ErrorKind::NeedsSignIn);
}

TEST(Requests, StoppingEndsTheWait) {
  std::stop_source stop;
  Requests requests{1, stop.get_token()};
  requests.ask(
      Requests::Turn::First,
      [&stop](const std::stop_token&) -> Result<int> {
        stop.request_stop();
        return 1;
      },
      [](const Result<int>&) -> Result<void> { return {}; });
  requests.ask(
      Requests::Turn::Later, [](const std::stop_token&) { return Result<int>{2}; },
      [](const Result<int>&) -> Result<void> { return {}; });
  EXPECT_EQ(requests.finish(nothing).error().kind(), ErrorKind::Cancelled);
}

}  // namespace
}  // namespace icloudphotos::sync
