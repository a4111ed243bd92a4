// SPDX-License-Identifier: MIT
#include <map>
#include <set>

#include "visitor.h"

using namespace icloudphotos;
using namespace icloudphotos::demo;

namespace {

constexpr const char* kLibrary = "CPLAssetAndMasterByAssetDateWithoutHiddenOrDeleted";
constexpr const char* kCountBody =
    R"({"query":{"recordType":"HyperionIndexCountLookup","filterBy":{"fieldName":"indexCountID","comparator":"IN",)"
    R"("fieldValue":{"type":"STRING_LIST","value":["CPLAssetByAssetDateWithoutHiddenOrDeleted"]}}},)"
    R"("zoneID":{"zoneName":"PrimarySync"}})";

/// What a walk through the feed saw.
struct Seen {
  std::map<std::string, JsonDocument> records;  ///< by name, the latest
  std::map<std::string, int> first_page;        ///< the page a name was first on
  std::vector<std::string> order;
  int errors = 0, nameless = 0;
  bool ended_with_null = false;
  [[nodiscard]] int count(std::string_view type) const {
    int count = 0;
    for (const auto& [name, record] : records) count += record["recordType"].text() == type ? 1 : 0;
    return count;
  }
};

class DemoQuirks : public DemoTest {
 protected:
  void quirks(const std::string& json) { visitor->control("quirks", json); }

  Seen walk(const std::string& zone = "PrimarySync", const std::string& database = "private") {
    Seen seen;
    std::string token;
    for (int page = 0; page < 500; ++page) {
      const auto answer =
          visitor->ask("changes/zone", R"({"zones":[{"zoneID":{"zoneName":")" + zone + "\"}" + token + "}]}", database);
      const JsonView changes = answer["zones"].at(0);
      EXPECT_LE(changes["records"].size(), 200U);
      changes["records"].each([&](JsonView record) { keep(record, page, seen); });
      token = R"(,"syncToken":")" + std::string{changes["syncToken"].text().value_or("")} + "\"";
      seen.ended_with_null = changes["moreComing"].is_null();
      if (!changes["moreComing"].boolean().value_or(false)) return seen;
    }
    ADD_FAILURE() << "the feed does not end";
    return seen;
  }
  static void keep(JsonView record, int page, Seen& seen) {
    const std::string name{record["recordName"].text().value_or("")};
    if (name.empty()) return static_cast<void>(++seen.nameless);
    if (record["serverErrorCode"].exists()) return static_cast<void>(++seen.errors);
    seen.first_page.emplace(name, page);
    seen.order.push_back(name);
    seen.records.insert_or_assign(name, std::move(JsonDocument::parse(record.dump())).value());
  }
  std::vector<std::string> names(const JsonDocument& page, std::string_view type) const {
    std::vector<std::string> names;
    page["records"].each([&](JsonView record) {
      if (record["recordType"].text() == type) names.emplace_back(*record["recordName"].text());
    });
    return names;
  }
  std::map<std::string, JsonDocument> truth(const std::string& library = "personal") {
    std::map<std::string, JsonDocument> photos;
    for (std::int64_t from = 0, total = 1; from < total;) {
      const auto page = visitor->control(fmt::format("truth?library={}&from={}", library, from));
      page["photos"].each([&](JsonView photo) {
        photos.emplace(*photo["asset"].text(), std::move(JsonDocument::parse(photo.dump())).value());
      });
      from = *page["next"].integer(), total = *page["total"].integer();
    }
    return photos;
  }
  /// The asset whose truth names that gap.
  std::string asset_with(std::string_view gap) {
    for (const auto& [asset, photo] : truth()) {
      bool has = false;
      photo["gaps"].each([&](JsonView each) { has = has || each.text() == gap; });
      if (has) return asset;
    }
    ADD_FAILURE() << "no photo lacks its " << gap;
    return {};
  }
  const JsonDocument& master_of(const Seen& seen, const std::string& asset) {
    return seen.records.at(std::string{*seen.records.at(asset)["fields"]["masterRef"]["value"]["recordName"].text()});
  }
};

}  // namespace

TEST_F(DemoQuirks, TheFeedHasMastersLongAfterTheirAssetsAndRelationsOnBothSides) {
  start_signed_in({.computed_assets = 2000});
  const Seen seen = walk();
  int late = 0, early_relations = 0, late_relations = 0;
  for (const auto& [name, record] : seen.records) {
    if (record["recordType"].text() == "CPLAsset") {
      const auto master = record["fields"]["masterRef"]["value"]["recordName"].text();
      if (seen.first_page.at(std::string{*master}) >= seen.first_page.at(name) + 4) ++late;
    } else if (record["recordType"].text() == "CPLContainerRelation") {
      const bool early =
          seen.first_page.at(name) < seen.first_page.at(std::string{*record["fields"]["itemId"]["value"].text()});
      ++(early ? early_relations : late_relations);
    }
  }
  EXPECT_GT(late, 100);
  EXPECT_GT(early_relations, 100);
  EXPECT_GT(late_relations, 100);
}

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

