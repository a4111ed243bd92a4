// SPDX-License-Identifier: MIT
#include "cloud/queries.h"

#include <algorithm>
#include <regex>

#include <gtest/gtest.h>

namespace icloudphotos::cloud {
namespace {

const Zone kPersonal{Database::Private, "PrimarySync", ""};
const Zone kShared{Database::Shared, "SharedSync-1", "_owner"};

/// The fields that are asked for are a test of their own.
std::string without_fields(const std::string& query) {
  return std::regex_replace(query, std::regex{R"("desiredKeys":\[[^\]]*\])"}, R"("desiredKeys":[])");
}

TEST(Queries, GoToTheZonesDatabase) {
  EXPECT_EQ(path_of(Database::Private, "records/query"),
            "/database/1/com.apple.photos.cloud/production/private/records/query");
  EXPECT_EQ(path_of(Database::Shared, "changes/zone"),
            "/database/1/com.apple.photos.cloud/production/shared/changes/zone");
}

TEST(Queries, AskForAllZonesOrThoseThatChanged) {
  EXPECT_EQ(zones_query(std::nullopt), "{}");
  EXPECT_EQ(zones_query("T"), R"({"syncToken":"T"})");
  EXPECT_EQ(zones_query(""), "{}");
}

TEST(Queries, AskForTheLibraryByRank) {
  EXPECT_EQ(without_fields(list_query(kPersonal, std::nullopt, 198)),
            R"({"query":{"recordType":"CPLAssetAndMasterByAssetDateWithoutHiddenOrDeleted","filterBy":[)"
            R"({"fieldName":"startRank","comparator":"EQUALS","fieldValue":{"type":"INT64","value":198}},)"
            R"({"fieldName":"direction","comparator":"EQUALS","fieldValue":{"type":"STRING","value":"ASCENDING"}}]},)"
            R"("resultsLimit":198,"desiredKeys":[],"zoneID":{"zoneName":"PrimarySync"}})");
}

TEST(Queries, AskForAnAlbumByRank) {
  EXPECT_EQ(without_fields(list_query(kPersonal, AlbumId{"A"}, 0)),
            R"({"query":{"recordType":"CPLContainerRelationLiveByAssetDate","filterBy":[)"
            R"({"fieldName":"startRank","comparator":"EQUALS","fieldValue":{"type":"INT64","value":0}},)"
            R"({"fieldName":"direction","comparator":"EQUALS","fieldValue":{"type":"STRING","value":"ASCENDING"}},)"
            R"({"fieldName":"parentId","comparator":"EQUALS","fieldValue":{"type":"STRING","value":"A"}}]},)"
            R"("resultsLimit":198,"desiredKeys":[],"zoneID":{"zoneName":"PrimarySync"}})");
  EXPECT_NE(list_query(kPersonal, AlbumId{"A"}, 0).find(R"("containerId")"), std::string::npos);
}

TEST(Queries, AskForEverythingThatIsReadOfAPhoto) {
  const auto query = list_query(kPersonal, std::nullopt, 0);
  for (const auto* name :
       {"masterRef", "filenameEnc", "resOriginalRes", "resOriginalVidComplFileType", "resJPEGFullRes",
        "resJPEGThumbRes", "isDeleted", "timeZoneOffset", "keywordsEnc", "locationEnc"})
    EXPECT_NE(query.find(std::string{"\""} + name + "\""), std::string::npos) << name;
}

TEST(Queries, AskForAFoldersAlbumsPageByPage) {
  EXPECT_EQ(
      without_fields(albums_query(kPersonal, std::nullopt, std::nullopt)),
      R"({"query":{"recordType":"CPLAlbumByPositionLive"},"resultsLimit":200,"desiredKeys":[],"zoneID":{"zoneName":"PrimarySync"}})");
  EXPECT_EQ(without_fields(albums_query(kPersonal, AlbumId{"F"}, "M")),
            R"({"query":{"recordType":"CPLAlbumByPositionLive","filterBy":[)"
            R"({"fieldName":"parentId","comparator":"EQUALS","fieldValue":{"type":"STRING","value":"F"}}]},)"
            R"("continuationMarker":"M","resultsLimit":200,"desiredKeys":[],"zoneID":{"zoneName":"PrimarySync"}})");
}

TEST(Queries, AskForAllCountsAtOnce) {
  const std::vector<CountOf> lists{{kPersonal, std::nullopt}, {kPersonal, AlbumId{"A"}}};
  EXPECT_EQ(
      counts_query(lists),
      R"({"batch":[{"resultsLimit":1,"query":{"recordType":"HyperionIndexCountLookup","filterBy":{"fieldName":"indexCountID",)"
      R"("comparator":"IN","fieldValue":{"type":"STRING_LIST","value":["CPLAssetByAssetDateWithoutHiddenOrDeleted"]}}},)"
      R"("zoneWide":true,"zoneID":{"zoneName":"PrimarySync"}},)"
      R"({"resultsLimit":1,"query":{"recordType":"HyperionIndexCountLookup","filterBy":{"fieldName":"indexCountID",)"
      R"("comparator":"IN","fieldValue":{"type":"STRING_LIST","value":["CPLContainerRelationNotDeletedByAssetDate:A"]}}},)"
      R"("zoneWide":true,"zoneID":{"zoneName":"PrimarySync"}}]})");
}

TEST(Queries, NameTheOwnerOfASharedZone) {
  EXPECT_EQ(
      indexing_query(kShared),
      R"({"query":{"recordType":"CheckIndexingState"},"zoneID":{"zoneName":"SharedSync-1","ownerRecordName":"_owner",)"
      R"("zoneType":"REGULAR_CUSTOM_ZONE"}})");
}

TEST(Queries, LookUpRecordsByName) {
  const std::vector<std::string> names{"a/b+c", "d"};
  const std::vector<std::string> fields{"resOriginalRes"};
  EXPECT_EQ(lookup_query(kPersonal, names, fields),
            R"({"records":[{"recordName":"a/b+c"},{"recordName":"d"}],"desiredKeys":["resOriginalRes"],)"
            R"("zoneID":{"zoneName":"PrimarySync"}})");
}

TEST(Queries, NeverSendAnEmptyToken) {
  EXPECT_EQ(without_fields(changes_query(kPersonal, SyncToken{"T"})),
            R"({"zones":[{"zoneID":{"zoneName":"PrimarySync"},"syncToken":"T","desiredKeys":[],"resultsLimit":200}]})");
  for (const auto& none : {std::optional<SyncToken>{}, std::optional{SyncToken{""}}})
    EXPECT_EQ(changes_query(kPersonal, none).find("syncToken"), std::string::npos);
}

}  // namespace
}  // namespace icloudphotos::cloud
