// SPDX-License-Identifier: MIT
#include <algorithm>
#include <set>

#include "visitor.h"

using namespace icloudphotos;
using namespace icloudphotos::demo;

namespace {

class DemoPhotos : public DemoTest {};

constexpr const char* kLibrary = "CPLAssetAndMasterByAssetDateWithoutHiddenOrDeleted";

int count_of(const JsonDocument& page, std::string_view type) {
  int count = 0;
  page["records"].each([&](JsonView record) { count += record["recordType"].text() == type ? 1 : 0; });
  return count;
}

std::vector<std::string> assets_of(const JsonDocument& page) {
  std::vector<std::string> names;
  page["records"].each([&](JsonView record) {
    if (record["recordType"].text() == "CPLAsset") names.emplace_back(*record["recordName"].text());
  });
  return names;
}

std::string album_filter(std::string_view id) {
  return fmt::format(
      R"(,{{"fieldName":"parentId","comparator":"EQUALS","fieldValue":{{"type":"STRING","value":"{}"}}}})", id);
}

std::string smart_filter(std::string_view tag) {
  return fmt::format(
      R"(,{{"fieldName":"smartAlbum","comparator":"EQUALS","fieldValue":{{"type":"STRING","value":"{}"}}}})", tag);
}

std::string count_body(std::string_view index) {
  return fmt::format(
      R"({{"batch":[{{"resultsLimit":1,"query":{{"recordType":"HyperionIndexCountLookup","filterBy":)"
      R"({{"fieldName":"indexCountID","comparator":"IN","fieldValue":{{"type":"STRING_LIST","value":["{}"]}}}}}},)"
      R"("zoneWide":true,"zoneID":{{"zoneName":"PrimarySync"}}}}]}})",
      index);
}

std::string albums_body(const std::string& marker = {}) {
  return R"({"query":{"recordType":"CPLAlbumByPositionLive"},)" +
         (marker.empty() ? "" : R"("continuationMarker":")" + marker + "\",") +
         R"("zoneID":{"zoneName":"PrimarySync"}})";
}

std::string album_named(const JsonDocument& albums, std::string_view name) {
  std::string id;
  albums["records"].each([&](JsonView record) {
    if (base64_decode(record["fields"]["albumNameEnc"]["value"].text().value_or("")) == name)
      id = *record["recordName"].text();
  });
  return id;
}

}  // namespace

TEST_F(DemoPhotos, AreClosedWithoutTheTokenCookie) {
  const auto refused = start({.computed_assets = 10}).database("zones/list", "{}");
  EXPECT_EQ(refused.status, 421);
  EXPECT_EQ(refused.body, R"({"reason":"Missing X-APPLE-WEBAUTH-TOKEN cookie","error":1})");
}

TEST_F(DemoPhotos, NameTheirZonesWithTokens) {
  auto& visitor = start_signed_in({.computed_assets = 10, .computed_shared_assets = 5});
  std::set<std::string> names;
  visitor.ask("changes/database", "{}")["zones"].each([&](JsonView zone) {
    EXPECT_TRUE(zone["syncToken"].text());
    names.emplace(zone["zoneID"]["zoneName"].text()->substr(0, 11));
  });
  EXPECT_EQ(names, (std::set<std::string>{"AppLibraryS", "CMM-1111111", "PrimarySync", "SharedColle", "SharedSync-"}));
}

TEST_F(DemoPhotos, OfASharedLibraryAreWhereTheirOwnerIs) {
  const auto has_shared_library = [](Visitor& visitor, const std::string& database) {
    return visitor.database("zones/list", "{}", database).body.find("SharedSync-") != std::string::npos;
  };
  auto& owner = start_signed_in({.computed_assets = 10, .computed_shared_assets = 5});
  EXPECT_TRUE(has_shared_library(owner, "private"));
  EXPECT_FALSE(has_shared_library(owner, "shared"));
  auto& participant = start_signed_in({.computed_assets = 10, .computed_shared_assets = 5, .is_participant = true});
  EXPECT_FALSE(has_shared_library(participant, "private"));
  EXPECT_TRUE(has_shared_library(participant, "shared"));
}

TEST_F(DemoPhotos, ComeAtMostAHundredAtATime) {
  auto& visitor = start_signed_in({.computed_assets = 300});
  const auto page = visitor.list(kLibrary, 0, "", 5000);
  EXPECT_EQ(page["records"].size(), 200U);
  EXPECT_EQ(count_of(page, "CPLAsset"), 100);
  EXPECT_EQ(count_of(page, "CPLMaster"), 100);
  EXPECT_EQ(page["records"].at(0)["recordType"].text(), "CPLMaster");  // masters first
  EXPECT_TRUE(page["continuationMarker"].text());
  EXPECT_TRUE(page["syncToken"].text());
}

