// SPDX-License-Identifier: MIT
#include "traffic.h"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "icloudphotos/base/json.h"

#include "fake_clock.h"
#include "scripted_http.h"

namespace icloudphotos {
namespace {

using namespace std::chrono_literals;

struct Collected final : net::BodySink {
  bool begin(const net::ResponseHead&) override { return true; }
  bool write(std::span<const std::byte> bytes) override {
    count += bytes.size();
    return true;
  }
  std::size_t count = 0;
};

class TrafficTest : public testing::Test {
 protected:
  JsonDocument written() const {
    JsonWriter out;
    traffic_.write(out);
    return *JsonDocument::parse(out.take());
  }
  JsonDocument noted() const {
    JsonWriter out;
    troubles_.write(out);
    return *JsonDocument::parse(out.take());
  }
  void get(net::Response response) {
    http_.expect("GET", "/", std::move(response));
    EXPECT_TRUE(traffic_.send({.url = "https://example.com/"}, {}));
  }

  FakeClock clock_;
  ScriptedHttp http_;
  Troubles troubles_{clock_};
  Traffic traffic_{http_, clock_, troubles_};
};

TEST_F(TrafficTest, CountsRequestsAndBytesOfTheDay) {
  get({200, {}, "12345"});
  http_.expect("GET", "/", [&](const auto&) -> Result<net::Response> {
    EXPECT_EQ(written()["under_way"].integer(), 1);
    return net::Response{206, {}, std::string(1000, 'x')};
  });
  Collected sink;
  EXPECT_TRUE(traffic_.send({.url = "https://example.com/"}, sink, {}));
  EXPECT_EQ(sink.count, 1000u);
  EXPECT_EQ(written()["today"].integer(), 2);
  EXPECT_EQ(written()["bytes_today"].integer(), 1005);
  EXPECT_EQ(written()["under_way"].integer(), 0);
  clock_.advance(24h);
  EXPECT_EQ(written()["today"].integer(), 0);
  get({200, {}, "1"});
  EXPECT_EQ(written()["bytes_today"].integer(), 1);
}

TEST_F(TrafficTest, MeasuresTheLastFewSeconds) {
  for (int i = 0; i < 10; ++i) {
    get({200, {}, std::string(500, 'x')});
    clock_.advance(1s);
  }
  EXPECT_EQ(written()["bytes_per_second"].integer(), 500);
  clock_.advance(3s);
  EXPECT_EQ(written()["bytes_per_second"].integer(), 200);
  clock_.advance(1min);
  EXPECT_EQ(written()["bytes_per_second"].integer(), 0);
}

TEST_F(TrafficTest, WhatFailsIsATroubleOfTheDay) {
  get({200, {}, ""});
  get({410, {}, ""});
  get({421, {}, ""});
  EXPECT_EQ(noted()["count"].integer(), 0) << "these belong to the day's work";
  get({503, {}, ""});
  http_.expect("GET", "/", Error{ErrorKind::Cancelled, "interrupted"});
  EXPECT_FALSE(traffic_.send({.url = "https://example.com/"}, {}));
  http_.expect("GET", "/", Error{ErrorKind::Offline, "no connection"});
  EXPECT_FALSE(traffic_.send({.url = "https://example.com/"}, {}));
  const auto troubles = noted();
  EXPECT_EQ(troubles["count"].integer(), 2);
  EXPECT_EQ(troubles["kinds"][name_of(ErrorKind::Throttled)].integer(), 1);
  EXPECT_EQ(troubles["kinds"][name_of(ErrorKind::Offline)].integer(), 1);
  EXPECT_EQ(troubles["last"]["sentence"].text(), "no connection");
  clock_.advance(24h);
  EXPECT_EQ(noted()["count"].integer(), 0);
  EXPECT_FALSE(noted()["last"].exists());
}

}  // namespace
}  // namespace icloudphotos
