// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "fake_clock.h"
#include "fake_content.h"
#include "fake_gateway.h"
#include "recorded_answer.h"

namespace icloudphotos::cloud {
namespace {

const LibraryId kPersonal{"private/PrimarySync"};
const LibraryId kShared{"shared/SharedSync-1/_o"};
constexpr auto kNoIndex = R"({"serverErrorCode":"BAD_REQUEST","reason":"Index has invalid data"})";

std::string zones(std::string_view list, std::string_view more = "false", std::string_view token = "DB") {
  return fmt::format(R"({{"syncToken":"{}","moreComing":{},"zones":[{}]}})", token, more, list);
}
std::string zone(std::string_view name, std::string_view rest = R"("syncToken":"T")") {
  return fmt::format(R"({{"zoneID":{{"zoneName":"{}","ownerRecordName":"_o"}},{}}})", name, rest);
}
std::string album(std::string_view id, int type = 0) {
  return fmt::format(R"({{"recordName":"{}","recordType":"CPLAlbum","fields":{{"albumType":{{"value":{}}}}}}})", id,
                     type);
}
std::string asset(std::string_view id) {
  return fmt::format(
      R"({{"recordName":"{}","recordType":"CPLAsset","fields":{{"masterRef":{{"value":{{"recordName":"m"}}}}}}}})", id);
}

class Service : public testing::Test {
 protected:
  std::optional<ErrorKind> failure(const auto& result) {
    return result ? std::nullopt : std::optional{result.error().kind()};
  }