TEST_F(DemoPhotos, OfAnAlbumComeAtMost66AtATime) {
  auto& visitor = start_signed_in({.computed_assets = 3000});
  const std::string album = album_named(visitor.ask("records/query", albums_body()), "Exactly 67");
  const auto page = visitor.list("CPLContainerRelationLiveByAssetDate", 0, album_filter(album));
  EXPECT_EQ(count_of(page, "CPLContainerRelation"), 66);
  EXPECT_EQ(count_of(page, "CPLAsset"), 66);
  EXPECT_TRUE(page["continuationMarker"].text());
  const auto rest = visitor.list("CPLContainerRelationLiveByAssetDate", 66, album_filter(album));
  EXPECT_EQ(count_of(rest, "CPLContainerRelation"), 1);
  EXPECT_FALSE(rest["continuationMarker"].text());
}

TEST_F(DemoPhotos, AreRankedTheSameInBothDirections) {
  auto& visitor = start_signed_in({.computed_assets = 50});
  const auto up = assets_of(visitor.list(kLibrary, 0, "", 10));
  auto down = assets_of(visitor.list(kLibrary, 4, "", 10, "DESCENDING"));
  std::ranges::reverse(down);
  EXPECT_EQ(up, down);
}

TEST_F(DemoPhotos, AreListedOnceEachBySteps) {
  auto& visitor = start_signed_in({.computed_assets = 500});
  std::set<std::string> seen;
  for (int rank = 0; rank < 600; rank += 99) {
    for (auto& asset : assets_of(visitor.list(kLibrary, rank, "", 198))) EXPECT_TRUE(seen.insert(asset).second);
  }
  const auto counted =
      visitor.ask("internal/records/query/batch", count_body("CPLAssetByAssetDateWithoutHiddenOrDeleted"));
  EXPECT_EQ(counted["batch"].at(0)["records"].at(0)["fields"]["itemCount"]["value"].integer(),
            static_cast<std::int64_t>(seen.size()));
  EXPECT_LT(seen.size(), 500U);  // some are hidden or deleted
}

TEST_F(DemoPhotos, OfOneMasterShareItInTheList) {
  auto& visitor = start_signed_in();
  const auto page = visitor.list(kLibrary, 0);
  std::set<std::string> masters, referenced;
  page["records"].each([&](JsonView record) {
    if (record["recordType"].text() == "CPLMaster") {
      EXPECT_TRUE(masters.emplace(*record["recordName"].text()).second);
    }
    if (record["recordType"].text() == "CPLAsset")
      referenced.emplace(*record["fields"]["masterRef"]["value"]["recordName"].text());
  });
  EXPECT_LT(referenced.size(), assets_of(page).size());  // siblings
  EXPECT_GT(referenced.size(), masters.size());          // a master that is late
}

TEST_F(DemoPhotos, MayBeCutInTheMiddleOfAGroup) {
  auto& visitor = start_signed_in({.computed_assets = 300, .quirks = R"({"split_groups":true})"});
  const auto page = visitor.list(kLibrary, 0, "", 7);
  EXPECT_EQ(page["records"].size(), 7U);
  EXPECT_EQ(count_of(page, "CPLMaster"), 4);
}

TEST_F(DemoPhotos, HaveSmartAlbumsThatAgreeWithTheirCounts) {
  auto& visitor = start_signed_in({.computed_assets = 2000});
  for (const auto& [filter, tag] :
       {std::pair{"VIDEO", "Video"}, std::pair{"FAVORITE", "Favorite"}, std::pair{"LIVE", "Live"},
        std::pair{"SCREENSHOT", "Screenshot"}, std::pair{"PANORAMA", "Panorama"}}) {
    std::int64_t listed = 0;
    for (int rank = 0;; rank += 99) {
      const auto page = visitor.list("CPLAssetAndMasterInSmartAlbumByAssetDate", rank, smart_filter(filter), 198);
      if (page["records"].size() == 0) break;
      listed += count_of(page, "CPLAsset");
    }
    const auto counted =
        visitor.ask("internal/records/query/batch", count_body(fmt::format("CPLAssetInSmartAlbumByAssetDate:{}", tag)));
    EXPECT_EQ(counted["batch"].at(0)["records"].at(0)["fields"]["itemCount"]["value"].integer(), listed) << tag;
    EXPECT_GT(listed, 0) << tag;
  }
}

TEST_F(DemoPhotos, ListAlbumsInPagesOf200) {
  auto& visitor = start_signed_in({.computed_assets = 100, .extra_albums = 205});
  const auto first = visitor.ask("records/query", albums_body());
  EXPECT_EQ(first["records"].size(), 200U);
  EXPECT_EQ(first["records"].at(0)["recordName"].text(), "----Root-Folder----");
  const auto rest = visitor.ask("records/query", albums_body(std::string{*first["continuationMarker"].text()}));
  EXPECT_EQ(first["records"].size() + rest["records"].size(), 205U + 11 + 2);  // and the two roots
  EXPECT_FALSE(rest["continuationMarker"].text());
}

