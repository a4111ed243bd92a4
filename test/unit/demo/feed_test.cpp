// SPDX-License-Identifier: MIT
#include <map>

#include "visitor.h"

using namespace icloudphotos;
using namespace icloudphotos::demo;

namespace {

class DemoFeed : public DemoTest {
 protected:
  static std::string body(const std::string& token, const std::string& zone = "PrimarySync") {
    return R"({"zones":[{"zoneID":{"zoneName":")" + zone +
           R"("},"resultsLimit":200,"desiredKeys":["masterRef","isFavorite","albumNameEnc"])" + token + "}]}";
  }
  static std::string with(std::string_view token) { return R"(,"syncToken":")" + std::string{token} + "\""; }
  /// All records from there on, by type; the token afterwards.
  std::pair<std::map<std::string, int>, std::string> walk(Visitor& visitor, std::string from = {}) {
    std::map<std::string, int> types;
    pages = empty_pages = 0;
    for (std::string token = from;;) {
      const auto answer = visitor.ask("changes/zone", body(token));
      const JsonView zone = answer["zones"].at(0);
      EXPECT_LE(zone["records"].size(), 200U);
      zone["records"].each(
          [&](JsonView record) { ++types[std::string{record["recordType"].text().value_or("tombstone")}]; });
      ++pages;
      if (zone["records"].size() == 0) ++empty_pages;
      token = with(zone["syncToken"].text().value_or(""));
      if (!zone["moreComing"].boolean().value_or(false)) return {types, token};
    }
  }
  int pages = 0, empty_pages = 0;
};

}  // namespace

TEST_F(DemoFeed, HoldsTheWholeZone) {
  auto& visitor = start_signed_in({.computed_assets = 1000});
  const auto [types, token] = walk(visitor);
  EXPECT_EQ(types.at("CPLAsset"), 1000);
  EXPECT_EQ(types.at("CPLMaster"), 999);  // one pair of siblings
  EXPECT_EQ(types.at("CPLAlbum"), 15);    // of all depths
  EXPECT_GT(types.at("CPLContainerRelation"), 0);
  EXPECT_EQ(types.at("tombstone"), 1);  // of something nobody knew
}

TEST_F(DemoFeed, TellsNothingToThoseWhoKnowAll) {
  auto& visitor = start_signed_in({.computed_assets = 100});
  const auto [types, token] = walk(visitor);
  EXPECT_TRUE(walk(visitor, token).first.empty());
  EXPECT_TRUE(walk(visitor, with("")).first.empty());
}

TEST_F(DemoFeed, GoesOnFromTheTokenOfTheDatabase) {
  auto& visitor = start_signed_in({.computed_assets = 100});
  std::string token;
  visitor.ask("changes/database", "{}")["zones"].each([&](JsonView zone) {
    if (zone["zoneID"]["zoneName"].text() == "PrimarySync") token = with(*zone["syncToken"].text());
  });
  EXPECT_TRUE(walk(visitor, token).first.empty());
  visitor.control("add", R"({"count":2})");
  const auto [types, after] = walk(visitor, token);
  EXPECT_EQ(types, (std::map<std::string, int>{{"CPLAsset", 2}, {"CPLMaster", 2}}));
}

TEST_F(DemoFeed, ShowsAnEditAsTheAssetAlone) {
  auto& visitor = start_signed_in({.computed_assets = 100});
  const auto [types, token] = walk(visitor);
  const std::string asset{*visitor.control("truth?count=1")["photos"].at(0)["asset"].text()};
  visitor.control("edit", R"({"asset":")" + asset + R"(","favorite":true})");
  visitor.control("edit", R"({"asset":")" + asset + R"(","favorite":false})");
  const auto answer = visitor.ask("changes/zone", body(token));
  ASSERT_EQ(answer["zones"].at(0)["records"].size(), 1U);  // only the latest state
  EXPECT_EQ(answer["zones"].at(0)["records"].at(0)["fields"]["isFavorite"]["value"].integer(), 0);
}

TEST_F(DemoFeed, TurnsRecordsThatWentIntoTombstones) {
  auto& visitor = start_signed_in({.computed_assets = 100});
  const auto [types, token] = walk(visitor);
  const std::string asset{*visitor.control("truth?count=1")["photos"].at(0)["asset"].text()};
  visitor.control("purge", R"({"asset":")" + asset + "\"}");
  const auto answer = visitor.ask("changes/zone", body(token));
  bool gone = false;
  answer["zones"].at(0)["records"].each([&](JsonView record) {
    EXPECT_TRUE(record["deleted"].boolean().value_or(false));
    EXPECT_TRUE(record["recordType"].is_null());
    gone = gone || record["recordName"].text() == asset;
  });
  EXPECT_TRUE(gone);
  EXPECT_EQ(walk(visitor).first.at("CPLAsset"), 99 + 0);
}

TEST_F(DemoFeed, RefusesTokensThatAreNotItsOwn) {
  auto& visitor = start_signed_in({.computed_assets = 10});
  const auto reason = [&](const std::string& token) {
    const auto answer = visitor.ask("changes/zone", body(with(token)));
    EXPECT_EQ(answer["zones"].at(0)["serverErrorCode"].text(), "BAD_REQUEST");
    return std::string{answer["zones"].at(0)["reason"].text().value_or("")};
  };
  const auto database = visitor.ask("changes/database", "{}");
  EXPECT_EQ(reason(std::string{*database["syncToken"].text()}), "Unknown sync continuation type");
  EXPECT_EQ(reason("garbage"), "Unknown sync continuation type");
  const std::string own{*visitor.ask("changes/zone", body(""))["zones"].at(0)["syncToken"].text()};
  EXPECT_EQ(reason(own.substr(0, 24)), "Invalid continuation format");
}

TEST_F(DemoFeed, SaysInsideTheAnswerThatAZoneIsUnknown) {
  auto& visitor = start_signed_in({.computed_assets = 10});
  const auto answer = visitor.ask("changes/zone", body("", "Nowhere"));
  EXPECT_EQ(answer["zones"].at(0)["serverErrorCode"].text(), "ZONE_NOT_FOUND");
}

TEST_F(DemoFeed, MayHaveEmptyPagesBeforeTheEnd) {
  auto& visitor = start_signed_in({.computed_assets = 300, .quirks = R"({"empty_pages":2})"});
  const auto [types, token] = walk(visitor);
  EXPECT_EQ(types.at("CPLAsset"), 300);
  EXPECT_GE(empty_pages, 4);
}

TEST_F(DemoFeed, NamesOnlyZonesThatChanged) {
  auto& visitor = start_signed_in({.computed_assets = 10, .computed_shared_assets = 10});
  const auto poll = [&](std::string_view token) {
    return visitor.ask("changes/database", R"({"syncToken":")" + std::string{token} + "\"}");
  };
  const auto first = visitor.ask("changes/database", "{}");
  const auto second = poll(*first["syncToken"].text());
  EXPECT_EQ(second["zones"].size(), 0U);
  EXPECT_NE(second["syncToken"].text(), first["syncToken"].text());
  visitor.control("add", R"({"library":"shared"})");
  const auto third = poll(*second["syncToken"].text());
  ASSERT_EQ(third["zones"].size(), 1U);
  EXPECT_TRUE(third["zones"].at(0)["zoneID"]["zoneName"].text()->starts_with("SharedSync-"));
  visitor.control("leave", R"({"library":"shared"})");
  const auto fourth = poll(*third["syncToken"].text());
  EXPECT_EQ(fourth["zones"].at(0)["deleted"].boolean(), true);
}