  FakeGateway gateway_;
  FakeContent content_;
  FakeClock clock_;
  std::unique_ptr<Photos> photos_ = make_icloud_photos(content_, gateway_, clock_);
};

TEST_F(Service, LibrariesAreThoseOfBothDatabases) {
  gateway_.next_of("private/changes",
                   zones(zone("PrimarySync") + "," + zone("CMM-1") + "," + zone("AppLibrarySync-a")));
  gateway_.next_of("shared/changes", zones(zone("SharedSync-1", R"("syncToken":"S")")));
  const auto libraries = photos_->libraries({});
  ASSERT_TRUE(libraries);
  ASSERT_EQ(libraries->size(), 2U);
  EXPECT_EQ((*libraries)[0].id, kPersonal);
  EXPECT_EQ((*libraries)[0].kind, Library::Kind::Personal);
  EXPECT_EQ((*libraries)[0].token, SyncToken{"T"});
  EXPECT_EQ((*libraries)[1].id, kShared);
  EXPECT_EQ((*libraries)[1].kind, Library::Kind::Shared);
}

TEST_F(Service, SharedAlbumsAreLibrariesWithoutLists) {
  gateway_.next_of("private/changes", zones(zone("PrimarySync") + "," + zone("SharedCollection-1")));
  gateway_.next_of("shared/changes", zones(zone("SharedCollection-1") + "," + zone("SharedCollection-2")));
  gateway_.next_of("private/records", recorded_body("photos/indexing-state.json"));
  const auto libraries = photos_->libraries({});
  ASSERT_TRUE(libraries);
  ASSERT_EQ(libraries->size(), 3U);
  EXPECT_TRUE((*libraries)[0].has_lists);
  for (const auto i : {1U, 2U}) {
    EXPECT_EQ((*libraries)[i].kind, Library::Kind::SharedAlbum);
    EXPECT_FALSE((*libraries)[i].has_lists);
    EXPECT_EQ((*libraries)[i].name, "");
    EXPECT_EQ((*libraries)[i].token, SyncToken{"T"});
  }
  EXPECT_EQ((*libraries)[1].id.value, "private/SharedCollection-1");
  EXPECT_EQ((*libraries)[2].id.value, "shared/SharedCollection-2/_o");
  EXPECT_EQ(gateway_.questions().size(), 3U);  // whether they are indexed nobody needs to know
}

TEST_F(Service, ASharedAlbumIsOnlyReadByItsChanges) {
  const LibraryId album{"shared/SharedCollection-2/_o"};
  const std::vector<ListQuery> queries{{album, std::nullopt}};
  EXPECT_EQ(failure(photos_->albums(album, {})), ErrorKind::Rejected);
  EXPECT_EQ(failure(photos_->window({album, std::nullopt}, 0, {})), ErrorKind::Rejected);
  EXPECT_EQ(failure(photos_->counts(queries, {})), ErrorKind::Rejected);
  EXPECT_TRUE(gateway_.questions().empty());
}

TEST_F(Service, TheChangesOfASharedAlbumTellItsName) {
  constexpr auto kShare = R"({"recordName":"cloudkit.zoneshare","recordType":"cloudkit.share","fields":)"
                          R"({"cloudkit.title":{"value":"Trip","type":"STRING"}}})";
  const auto page = [&](std::string_view name) {
    return fmt::format(R"({{"zones":[{{"zoneID":{{"zoneName":"{}"}},"syncToken":"T2","records":[{}]}}]}})", name,
                       kShare);
  };
  gateway_.next(page("SharedCollection-2"));
  EXPECT_EQ(photos_->changes(LibraryId{"shared/SharedCollection-2/_o"}, std::nullopt, {})->library_name, "Trip");
  EXPECT_NE(gateway_.questions()[0].body.find("cloudkit.title"), std::string::npos);
  gateway_.next(page("PrimarySync"));
  EXPECT_EQ(photos_->changes(kPersonal, std::nullopt, {})->library_name, std::nullopt);
  EXPECT_EQ(gateway_.questions()[1].body.find("cloudkit.title"), std::string::npos);
}

TEST_F(Service, AnAlbumIsAskedForAsItIsSpelledOverThere) {
  const std::string small = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
  gateway_.next(R"({"records":[)" + album(small, 3) + "]}");
  gateway_.next(R"({"records":[]})");
  const auto albums = photos_->albums(kPersonal, {});
  ASSERT_TRUE(albums);
  ASSERT_EQ(albums->size(), 1U);
  EXPECT_EQ((*albums)[0].id.value, "AAAAAAAA-BBBB-4CCC-8DDD-EEEEEEEEEEEE");
  gateway_.next(R"({"records":[]})");
  ASSERT_TRUE(photos_->window({kPersonal, (*albums)[0].id}, 0, {}));
  for (const auto i : {1U, 2U}) EXPECT_NE(gateway_.questions()[i].body.find(small), std::string::npos) << i;
}

TEST_F(Service, ASharedLibraryOfOnesOwnIsInThePrivateDatabase) {
  gateway_.next_of("private/changes", zones(zone("PrimarySync") + "," + zone("SharedSync-1")));
  gateway_.next_of("shared/changes", zones(zone("SharedSync-1")));
  const auto libraries = photos_->libraries({});
  ASSERT_TRUE(libraries);
  ASSERT_EQ(libraries->size(), 2U);
  EXPECT_EQ((*libraries)[1].id.value, "private/SharedSync-1");
}

TEST_F(Service, ZonesComeInPages) {
  gateway_.next_of("private/changes", zones(zone("CMM-1"), "true", "P2"));
  gateway_.next_of("private/changes", zones(zone("PrimarySync")));
  gateway_.next_of("shared/changes", zones(""));
  ASSERT_EQ(photos_->libraries({})->size(), 1U);
  const auto asked = gateway_.questions();
  EXPECT_TRUE(std::any_of(asked.begin(), asked.end(), [](const auto& question) {
    return question.path == "private/changes/database" && question.body == R"({"syncToken":"P2"})";
  }));
}

TEST_F(Service, DeletedZonesAreNoLibraries) {
  gateway_.next_of("private/changes", zones(zone("PrimarySync") + "," + zone("SharedSync-1", R"("deleted":true)")));
  gateway_.next_of("shared/changes", zones(""));
  EXPECT_EQ(photos_->libraries({})->size(), 1U);
}

TEST_F(Service, AMissingSharedDatabaseIsNoError) {
  gateway_.next_of("private/changes", zones(zone("PrimarySync")));
  gateway_.next_of("shared/changes", net::Response{400, {}, kNoIndex});
  EXPECT_EQ(photos_->libraries({})->size(), 1U);
}

TEST_F(Service, ASharedDatabaseThatCannotBeReachedIsAnError) {
  gateway_.next_of("private/changes", zones(zone("PrimarySync")));
  gateway_.next_of("shared/changes", Error{ErrorKind::NeedsSignIn, "sign in"});
  EXPECT_EQ(failure(photos_->libraries({})), ErrorKind::NeedsSignIn);
}

TEST_F(Service, ATokenThatTheZonesDoNotTellIsAskedFor) {
  gateway_.next_of("private/changes", recorded_body("photos/changes-database.json"));
  gateway_.next_of("shared/changes", zones(""));
  gateway_.next_of("private/records", recorded_body("photos/indexing-state.json"));
  const auto libraries = photos_->libraries({});
  ASSERT_TRUE(libraries);
  EXPECT_EQ(libraries->at(0).token, SyncToken{"AQAAAAAAAwmVf//////////Kd+LphRdKGbpJMSeRX5Td"});
}

TEST_F(Service, ALibraryThatIsStillBeingPreparedIsKnownForOne) {
  gateway_.next_of("private/changes", zones(zone("PrimarySync")));
  gateway_.next_of("shared/changes", zones(""));
  gateway_.next_of("private/records", recorded_body("photos/sample-indexing-not-finished.json"));
  const auto libraries = photos_->libraries({});
  ASSERT_TRUE(libraries);
  EXPECT_FALSE(libraries->at(0).prepared);
  EXPECT_EQ(libraries->at(0).token, SyncToken{"T"});
}

TEST_F(Service, MoreThanTwoHundredAlbumsComeInPages) {
  std::string first;
  for (int i = 0; i < 200; ++i) first += album(fmt::format("a{}", i)) + ",";
  first.pop_back();
  gateway_.next(R"({"records":[)" + first + R"(],"continuationMarker":"M"})");
  gateway_.next(R"({"records":[)" + album("a200") + "," + album("a201") + "]}");
  const auto albums = photos_->albums(kPersonal, {});
  ASSERT_TRUE(albums);
  EXPECT_EQ(albums->size(), 202U);
  EXPECT_NE(gateway_.questions()[1].body.find(R"("continuationMarker":"M")"), std::string::npos);
}

TEST_F(Service, AlbumsThatGoRoundInCirclesAreNoAnswer) {
  gateway_.always([](auto, const auto&) { return FakeGateway::ok(R"({"records":[],"continuationMarker":"M"})"); });
  EXPECT_EQ(failure(photos_->albums(kPersonal, {})), ErrorKind::Protocol);
  EXPECT_LT(gateway_.questions().size(), 10U);
}

TEST_F(Service, FoldersAreAskedForTheirAlbums) {
  gateway_.next(R"({"records":[)" + album("----Root-Folder----", 3) + "," + album("f", 3) + "]}");
  gateway_.next(R"({"records":[)" + album("a") + "]}");
  const auto albums = photos_->albums(kPersonal, {});
  ASSERT_TRUE(albums);
  ASSERT_EQ(albums->size(), 2U);
  EXPECT_EQ((*albums)[1].parent, AlbumId{"f"});
  EXPECT_EQ(gateway_.questions().size(), 2U);
}

TEST_F(Service, ASharedLibraryHasNoAlbums) {
  gateway_.next(net::Response{400, {}, kNoIndex});
  EXPECT_EQ(failure(photos_->albums(kShared, {})), ErrorKind::Rejected);
  EXPECT_EQ(gateway_.questions()[0].path, "shared/records/query");
  EXPECT_EQ(gateway_.questions().size(), 1U);
}

TEST_F(Service, CountsOfAllListsTakeOneRequestADatabase) {
  gateway_.next(R"({"batch":[{"records":[{"fields":{"itemCount":{"value":12}}}]},{"records":[]}]})");
  gateway_.next(net::Response{400, {}, kNoIndex});
  const std::vector<ListQuery> queries{{kPersonal, std::nullopt}, {kShared, std::nullopt}, {kPersonal, AlbumId{"a"}}};
  const auto counts = photos_->counts(queries, {});
  ASSERT_TRUE(counts);
  EXPECT_EQ(*counts, (std::vector<std::optional<std::int64_t>>{12, std::nullopt, std::nullopt}));
}

TEST_F(Service, AWindowIsAPageOfTheList) {
  gateway_.next(recorded_body("photos/page-2018-full.json"));
  const auto window = photos_->window({kPersonal, std::nullopt}, 99, {});
  ASSERT_TRUE(window);
  EXPECT_EQ(window->library, kPersonal);
  EXPECT_EQ(window->assets.size(), 100U);
  EXPECT_FALSE(window->next);
  EXPECT_NE(gateway_.questions()[0].body.find(
                R"("fieldName":"startRank","comparator":"EQUALS","fieldValue":{"type":"INT64","value":99})"),
            std::string::npos);
}

TEST_F(Service, TheSizeOfAFileThatNoRecordTellsIsAskedOfItsHost) {
  constexpr auto kRecords =
      R"({"records":[{"recordName":"m","recordType":"CPLMaster","fields":{"resOriginalRes":{"value":)"
      R"({"fileChecksum":"c","downloadURL":"https://cvws.icloud-content.com/B/x/${f}?e=1800000000"}}}}]})";
  gateway_.next(kRecords);
  content_.next({206, {{"Content-Range", "bytes 0-0/77"}}, "0"});
  const auto window = photos_->window({kPersonal, std::nullopt}, 0, {});
  ASSERT_TRUE(window);
  EXPECT_EQ(window->originals.at(0).resources, (std::vector{Resource{ResourceKind::Original, "", 77, "c"}}));
  EXPECT_EQ(content_.requests().at(0).headers.get("Range"), "bytes=0-0");
  gateway_.next(kRecords);
  content_.next({404, {}, "{}"});
  EXPECT_TRUE(photos_->window({kPersonal, std::nullopt}, 0, {})->originals.at(0).resources.empty());
}

TEST_F(Service, AWindowOfAnAlbumTellsWhoIsInIt) {
  gateway_.next(recorded_body("photos/membership-page.json"));
  const auto window = photos_->window({kPersonal, AlbumId{"E4RT4FB7-4A35-4958-1D42-5769E66BE407"}}, 0, {});
  ASSERT_TRUE(window);
  EXPECT_EQ(window->memberships.size(), 4U);
}

TEST_F(Service, PhotosOfAnAlbumAreInItEvenIfNothingSaysSo) {
  gateway_.next(R"({"records":[)" + asset("x") + "," + asset("y") + "]}");
  const auto window = photos_->window({kPersonal, AlbumId{"a"}}, 66, {});
  ASSERT_TRUE(window);
  EXPECT_EQ(window->memberships,
            (std::vector{Membership{AlbumId{"a"}, AssetId{"x"}, 66}, Membership{AlbumId{"a"}, AssetId{"y"}, 67}}));
}

TEST_F(Service, OriginalsAreLookedUpTwoHundredAtATime) {
  gateway_.always([](auto, const auto&) {
    return FakeGateway::ok(
        R"({"records":[{"recordName":"m","recordType":"CPLMaster","fields":{"itemType":{"value":"x"}}},)"
        R"({"recordName":"n","serverErrorCode":"NOT_FOUND","reason":""}]})");
  });
  std::vector<OriginalId> ids;
  for (int i = 0; i < 401; ++i) ids.emplace_back(fmt::format("m{}", i));
  const auto delta = photos_->originals(kPersonal, ids, {});
  ASSERT_TRUE(delta);
  EXPECT_EQ(delta->originals.size(), 3U);
  ASSERT_EQ(gateway_.questions().size(), 3U);
  EXPECT_EQ(gateway_.questions()[0].path, "private/records/lookup");
  EXPECT_NE(gateway_.questions()[2].body.find(R"("records":[{"recordName":"m400"}])"), std::string::npos);
}

TEST_F(Service, ChangesGoOnWhereTheTokenSays) {
  gateway_.next(R"({"zones":[{"zoneID":{"zoneName":"PrimarySync"},"syncToken":"T2","moreComing":true,"records":[]}]})");
  const auto delta = photos_->changes(kPersonal, SyncToken{"T1"}, {});
  ASSERT_TRUE(delta);
  EXPECT_EQ(delta->next, SyncToken{"T2"});
  EXPECT_TRUE(delta->more);
  EXPECT_NE(gateway_.questions()[0].body.find(R"("syncToken":"T1")"), std::string::npos);
}

TEST_F(Service, ChangesWithoutANewTokenKeepTheOld) {
  gateway_.next(R"({"zones":[{"zoneID":{"zoneName":"PrimarySync"},"moreComing":null,"records":[]}]})");
  EXPECT_EQ(photos_->changes(kPersonal, SyncToken{"T1"}, {})->next, SyncToken{"T1"});
}

TEST_F(Service, AnyComplaintAboutAQuestionWithATokenMeansToStartOver) {
  const auto refused = [](std::string_view reason) {
    return fmt::format(
        R"({{"zones":[{{"zoneID":{{"zoneName":"PrimarySync"}},"serverErrorCode":"BAD_REQUEST","reason":"{}"}}]}})",
        reason);
  };
  for (const auto* reason : {"Unknown sync continuation type", "Invalid continuation format", "something new"}) {
    gateway_.next(refused(reason));
    EXPECT_EQ(failure(photos_->changes(kPersonal, SyncToken{"T1"}, {})), ErrorKind::StaleToken) << reason;
  }
  gateway_.next(refused("something new"));
  EXPECT_EQ(failure(photos_->changes(kPersonal, std::nullopt, {})), ErrorKind::Rejected);
}

TEST_F(Service, ALibraryThatIsGoneIsNotFound) {
  gateway_.next(
      R"({"zones":[{"zoneID":{"zoneName":"SharedSync-1"},"serverErrorCode":"ZONE_NOT_FOUND","reason":"x"}]})");
  EXPECT_EQ(failure(photos_->changes(kShared, SyncToken{"T"}, {})), ErrorKind::NotFound);
  EXPECT_EQ(failure(photos_->changes(LibraryId{"nonsense"}, std::nullopt, {})), ErrorKind::NotFound);
}

TEST_F(Service, AServiceInTroubleIsAskedAgain) {
  gateway_.next(net::Response{500, {}, ""});
  gateway_.next(R"({"zones":[{"zoneID":{"zoneName":"PrimarySync"},"serverErrorCode":"RETRY_LATER","reason":"x"}]})");
  gateway_.next(R"({"zones":[{"zoneID":{"zoneName":"PrimarySync"},"syncToken":"T2","records":[]}]})");
  EXPECT_TRUE(photos_->changes(kPersonal, SyncToken{"T1"}, {}));
}

TEST_F(Service, ThatStaysInTroubleIsGivenUp) {
  gateway_.always([](auto, const auto&) { return net::Response{502, {}, "<html>"}; });
  EXPECT_EQ(failure(photos_->window({kPersonal, std::nullopt}, 0, {})), ErrorKind::Offline);
  EXPECT_EQ(gateway_.questions().size(), 3U);
}

TEST_F(Service, IsGivenTheRestItAsksFor) {
  const auto before = clock_.now();
  gateway_.next(net::Response{503, {{"Retry-After", "5"}}, ""});
  gateway_.next(R"({"records":[]})");
  ASSERT_TRUE(photos_->window({kPersonal, std::nullopt}, 0, {}));
  EXPECT_GE(clock_.now() - before, std::chrono::seconds{5});
}

TEST_F(Service, IsNotWaitedForWhenItWantsALongRest) {
  const auto before = clock_.now();
  gateway_.next(net::Response{503, {{"Retry-After", "600"}}, ""});
  EXPECT_EQ(failure(photos_->window({kPersonal, std::nullopt}, 0, {})), ErrorKind::Throttled);
  EXPECT_EQ(clock_.now(), before);
  EXPECT_EQ(gateway_.questions().size(), 1U);
}

TEST_F(Service, ThatWantsAPersonIsNotAskedAgain) {
  gateway_.next(Error{ErrorKind::NeedsSignIn, "sign in"});
  EXPECT_EQ(failure(photos_->window({kPersonal, std::nullopt}, 0, {})), ErrorKind::NeedsSignIn);
  EXPECT_EQ(gateway_.questions().size(), 1U);
}

}  // namespace
}  // namespace icloudphotos::cloud