TEST_F(DemoPhotos, ShowNestedAlbumsOnlyBelowTheirFolder) {
  auto& visitor = start_signed_in({.computed_assets = 100});
  const auto roots = visitor.ask("records/query", albums_body());
  EXPECT_EQ(album_named(roots, "2024"), "");
  const std::string trips = album_named(roots, "Trips");
  const auto below = visitor.ask(
      "records/query",
      fmt::format(R"({{"query":{{"recordType":"CPLAlbumByPositionLive","filterBy":[{{"fieldName":"parentId",)"
                  R"("comparator":"EQUALS","fieldValue":{{"type":"STRING","value":"{}"}}}}]}},)"
                  R"("zoneID":{{"zoneName":"PrimarySync"}}}})",
                  trips));
  EXPECT_NE(album_named(below, "2024"), "");
  EXPECT_EQ(below["records"].size(), 1U);
}

TEST_F(DemoPhotos, SendOnlyTheFieldsAskedFor) {
  auto& visitor = start_signed_in({.computed_assets = 10});
  const auto page = visitor.ask("records/query",
                                R"({"query":{"recordType":"CPLAssetAndMasterByAddedDate"},"desiredKeys":["masterRef"],)"
                                R"("zoneID":{"zoneName":"PrimarySync"}})");
  page["records"].each(
      [](JsonView record) { EXPECT_EQ(record["fields"].size(), record["recordType"].text() == "CPLAsset" ? 1U : 0U); });
}

TEST_F(DemoPhotos, RefuseWhatTheRealOnesRefuse) {
  auto& visitor = start_signed_in({.computed_assets = 10, .computed_shared_assets = 10});
  const auto ask = [&](const std::string& query, const std::string& zone) {
    return visitor.database("records/query", "{" + query + R"("zoneID":{"zoneName":")" + zone + "\"}}");
  };
  const auto unknown_type = ask(R"("query":{"recordType":"CPLMaster"},)", "PrimarySync");
  EXPECT_EQ(unknown_type.status, 400);
  EXPECT_NE(unknown_type.body.find("Type is not marked indexable: CPLMaster"), std::string::npos);
  EXPECT_EQ(ask("", "PrimarySync").status, 400);
  EXPECT_EQ(
      ask(R"("query":{"recordType":"CPLAlbumByPositionLive"},)", "SharedSync-5A6E0000-0000-4000-8000-0000000000D3")
          .status,
      400);
  EXPECT_EQ(ask(R"("query":{"recordType":"CPLAlbumByPositionLive"},)", "SharedSync").status, 404);
  EXPECT_EQ(
      visitor.list(kLibrary, 0, "", 200, "ASCENDING", "SharedSync-5A6E0000-0000-4000-8000-0000000000D3")["records"]
          .size(),
      20U);
}

TEST_F(DemoPhotos, AreFoundByNameInOrderOrNotFound) {
  auto& visitor = start_signed_in({.computed_assets = 100});
  const auto page = visitor.list(kLibrary, 0, "", 2);
  const std::string master{*page["records"].at(0)["recordName"].text()},
      asset{*page["records"].at(1)["recordName"].text()};
  const auto found =
      visitor.ask("records/lookup",
                  fmt::format(R"({{"records":[{{"recordName":"{}"}},{{"recordName":"none"}},{{"recordName":"{}"}}],)"
                              R"("zoneID":{{"zoneName":"PrimarySync"}}}})",
                              asset, master));
  EXPECT_EQ(found["records"].at(0)["recordType"].text(), "CPLAsset");
  EXPECT_EQ(found["records"].at(1)["serverErrorCode"].text(), "NOT_FOUND");
  EXPECT_EQ(found["records"].at(2)["recordType"].text(), "CPLMaster");
}

TEST_F(DemoPhotos, MayStillBeIndexedAndMiscounted) {
  auto& visitor = start_signed_in({.computed_assets = 10, .quirks = R"({"indexing_running":true,"count_error":3})"});
  const auto state = visitor.ask(
      "records/query", R"({"query":{"recordType":"CheckIndexingState"},"zoneID":{"zoneName":"PrimarySync"}})");
  EXPECT_EQ(state["records"].at(0)["fields"]["state"]["value"].text(), "RUNNING");
  const auto counted =
      visitor.ask("internal/records/query/batch", count_body("CPLAssetByAssetDateWithoutHiddenOrDeleted"));
  EXPECT_EQ(counted["batch"].at(0)["records"].at(0)["fields"]["itemCount"]["value"].integer(), 13);
}

TEST_F(DemoPhotos, RenewTheTokenNowAndThen) {
  auto& visitor = start_signed_in({.computed_assets = 10});
  const std::string before = visitor.cookies.at("X-APPLE-WEBAUTH-TOKEN");
  for (int i = 0; i < 16; ++i) visitor.ask("zones/list", "{}");
  EXPECT_NE(visitor.cookies.at("X-APPLE-WEBAUTH-TOKEN"), before);
  EXPECT_EQ(visitor.database("zones/list", "{}").status, 200);
}
