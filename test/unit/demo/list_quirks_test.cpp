// SPDX-License-Identifier: MIT
#include "feed_walk.h"

using namespace icloudphotos;
using namespace icloudphotos::demo;

namespace {

constexpr const char* kLibrary = "CPLAssetAndMasterByAssetDateWithoutHiddenOrDeleted";
constexpr const char* kCountBody =
    R"({"query":{"recordType":"HyperionIndexCountLookup","filterBy":{"fieldName":"indexCountID","comparator":"IN",)"
    R"("fieldValue":{"type":"STRING_LIST","value":["CPLAssetByAssetDateWithoutHiddenOrDeleted"]}}},)"
    R"("zoneID":{"zoneName":"PrimarySync"}})";

}  // namespace

TEST_F(DemoQuirks, SomePhotosAreInNoIndexAtAll) {
  start_signed_in({.computed_assets = 300, .quirks = R"({"unlisted":true,"picks_only":false})"});
  std::set<std::string> listed;
  for (int rank = 0; rank < 300; rank += 99) {
    for (const auto& name : names(visitor->list(kLibrary, rank, "", 198), "CPLAsset")) listed.insert(name);
  }
  int unlisted = 0;
  for (const auto& [asset, photo] : truth()) {
    if (photo["hidden"].boolean().value() || photo["deleted"].boolean().value()) continue;
    EXPECT_EQ(listed.contains(asset), photo["listed"].boolean()) << asset;
    unlisted += photo["listed"].boolean().value() ? 0 : 1;
  }
  EXPECT_GT(unlisted, 20);
  EXPECT_EQ(walk().count("CPLAsset"), 300);
  const auto count = visitor->ask("records/query", kCountBody);
  EXPECT_EQ(count["records"].at(0)["fields"]["itemCount"]["value"].integer(), static_cast<std::int64_t>(listed.size()));
}

TEST_F(DemoQuirks, ListPagesMayBeShortRepeatAPhotoOrBeEmptyOnce) {
  start_signed_in({.computed_assets = 300});
  const auto assets = [&](int rank) { return names(visitor->list(kLibrary, rank), "CPLAsset"); };
  const auto whole = assets(0), next = assets(50);
  quirks(R"({"short_pages":30})");
  EXPECT_EQ(assets(0), (std::vector<std::string>{whole.begin(), whole.begin() + 30}));
  EXPECT_TRUE(visitor->list(kLibrary, 0)["continuationMarker"].text());
  quirks(R"({"short_pages":0,"repeated_photos":true})");
  EXPECT_EQ(assets(0).front(), whole.front());
  EXPECT_EQ(assets(51).front(), next.front());
  EXPECT_EQ(assets(51).at(1), next.at(1));
  quirks(R"({"repeated_photos":false,"empty_list_pages":true})");
  EXPECT_FALSE(assets(0).empty());
  int empty = 0;
  const auto is_empty = [&](int rank) { return names(visitor->list(kLibrary, rank, "", 4), "CPLAsset").empty(); };
  for (int rank = 1; rank < 100; ++rank) {
    empty += is_empty(rank) ? 1 : 0;
    EXPECT_FALSE(is_empty(rank)) << rank;
  }
  EXPECT_GT(empty, 5);
  EXPECT_LT(empty, 60);
}

TEST_F(DemoQuirks, CountsMayBeMissingWrongOrContradictory) {
  start_signed_in({.computed_assets = 50});
  const auto count = [&] {
    return visitor->ask("records/query", kCountBody)["records"].at(0)["fields"]["itemCount"]["value"].integer();
  };
  EXPECT_EQ(count(), 50);
  quirks(R"({"counts":"contradictory"})");
  const auto first = count(), second = count();
  EXPECT_NE(first, second);
  quirks(R"({"counts":"missing"})");
  EXPECT_FALSE(count());
  quirks(R"({"counts":"error"})");
  EXPECT_EQ(visitor->database("records/query", kCountBody).status, 500);
  const auto batch = visitor->ask("internal/records/query/batch", R"({"batch":[)" + std::string{kCountBody} + "]}");
  EXPECT_EQ(batch["batch"].at(0)["serverErrorCode"].text(), "INTERNAL_ERROR");
}

TEST_F(DemoQuirks, TruthTellsWhichListsAPhotoIsIn) {
  start_signed_in();
  std::map<std::string, std::set<std::string>> members;
  for (const auto& [name, photo] : truth()) {
    const std::string& asset = name;  // clang 14 captures no structured binding
    photo["lists"].each([&](JsonView list) { members[std::string{*list.text()}].insert(asset); });
  }
  const auto smart = [](std::string_view tag) {
    return fmt::format(
        R"(,{{"fieldName":"smartAlbum","comparator":"EQUALS","fieldValue":{{"type":"STRING","value":"{}"}}}})", tag);
  };
  const std::tuple<std::string, std::string, std::string> lists[] = {
      {"All Photos", kLibrary, ""},
      {"Hidden", "CPLAssetAndMasterHiddenByAssetDate", ""},
      {"Recently Deleted", "CPLAssetAndMasterDeletedByExpungedDate", ""},
      {"Bursts", "CPLBurstStackAssetAndMasterByAssetDate", ""},
      {"Favorites", "CPLAssetAndMasterInSmartAlbumByAssetDate", smart("FAVORITE")},
      {"Live Photos", "CPLAssetAndMasterInSmartAlbumByAssetDate", smart("LIVE")},
      {"Animated", "CPLAssetAndMasterInSmartAlbumByAssetDate", smart("ANIMATED")},
      {"Portraits", "CPLAssetAndMasterInSmartAlbumByAssetDate", smart("DEPTH")}};
  for (const auto& [title, type, filter] : lists) {
    const auto listed = names(visitor->list(type, 0, filter), "CPLAsset");
    EXPECT_EQ(std::set<std::string>(listed.begin(), listed.end()), members[title]) << title;
    EXPECT_FALSE(listed.empty()) << title;
  }
  const auto first = visitor->control("truth?count=1");
  EXPECT_NEAR(first["photos"].at(0)["location"]["lat"].number().value_or(0), 60.3913, 0.0001);
}