TEST_F(DemoQuirks, AnswersMayHoldRecordsFieldsAndErrorsNobodyAskedFor) {
  start_signed_in({.computed_assets = 300, .quirks = R"({"odd_records":true})"});
  const Seen seen = walk();
  EXPECT_EQ(seen.count("CPLAsset"), 300);
  for (const auto type : {"CPLPerson", "CPLFaceCrop", "CPLLibraryInfo", "CPLMemory", "CPLSharedLibraryQuota",
                          "CPLTextComment", "SomethingOfTomorrow"}) {
    EXPECT_GE(seen.count(type), 1) << type;
  }
  EXPECT_GT(seen.errors, 1);    // in every page
  EXPECT_GT(seen.nameless, 1);  // {}
  int told_again = 0, unfielded = 0, unknown_albums = 0;
  for (const std::string& name : seen.order) told_again += name.ends_with("DEAD") ? 1 : 0;
  for (const auto& [name, record] : seen.records) {
    unfielded += !record["fields"].exists() && !record["deleted"].boolean().value_or(false) ? 1 : 0;
    if (record["recordType"].text() == "CPLAlbum" && record["fields"]["albumType"]["value"].integer().value_or(0) > 3)
      ++unknown_albums;
    if (record["recordType"].text() == "CPLAsset") {
      EXPECT_EQ(record["fields"]["fieldOfTomorrow"]["type"].text(), "MYSTERY");
    }
  }
  EXPECT_GT(told_again, 1);
  EXPECT_GE(unfielded, 2);
  EXPECT_EQ(unknown_albums, 2);
  const auto page = visitor->list(kLibrary, 0);
  EXPECT_LE(page["records"].size(), 200U);
  bool has_error = false;
  page["records"].each([&](JsonView record) { has_error = has_error || record["serverErrorCode"].exists(); });
  EXPECT_TRUE(has_error);
}

TEST_F(DemoQuirks, SomeAssetsAndMastersStayAloneForEver) {
  start_signed_in({.computed_assets = 30, .quirks = R"({"orphans":true})"});
  const Seen seen = walk();
  const auto truth = visitor->control("truth")["orphans"]["assets"].size();
  EXPECT_EQ(seen.count("CPLAsset"), 30 + static_cast<int>(truth));
  int without = 0;
  for (const auto& [name, record] : seen.records) {
    if (record["recordType"].text() != "CPLAsset") continue;
    const std::string master{record["fields"]["masterRef"]["value"]["recordName"].text().value_or("")};
    if (seen.records.contains(master)) continue;
    ++without;
    const auto looked_up = visitor->ask(
        "records/lookup",
        fmt::format(R"({{"records":[{{"recordName":"{}"}}],"zoneID":{{"zoneName":"PrimarySync"}}}})", master));
    EXPECT_EQ(looked_up["records"].at(0)["serverErrorCode"].text(), "NOT_FOUND");
  }
  EXPECT_EQ(without, 3);
  visitor->control("truth")["orphans"]["masters"].each(
      [&](JsonView name) { EXPECT_TRUE(seen.records.contains(std::string{*name.text()})); });
}

TEST_F(DemoQuirks, RecordsMayLackWhatTheyUsuallyHave) {
  start_signed_in({.computed_assets = 100, .quirks = R"({"missing_values":true})"});
  const Seen seen = walk();
  const auto& nameless = master_of(seen, asset_with("filenameEnc.value"));
  EXPECT_TRUE(nameless["fields"]["filenameEnc"].is_object());
  EXPECT_FALSE(nameless["fields"]["filenameEnc"]["value"].exists());
  const auto& typeless = master_of(seen, asset_with("itemType.value"));
  EXPECT_TRUE(typeless["fields"]["itemType"].is_object());
  EXPECT_FALSE(typeless["fields"]["itemType"]["value"].exists());
  const std::string without_original = asset_with("resOriginalRes");
  EXPECT_TRUE(master_of(seen, without_original)["fields"]["resOriginalFileType"].exists());
  EXPECT_FALSE(master_of(seen, without_original)["fields"]["resOriginalRes"].exists());
  const auto sizeless = master_of(seen, asset_with("resOriginalRes.size"))["fields"]["resOriginalRes"]["value"];
  EXPECT_TRUE(sizeless["fileChecksum"].text());
  EXPECT_FALSE(sizeless["size"].exists());
  EXPECT_FALSE(seen.records.at(asset_with("isFavorite"))["fields"]["isHidden"].exists());
  const auto& dateless = seen.records.at(asset_with("addedDate"));
  EXPECT_FALSE(dateless["fields"]["addedDate"].exists() || dateless["fields"]["assetDate"].exists());
  EXPECT_TRUE(dateless["created"]["timestamp"].integer());
  for (const auto& [asset, photo] : truth()) {
    const auto& master = master_of(seen, asset);
    EXPECT_EQ(photo["name"].text().has_value(), master["fields"]["filenameEnc"]["value"].exists()) << asset;
    EXPECT_EQ(photo["item_type"].text(), master["fields"]["itemType"]["value"].text()) << asset;
    EXPECT_EQ(photo["captured"].integer(), seen.records.at(asset)["fields"]["assetDate"]["value"].integer()) << asset;
    if (asset != without_original) continue;
    photo["resources"].each([](JsonView resource) { EXPECT_NE(resource["resource"].text(), "resOriginal"); });
  }
}

