// SPDX-License-Identifier: MIT
#include "rounds.h"

#include <chrono>
#include <future>
#include <thread>

#include <gtest/gtest.h>

#include "icloudphotos/base/json.h"

#include "fake_clock.h"

namespace icloudphotos {
namespace {

using namespace std::chrono_literals;

const Result<void> kWell;
const Result<void> kOffline{Error{ErrorKind::Offline, "no connection"}};

class RoundsTest : public testing::Test {
 protected:
  std::string written() const {
    JsonWriter out;
    rounds_.write(out.object());
    return out.end().take();
  }
  FakeClock clock_{TimePoint{1000s}};
  Rounds rounds_{clock_};
};

TEST_F(RoundsTest, WhoeverWaitsIsToldWhatTheRoundAskedForCameTo) {
  rounds_.came_to(kOffline);
  rounds_.ended(1);
  EXPECT_EQ(rounds_.wait_for(1, {}).error().message(), "no connection");
  auto second = std::async(std::launch::async, [&] { return rounds_.wait_for(2, {}); });
  rounds_.came_to(kWell);
  EXPECT_EQ(second.wait_for(0s), std::future_status::timeout) << "what it found is not shown yet";
  rounds_.ended(2);
  EXPECT_TRUE(second.get());
  EXPECT_TRUE(rounds_.wait_for(1, {})) << "a later one will do";
}

TEST_F(RoundsTest, WhoeverWaitsCanBeStopped) {
  std::stop_source stop;
  auto waits = std::async(std::launch::async, [&] { return rounds_.wait_for(1, stop.get_token()); });
  stop.request_stop();
  EXPECT_EQ(waits.get().error().kind(), ErrorKind::Cancelled);
}

TEST_F(RoundsTest, TroubleIsNewsOnce) {
  EXPECT_FALSE(rounds_.came_to(kWell));
  EXPECT_TRUE(rounds_.came_to(kOffline));
  EXPECT_FALSE(rounds_.came_to(kOffline));
  EXPECT_TRUE(rounds_.came_to(Error{ErrorKind::Throttled, "later"}));
  EXPECT_TRUE(rounds_.came_to(kWell));
}

TEST_F(RoundsTest, TellWhenTheLastOneEndedAndWhenOneWentWell) {
  EXPECT_EQ(written(), "{}");
  rounds_.came_to(kWell);
  clock_.advance(60s);
  rounds_.came_to(kOffline);
  EXPECT_EQ(written(), R"({"ended":1060,"succeeded":1000,"problem":"no connection"})");
}

}  // namespace
}  // namespace icloudphotos
