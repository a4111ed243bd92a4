// SPDX-License-Identifier: MIT
#include "visitor.h"

using namespace icloudphotos;
using namespace icloudphotos::demo;

namespace {

class DemoFaults : public DemoTest {};

}  // namespace

TEST_F(DemoFaults, StrikeTheNthRequestOfAKind) {
  auto& visitor = start_signed_in({.computed_assets = 10});
  visitor.control(
      "faults",
      R"({"match":"zones/list","nth":2,"action":"status","status":503,"body":"later","headers":{"Retry-After":"7"}})");
  EXPECT_EQ(visitor.database("zones/list", "{}").status, 200);
  const auto struck = visitor.database("zones/list", "{}");
  EXPECT_EQ(struck.status, 503);
  EXPECT_EQ(struck.body, "later");
  EXPECT_EQ(struck.headers.get("Retry-After"), "7");
  EXPECT_EQ(visitor.database("zones/list", "{}").status, 200);
  EXPECT_EQ(visitor.control("counters")["faults"].at(0).integer(), 1);
}

TEST_F(DemoFaults, StrikeNothingElse) {
  auto& visitor = start_signed_in({.computed_assets = 10});
  visitor.control("faults", R"({"match":"records/query CPLAlbum","action":"status","status":500})");
  EXPECT_EQ(visitor.database("zones/list", "{}").status, 200);
  EXPECT_EQ(visitor
                .database("records/query",
                          R"({"query":{"recordType":"CPLAlbumByPositionLive"},"zoneID":{"zoneName":"PrimarySync"}})")
                .status,
            500);
  visitor.control("faults/clear");
  EXPECT_EQ(visitor
                .database("records/query",
                          R"({"query":{"recordType":"CPLAlbumByPositionLive"},"zoneID":{"zoneName":"PrimarySync"}})")
                .status,
            200);
}

TEST_F(DemoFaults, StrikeEveryThirdOrAsOftenAsAllowed) {
  auto& visitor = start_signed_in({.computed_assets = 10});
  visitor.control("faults", R"({"match":"zones/list","every":3,"times":2,"action":"status","status":500})");
  std::string statuses;
  for (int i = 0; i < 12; ++i) statuses += visitor.database("zones/list", "{}").status == 200 ? '.' : 'x';
  EXPECT_EQ(statuses, "..x..x......");
}

TEST_F(DemoFaults, ResetConnections) {
  auto& visitor = start_signed_in({.computed_assets = 10});
  // Twice, because libcurl tries once more when a connection it kept is reset.
  visitor.control("faults", R"({"match":"zones/list","times":2,"action":"reset"})");
  EXPECT_EQ(visitor.database("zones/list", "{}").status, 0);
  EXPECT_EQ(visitor.control("counters")["faults"].at(0).integer(), 2);
  EXPECT_EQ(visitor.database("zones/list", "{}").status, 200);
}

TEST_F(DemoFaults, TruncateAnswers) {
  auto& visitor = start_signed_in({.computed_assets = 10});
  visitor.control("faults", R"({"match":"zones/list","nth":1,"action":"truncate","at":10})");
  EXPECT_EQ(visitor.database("zones/list", "{}").status, 0);
  EXPECT_EQ(visitor.database("zones/list", "{}").status, 200);
}

TEST_F(DemoFaults, DelayAnswers) {
  auto& visitor = start_signed_in({.computed_assets = 10});
  visitor.control("faults", R"({"match":"zones/list","action":"delay","ms":5000})");
  const auto before = clock.now();
  EXPECT_EQ(visitor.database("zones/list", "{}").status, 200);
  EXPECT_EQ(clock.now() - before, std::chrono::seconds{5});
}

TEST_F(DemoFaults, LatencyDelaysEachAnswer) {
  auto& visitor = start_signed_in({.computed_assets = 10});
  visitor.control("settings", R"({"latency_ms":100})");
  const auto before = clock.now();
  for (int i = 0; i < 3; ++i) visitor.database("zones/list", "{}");
  EXPECT_EQ(clock.now() - before, std::chrono::milliseconds{300});
}

TEST_F(DemoFaults, PacingTakesItsTimePerConnection) {
  auto& visitor = start_signed_in({.computed_assets = 10, .file_bytes = 100'000, .bytes_per_second = 10'000});
  const auto page = visitor.list("CPLAssetAndMasterByAssetDateWithoutHiddenOrDeleted", 0, "", 2);
  std::string url{*page["records"].at(0)["fields"]["resOriginalRes"]["value"]["downloadURL"].text()};
  url.replace(url.find("${f}"), 4, "x");
  const auto before = clock.now();
  EXPECT_EQ(visitor.call("GET", url).body.size(), 100'000U);
  EXPECT_GE(clock.now() - before, std::chrono::milliseconds{9'900});
}

TEST_F(DemoFaults, BytesOfContentAreCountedAsTheyAreSent) {
  auto& visitor = start_signed_in({.computed_assets = 10, .file_bytes = 100'000});
  const auto page = visitor.list("CPLAssetAndMasterByAssetDateWithoutHiddenOrDeleted", 0, "", 2);
  std::string url{*page["records"].at(0)["fields"]["resOriginalRes"]["value"]["downloadURL"].text()};
  url.replace(url.find("${f}"), 4, "x");
  visitor.call("GET", url);
  EXPECT_EQ(visitor.control("counters")["content_bytes"].integer(), 100'000);
  visitor.control("counters/reset", "{}");
  EXPECT_EQ(visitor.control("counters")["content_bytes"].integer(), 0);
}

TEST_F(DemoFaults, AreRefusedWhenNobodyKnowsThem) {
  start();
  EXPECT_FALSE(service->control("faults", R"({"action":"explode"})"));
  EXPECT_FALSE(service->control("quirks", R"({"colour":"blue"})"));
  EXPECT_FALSE(service->control("nonsense"));
}