TEST_F(DemoQuirks, FlagsMayBeBooleansOrLeftOutAndNumbersStrings) {
  start_signed_in({.computed_assets = 200, .quirks = R"({"loose_types":true})"});
  int booleans = 0, strings = 0, absent = 0, usual = 0;
  for (const auto& [name, record] : walk().records) {
    if (record["recordType"].text() != "CPLAsset") continue;
    const std::string flag = record["fields"]["isFavorite"]["value"].dump();
    booleans += flag == "false" || flag == "true" ? 1 : 0;
    absent += flag.empty() ? 1 : 0;
    usual += flag == "0" || flag == "1" ? 1 : 0;
    strings += record["fields"]["timeZoneOffset"]["value"].dump().starts_with('"') ? 1 : 0;
  }
  for (const int count : {booleans, strings, absent, usual}) EXPECT_GT(count, 20);
}

TEST_F(DemoQuirks, TheOrderOfRecordsHangsOnANumber) {
  start_signed_in({.computed_assets = 300});
  const auto usual = walk();
  quirks(R"({"shuffle":1})");
  const auto first = walk(), again = walk();
  quirks(R"({"shuffle":2})");
  const auto second = walk();
  EXPECT_EQ(first.order, again.order);
  EXPECT_NE(first.order, usual.order);
  EXPECT_NE(first.order, second.order);
  EXPECT_EQ(first.records.size(), usual.records.size());
}

TEST_F(DemoQuirks, TheFeedMayEndWithNull) {
  start_signed_in({.computed_assets = 300});
  EXPECT_FALSE(walk().ended_with_null);
  quirks(R"({"null_more_coming":true})");
  EXPECT_TRUE(walk().ended_with_null);
}

TEST_F(DemoQuirks, WhatLeftAnAlbumMayComeAsARelationThatSaysSo) {
  start_signed_in({.computed_assets = 500, .quirks = R"({"soft_removals":true})"});
  std::string album, asset, other;
  visitor->control("truth")["albums"].each([&](JsonView each) {
    if (each["name"].text() != "Exactly 66") return;
    album = *each["id"].text(), asset = *each["members"].at(0).text(), other = *each["members"].at(1).text();
  });
  visitor->control("album/members", fmt::format(R"({{"album":"{}","remove":["{}","{}"]}})", album, asset, other));
  const Seen seen = walk();
  const auto& one = seen.records.at(asset + "-IN-" + album);
  const auto& two = seen.records.at(other + "-IN-" + album);
  const bool first_is_soft = one["recordType"].text() == "CPLContainerRelation";
  EXPECT_EQ((first_is_soft ? one : two)["fields"]["isDeleted"]["value"].integer(), 1);
  EXPECT_EQ((first_is_soft ? two : one)["deleted"].boolean(), true);
}

TEST_F(DemoQuirks, LookupKnowsAnUploadOnlyAfterAWhile) {
  start_signed_in({.computed_assets = 10, .quirks = R"({"fresh_s":20})"});
  const std::string asset{*visitor->control("add", "{}")["assets"].at(0).text()};
  const auto code = [&] {
    return visitor
        ->ask("records/lookup",
              fmt::format(R"({{"records":[{{"recordName":"{}"}}],"zoneID":{{"zoneName":"PrimarySync"}}}})",
                          asset))["records"]
        .at(0)["serverErrorCode"]
        .exists();
  };
  EXPECT_TRUE(code());
  clock.advance(std::chrono::seconds{21});
  EXPECT_FALSE(code());
}

TEST_F(DemoQuirks, AllOfThemAtOnceStillTellOfEveryPhoto) {
  start_signed_in({.quirks = R"({"everything":true,"shuffle":7})"});
  for (const std::string library : {"personal", "shared"}) {
    const Seen seen = walk(library == "personal" ? "PrimarySync" : "SharedSync-5A6E0000-0000-4000-8000-0000000000D3");
    const auto photos = truth(library);
    EXPECT_GT(photos.size(), 5U);
    for (const auto& [asset, photo] : photos) {
      ASSERT_TRUE(seen.records.contains(asset)) << asset;
      EXPECT_TRUE(seen.records.contains(std::string{*photo["master"].text()})) << asset;
    }
  }
  quirks(R"({"everything":false})");
  EXPECT_EQ(visitor->control("quirks")["shuffle"].integer(), 0);
  EXPECT_EQ(visitor->control("quirks")["counts"].text(), "right");
}

TEST_F(DemoQuirks, TruthTellsWhichListsAPhotoIsIn) {
  start_signed_in();
  std::map<std::string, std::set<std::string>> members;
  for (const auto& [asset, photo] : truth()) {
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
