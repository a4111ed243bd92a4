// SPDX-License-Identifier: MIT
#include "visitor.h"

using namespace icloudphotos;
using namespace icloudphotos::demo;

namespace {

class DemoModify : public DemoTest {
 protected:
  JsonDocument modify(const std::string& operations, bool atomic = true) {
    return visitor->ask(
        "records/modify",
        fmt::format(R"({{"atomic":{},"zoneID":{{"zoneName":"PrimarySync"}},"operations":[{}]}})", atomic, operations));
  }
  static std::string update(const std::string& name, const std::string& type, const std::string& fields,
                            const std::string& tag = "x") {
    return fmt::format(
        R"({{"operationType":"update","record":{{"recordName":"{}","recordType":"{}","recordChangeTag":"{}","fields":{{{}}}}}}})",
        name, type, tag, fields);
  }
  std::string asset(int index) {
    return std::string{*visitor->control(fmt::format("truth?from={}&count=1", index))["photos"].at(0)["asset"].text()};
  }
};

}  // namespace

TEST_F(DemoModify, MarksAFavorite) {
  start_signed_in({.computed_assets = 10});
  const auto done = modify(update(asset(3), "CPLAsset", R"("isFavorite":{"value":1})"));
  EXPECT_EQ(done["records"].at(0)["fields"]["isFavorite"]["value"].integer(), 1);
  EXPECT_EQ(visitor->control("truth?from=3&count=1")["photos"].at(0)["favorite"].boolean(), true);
}

TEST_F(DemoModify, MovesAPhotoToRecentlyDeletedAndBack) {
  start_signed_in({.computed_assets = 10});
  const auto deleted = modify(update(asset(1), "CPLAsset", R"("isDeleted":{"value":1})"));
  const JsonView record = deleted["records"].at(0);
  EXPECT_EQ(record["fields"]["isDeleted"]["value"].integer(), 1);
  EXPECT_EQ(
      record["expirationTime"].integer().value_or(0) - *record["fields"]["dateExpunged"]["value"].integer() / 1000,
      10 * 86400);
  EXPECT_EQ(visitor->list("CPLAssetAndMasterDeletedByExpungedDate", 0)["records"].size(), 2U);
  const auto restored = modify(update(asset(1), "CPLAsset", R"("isDeleted":{"value":0})"));
  EXPECT_FALSE(restored["records"].at(0)["fields"]["isDeleted"].exists());
}

TEST_F(DemoModify, MakesFillsRenamesAndDropsAnAlbum) {
  start_signed_in({.computed_assets = 10});
  const auto made =
      modify(R"({"operationType":"create","record":{"recordType":"CPLAlbum","fields":{"albumNameEnc":{"value":"TmV3"},)"
             R"("albumType":{"value":0},"position":{"value":1051646}}}})");
  const std::string album{*made["records"].at(0)["recordName"].text()};
  EXPECT_EQ(album.size(), 36U);
  const std::string relation = asset(2) + "-IN-" + album;
  modify(fmt::format(
      R"({{"operationType":"create","record":{{"recordType":"CPLContainerRelation","recordName":"{}","fields":)"
      R"({{"itemId":{{"value":"{}"}},"position":{{"value":1024}},"containerId":{{"value":"{}"}}}}}}}})",
      relation, asset(2), album));
  const std::string filter = fmt::format(
      R"(,{{"fieldName":"parentId","comparator":"EQUALS","fieldValue":{{"type":"STRING","value":"{}"}}}})", album);
  EXPECT_EQ(visitor->list("CPLContainerRelationLiveByAssetDate", 0, filter)["records"].size(), 3U);
  const auto removed = modify(R"({"operationType":"forceDelete","record":{"recordName":")" + relation + "\"}}");
  EXPECT_EQ(removed["records"].at(0)["deleted"].boolean(), true);
  EXPECT_EQ(visitor->list("CPLContainerRelationLiveByAssetDate", 0, filter)["records"].size(), 0U);
  const auto renamed =
      modify(update(album, "CPLAlbum", R"("albumNameEnc":{"value":"T3RoZXI="},"isDeleted":{"value":1})"));
  EXPECT_EQ(renamed["records"].at(0)["fields"]["albumNameEnc"]["value"].text(), "T3RoZXI=");
  EXPECT_EQ(renamed["records"].at(0)["fields"]["isDeleted"]["value"].integer(), 1);
}

TEST_F(DemoModify, ChangesNothingWhenOneOfAllFails) {
  start_signed_in({.computed_assets = 10});
  const std::string both =
      update(asset(1), "CPLAsset", R"("isHidden":{"value":1})") + "," + update("none", "CPLAsset", "");
  const auto rolled_back = modify(both);
  EXPECT_EQ(rolled_back["records"].at(0)["serverErrorCode"].text(), "ATOMIC_ERROR");
  EXPECT_EQ(rolled_back["records"].at(1)["serverErrorCode"].text(), "NOT_FOUND");
  EXPECT_EQ(visitor->control("truth?from=1&count=1")["photos"].at(0)["hidden"].boolean(), false);
  modify(both, false);
  EXPECT_EQ(visitor->control("truth?from=1&count=1")["photos"].at(0)["hidden"].boolean(), true);
}

TEST_F(DemoModify, MayInsistOnTheNewestTag) {
  start_signed_in({.computed_assets = 10, .quirks = R"({"check_tags":true})"});
  const auto conflict = modify(update(asset(1), "CPLAsset", R"("isHidden":{"value":1})", "old"));
  EXPECT_EQ(conflict["records"].at(0)["serverErrorCode"].text(), "CONFLICT");
}
