// SPDX-License-Identifier: MIT
#include "feed_walk.h"

using namespace icloudphotos;
using namespace icloudphotos::demo;

namespace {

constexpr const char* kLibrary = "CPLAssetAndMasterByAssetDateWithoutHiddenOrDeleted";

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
