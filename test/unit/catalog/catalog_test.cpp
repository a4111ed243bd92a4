// SPDX-License-Identifier: MIT
#include "icloudphotos/catalog/catalog.h"

#include <map>
#include <set>

#include <gtest/gtest.h>

#include "photos.h"
#include "temp_dir.h"

namespace icloudphotos::catalog {
namespace {

constexpr const char* kUuid = "11111111-2222-4333-8444-55555555555A";
constexpr const char* kAlbumUuid = "F0000000-0000-4000-8000-000000000001";

class CatalogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    reopen();
    ASSERT_TRUE(catalog_->add_libraries({library("L")}));
  }
  void reopen() {
    catalog_.reset();
    auto opened = Catalog::open(dir_.path() / "state", clock_);
    ASSERT_TRUE(opened) << opened.error().message();
    catalog_ = std::move(opened).value();
  }
  ChangeSet apply(const Delta& delta) {
    auto changes = catalog_->apply(delta);
    EXPECT_TRUE(changes) << changes.error().message();
    return changes ? *changes : ChangeSet{};
  }
  [[nodiscard]] LibraryState state() const { return catalog_->libraries().value().front(); }

  TempDir dir_;
  FakeClock clock_;
  std::unique_ptr<Catalog> catalog_;
};

TEST_F(CatalogTest, GivesBackEveryFieldOfAPhotoAfterReopening) {
  auto news = delta();
  auto original = catalog::original("AW2cWT2PxzWixMKuuNMTHJ8CJ3sH", "IMG \xF0\x9F\x8C\x85.HEIC");
  original.resources.push_back({ResourceKind::LiveVideo, "com.apple.quicktime-movie", 5'000'000'000, "odd checksum"});
  original.resources.push_back({ResourceKind::Alternative, "x.unheard-of", 0, ""});
  auto asset = catalog::asset(kUuid, original.id.value);
  asset.captured = at(-4'000'000'000);
  asset.utc_offset = std::chrono::seconds{-25200};
  asset.favorite = asset.hidden = true;
  asset.subtype = 101;
  asset.subtype_v2 = 3;
  asset.render_type = 2050;
  asset.adjustment_type = "com.apple.photo";
  asset.burst = "B";
  asset.title = "Title";
  asset.description = std::string{"with\0nul", 8};
  asset.keywords = {"sea", "", "sun"};
  asset.resources.push_back({ResourceKind::EditedStill, "public.jpeg", 7, "AAAA"});
  news.originals = {original};
  news.assets = {asset};
  apply(news);
  reopen();
  const auto photos = photos_of(*catalog_);
  ASSERT_EQ(photos.size(), 1U);
  const auto& got = photos[0].asset;
  EXPECT_EQ(got.id, asset.id);
  EXPECT_EQ(got.original, asset.original);
  EXPECT_EQ(got.captured, asset.captured);
  EXPECT_EQ(got.added, asset.added);
  EXPECT_EQ(got.utc_offset, asset.utc_offset);
  EXPECT_EQ(got.created, asset.created);
  EXPECT_EQ(got.changed, asset.changed);
  EXPECT_TRUE(got.favorite && got.hidden && !got.deleted);
  EXPECT_EQ(got.subtype, 101);
  EXPECT_EQ(got.subtype_v2, 3);
  EXPECT_EQ(got.render_type, 2050);
  EXPECT_EQ(got.adjustment_type, asset.adjustment_type);
  EXPECT_EQ(got.burst, asset.burst);
  EXPECT_EQ(got.title, asset.title);
  EXPECT_EQ(got.description, asset.description);
  EXPECT_EQ(got.keywords, asset.keywords);
  EXPECT_EQ(got.resources, asset.resources);
  ASSERT_TRUE(photos[0].original);
  EXPECT_EQ(photos[0].original->id, original.id);
  EXPECT_EQ(photos[0].original->file_name, original.file_name);
  EXPECT_EQ(photos[0].original->type, original.type);
  EXPECT_EQ(photos[0].original->changed, original.changed);
  EXPECT_EQ(photos[0].original->resources, original.resources);
}

TEST_F(CatalogTest, AbsentDatesAndOriginalsStayAbsent) {
  auto news = delta();
  auto bare = asset("a", "");
  bare.captured = bare.added = std::nullopt;
  news.assets = {bare};
  apply(news);
  const auto photos = photos_of(*catalog_);
  ASSERT_EQ(photos.size(), 1U);
  EXPECT_FALSE(photos[0].asset.captured || photos[0].asset.added || photos[0].asset.utc_offset || photos[0].original);
  EXPECT_TRUE(photos[0].asset.original.empty());
  EXPECT_TRUE(catalog_->missing_originals(LibraryId{"L"}).value().empty());
}

TEST_F(CatalogTest, ApplyingADeltaTwiceChangesNothingTheSecondTime) {
  auto news = delta();
  news.originals = {original("m")};
  news.assets = {asset("a", "m"), asset("b", "m")};
  news.albums = {album("A")};
  news.memberships = {{AlbumId{"A"}, AssetId{"a"}, 1024}};
  news.gone = {"never heard of", "x-IN-y"};
  const auto first = apply(news);
  EXPECT_EQ(first.assets, (std::vector{AssetId{"a"}, AssetId{"b"}}));
  EXPECT_EQ(first.albums, (std::vector{AlbumId{"A"}}));
  EXPECT_TRUE(apply(news).empty());
  EXPECT_EQ(ids_of(*catalog_), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(state().known, 2);
}

TEST_F(CatalogTest, TheLatestDeliveredStateWinsWhateverItsDateSays) {
  auto news = delta();
  news.assets = {asset("a", "m")};
  apply(news);
  news.assets[0].favorite = true;
  news.assets[0].changed = at(1);
  EXPECT_EQ(apply(news).assets, (std::vector{AssetId{"a"}}));
  EXPECT_TRUE(photos_of(*catalog_)[0].asset.favorite);
}

TEST_F(CatalogTest, PhotosComeByDateAddedElseCreatedAndThenById) {
  auto news = delta();
  auto undated = asset("zz", "m");
  undated.added = std::nullopt;  // created at 20
  news.assets = {asset("c", "m", 50),    asset(kUuid, "m", 50),   asset("0", "m", 50),
                 asset("late", "m", 90), asset("early", "m", 19), undated};
  apply(news);
  EXPECT_EQ(ids_of(*catalog_), (std::vector<std::string>{"early", "zz", "0", kUuid, "c", "late"}));
}

TEST_F(CatalogTest, DeletedPhotosAreNotVisitedAndNeitherTheyNorHiddenOnesAreCounted) {
  auto news = delta();
  news.assets = {asset("a", "m"), asset("b", "m"), asset("c", "m")};
  news.assets[1].hidden = true;
  news.assets[2].deleted = true;
  apply(news);
  EXPECT_EQ(ids_of(*catalog_), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(state().known, 1);
  news.assets[2].deleted = false;
  news.assets[0].deleted = true;
  apply(news);
  EXPECT_EQ(ids_of(*catalog_), (std::vector<std::string>{"b", "c"}));
  EXPECT_EQ(state().known, 1);
}

TEST_F(CatalogTest, AnOriginalThatComesLateCompletesEveryPhotoMadeOfIt) {
  auto news = delta();
  news.assets = {asset("a", "m"), asset("b", "m"), asset("c", "other")};
  apply(news);
  EXPECT_FALSE(photos_of(*catalog_)[0].original);
  EXPECT_EQ(catalog_->missing_originals(LibraryId{"L"}).value(), (std::vector{OriginalId{"m"}, OriginalId{"other"}}));
  auto late = delta();
  late.originals = {original("m"), original("orphan")};
  EXPECT_EQ(apply(late).assets, (std::vector{AssetId{"a"}, AssetId{"b"}}));
  EXPECT_EQ(photos_of(*catalog_)[0].original->file_name, "IMG_0001.HEIC");
  EXPECT_EQ(catalog_->missing_originals(LibraryId{"L"}).value(), (std::vector{OriginalId{"other"}}));
}

TEST_F(CatalogTest, ATombstoneOfAnAssetRemovesItAndLeavesItsSibling) {
  auto news = delta();
  news.originals = {original("m")};
  news.assets = {asset(kUuid, "m"), asset("b", "m")};
  apply(news);
  auto gone = delta();
  gone.gone = {kUuid};
  EXPECT_EQ(apply(gone).assets, (std::vector{AssetId{kUuid}}));
  EXPECT_EQ(ids_of(*catalog_), (std::vector<std::string>{"b"}));
  EXPECT_TRUE(photos_of(*catalog_)[0].original);
  EXPECT_EQ(state().known, 1);
  EXPECT_TRUE(apply(gone).empty());
}

TEST_F(CatalogTest, ATombstoneOfAnOriginalIsToldToItsPhotosAndNotAskedForAgainUntilTheyHaveNews) {
  auto news = delta();
  news.originals = {original("m")};
  news.assets = {asset("a", "m")};
  apply(news);
  auto gone = delta();
  gone.gone = {"m"};
  EXPECT_EQ(apply(gone).assets, (std::vector{AssetId{"a"}}));
  EXPECT_FALSE(photos_of(*catalog_)[0].original);
  EXPECT_TRUE(catalog_->missing_originals(LibraryId{"L"}).value().empty());
  auto same = delta();
  same.assets = news.assets;
  apply(same);
  EXPECT_TRUE(catalog_->missing_originals(LibraryId{"L"}).value().empty());
  same.assets[0].favorite = true;
  apply(same);
  EXPECT_EQ(catalog_->missing_originals(LibraryId{"L"}).value(), (std::vector{OriginalId{"m"}}));
}

TEST_F(CatalogTest, ATombstoneOfAnAlbumTakesItsMembersAlong) {
  auto news = delta();
  news.albums = {album("A"), album("B")};
  news.memberships = {{AlbumId{"A"}, AssetId{"a"}, 1}, {AlbumId{"B"}, AssetId{"a"}, 1}};
  apply(news);
  auto gone = delta();
  gone.gone = {"A"};
  EXPECT_EQ(apply(gone).albums, (std::vector{AlbumId{"A"}}));
  EXPECT_EQ(catalog_->albums(LibraryId{"L"}).value().size(), 1U);
  EXPECT_TRUE(members_of(*catalog_, "A").empty());
  EXPECT_EQ(members_of(*catalog_, "B"), (std::vector<std::string>{"a"}));
}

TEST_F(CatalogTest, ATombstoneOfARelationIsReadFromItsNameWhateverItsCase) {
  auto news = delta();
  news.albums = {album(kAlbumUuid), album("odd")};
  news.memberships = {{AlbumId{kAlbumUuid}, AssetId{kUuid}, 1},
                      {AlbumId{kAlbumUuid}, AssetId{"stays"}, 2},
                      {AlbumId{"odd"}, AssetId{"X-IN-Y"}, 1}};
  apply(news);
  auto gone = delta();
  gone.gone = {"11111111-2222-4333-8444-55555555555a-in-f0000000-0000-4000-8000-000000000001"};
  EXPECT_EQ(apply(gone).albums, (std::vector{AlbumId{kAlbumUuid}}));
  EXPECT_EQ(members_of(*catalog_, kAlbumUuid), (std::vector<std::string>{"stays"}));
  gone.gone = {"X-IN-Y-IN-odd"};
  EXPECT_EQ(apply(gone).albums, (std::vector{AlbumId{"odd"}}));
  EXPECT_TRUE(members_of(*catalog_, "odd").empty());
}

TEST_F(CatalogTest, AMembershipMayArriveBeforeItsAlbumAndItsPhoto) {
  auto news = delta();
  news.memberships = {{AlbumId{"A"}, AssetId{"a"}, 2048}, {AlbumId{"A"}, AssetId{"b"}, 1024}};
  apply(news);
  EXPECT_TRUE(members_of(*catalog_, "A").empty());
  EXPECT_TRUE(catalog_->albums(LibraryId{"L"}).value().empty());
  auto later = delta();
  later.albums = {album("A")};
  apply(later);
  EXPECT_EQ(members_of(*catalog_, "A"), (std::vector<std::string>{"b", "a"}));
}

TEST_F(CatalogTest, APhotoThatLeftAnAlbumIsGoneFromItOnly) {
  auto news = delta();
  news.albums = {album("A"), album("B")};
  news.memberships = {{AlbumId{"A"}, AssetId{"a"}, 1}, {AlbumId{"B"}, AssetId{"a"}, 1}};
  apply(news);
  auto left = delta();
  left.left = {{AlbumId{"A"}, AssetId{"a"}, 0}};
  EXPECT_EQ(apply(left).albums, (std::vector{AlbumId{"A"}}));
  EXPECT_TRUE(members_of(*catalog_, "A").empty());
  EXPECT_EQ(members_of(*catalog_, "B").size(), 1U);
}

TEST_F(CatalogTest, AlbumsKeepTheirFieldsAndAreReportedWhenRenamed) {
  auto news = delta();
  Album folder = album("F", "Trips");
  folder.kind = Album::Kind::Folder;
  Album inner = album("A", "Paris");
  inner.parent = AlbumId{"F"};
  inner.position = 71680;
  inner.created = at(5);
  inner.deleted = true;
  news.albums = {folder, inner};
  apply(news);
  const auto albums = catalog_->albums(LibraryId{"L"}).value();
  ASSERT_EQ(albums.size(), 2U);
  EXPECT_EQ(albums[0].kind, Album::Kind::Folder);
  EXPECT_FALSE(albums[0].parent);
  EXPECT_EQ(albums[1].name, "Paris");
  EXPECT_EQ(albums[1].parent, AlbumId{"F"});
  EXPECT_EQ(albums[1].position, 71680);
  EXPECT_EQ(albums[1].created, at(5));
  EXPECT_TRUE(albums[1].deleted);
  news.albums[1].name = "Rome";
  EXPECT_EQ(apply(news).albums, (std::vector{AlbumId{"A"}}));
}

TEST_F(CatalogTest, TheTokenOfADeltaIsKeptAndAListPageLeavesItAlone) {
  EXPECT_EQ(state().token, SyncToken{"T0"});
  auto news = delta();
  news.next = SyncToken{"T1"};
  apply(news);
  apply(delta());
  reopen();
  EXPECT_EQ(state().token, SyncToken{"T1"});
  ASSERT_TRUE(catalog_->forget_token(LibraryId{"L"}));
  EXPECT_FALSE(state().token);
}

TEST_F(CatalogTest, FindingALibraryAgainKeepsItsTokenAndWhatIsKnown) {
  auto news = delta();
  news.assets = {asset("a", "m")};
  apply(news);
  ASSERT_TRUE(catalog_->set_listed(LibraryId{"L"}, true, 7));
  ASSERT_TRUE(catalog_->add_libraries({library("L", "T9"), library("S", "S0")}));
  const auto states = catalog_->libraries().value();
  ASSERT_EQ(states.size(), 2U);
  EXPECT_EQ(states[0].token, SyncToken{"T0"});
  EXPECT_TRUE(states[0].listed);
  EXPECT_EQ(states[0].counted, 7);
  EXPECT_EQ(states[0].known, 1);
  EXPECT_EQ(states[1].token, SyncToken{"S0"});
  EXPECT_FALSE(states[1].listed);
}

TEST_F(CatalogTest, LibrariesDoNotMixAndOneIsForgottenWhole) {
  ASSERT_TRUE(catalog_->add_libraries({library("S")}));
  for (const auto* id : {"L", "S"}) {
    auto news = delta(id);
    news.originals = {original("m", id)};
    news.assets = {asset("a", "m")};
    news.albums = {album("A")};
    news.memberships = {{AlbumId{"A"}, AssetId{"a"}, 1}};
    apply(news);
  }
  EXPECT_EQ(photos_of(*catalog_, "S")[0].original->file_name, "S");
  ASSERT_TRUE(catalog_->remove_library(LibraryId{"S"}));
  EXPECT_EQ(catalog_->libraries().value().size(), 1U);
  EXPECT_EQ(photos_of(*catalog_)[0].original->file_name, "L");
  EXPECT_EQ(members_of(*catalog_, "A").size(), 1U);
  ASSERT_TRUE(catalog_->add_libraries({library("S")}));
  EXPECT_TRUE(ids_of(*catalog_, "S").empty());
}

TEST_F(CatalogTest, ADeltaOfAnUnknownLibraryIsRefused) {
  EXPECT_EQ(catalog_->apply(delta("nobody's")).error().kind(), ErrorKind::NotFound);
}

TEST_F(CatalogTest, AFinishedReadingOfTheFeedDecidesWhatExists) {
  ASSERT_TRUE(catalog_->add_libraries({library("L")}));
  auto listed = delta();
  listed.originals = {original("M")};
  listed.assets = {asset("a", "M"), asset("b", "M")};
  listed.albums = {album("X"), album("Y")};
  listed.memberships = {{AlbumId{"X"}, AssetId{"a"}, 0}, {AlbumId{"X"}, AssetId{"b"}, 1}};
  ASSERT_TRUE(catalog_->apply(listed, Source::Lists));
  ASSERT_TRUE(catalog_->begin_reading(LibraryId{"L"}));
  EXPECT_EQ(catalog_->unread(LibraryId{"L"})->photos, 2);

  auto page = delta();
  page.assets = {asset("a", "M"), asset("c", "M")};
  page.albums = {album("X")};
  page.memberships = {{AlbumId{"X"}, AssetId{"a"}, 0}};
  page.next = SyncToken{"F1"};
  ASSERT_TRUE(catalog_->apply(page, Source::Feed));
  EXPECT_EQ(catalog_->libraries()->front().reading, SyncToken{"F1"});
  EXPECT_EQ(catalog_->libraries()->front().token, SyncToken{"T0"});
  EXPECT_EQ(catalog_->unread(LibraryId{"L"})->photos, 1);
  EXPECT_EQ(catalog_->unread(LibraryId{"L"})->albums, 1);

  const auto gone = catalog_->end_reading(LibraryId{"L"}, std::nullopt);
  ASSERT_TRUE(gone);
  EXPECT_EQ(gone->assets, (std::vector{AssetId{"b"}}));
  EXPECT_EQ(ids_of(*catalog_), (std::vector<std::string>{"a", "c"}));
  EXPECT_EQ(members_of(*catalog_, "X"), (std::vector<std::string>{"a"}));
  const auto state = catalog_->libraries()->front();
  EXPECT_TRUE(state.read_through);
  EXPECT_FALSE(state.reading);
  EXPECT_EQ(state.known, 2);
  const auto balance = catalog_->balance(LibraryId{"L"}).value();
  EXPECT_EQ(balance.listed, 1);
  EXPECT_EQ(balance.fed, 2);
}

TEST_F(CatalogTest, ATombstoneTakesThePhotoOfItsNameOrThoseMadeOfTheOriginal) {
  ASSERT_TRUE(catalog_->add_libraries({library("L"), library("other")}));
  auto listed = delta();
  listed.originals = {original("M"), original("N")};
  listed.assets = {asset("a", "M"), asset("b", "M"), asset("c", "N"), asset("trashed", "M")};
  listed.assets[1].hidden = true;
  listed.assets[3].deleted = true;
  ASSERT_TRUE(catalog_->apply(listed, Source::Lists));
  const auto taken_by = [&](const std::string& record) {
    std::set<std::string> taken;
    const auto photos = catalog_->kept_by(LibraryId{"L"}, record).value();
    for (const auto& kept : photos) taken.insert(kept.id.value);
    return taken;
  };
  EXPECT_EQ(taken_by("a"), (std::set<std::string>{"a"}));
  EXPECT_EQ(taken_by("M"), (std::set<std::string>{"a", "b"}));
  EXPECT_TRUE(taken_by("trashed").empty());
  EXPECT_TRUE(taken_by("unknown").empty());
  EXPECT_TRUE(catalog_->kept_by(LibraryId{"other"}, "a")->empty());
  EXPECT_TRUE(catalog_->kept_by(LibraryId{"L"}, "b")->front().hidden);
}

TEST_F(CatalogTest, EveryPhotoThatIsNotDeletedTellsWhoHasShownIt) {
  ASSERT_TRUE(catalog_->add_libraries({library("L")}));
  auto page = delta();
  page.assets = {asset("listed", "M"), asset("both", "M")};
  ASSERT_TRUE(catalog_->apply(page, Source::Lists));
  ASSERT_TRUE(catalog_->begin_reading(LibraryId{"L"}));
  page.assets = {asset("fed", "M"), asset("both", "M"), asset("trashed", "M")};
  page.assets[2].deleted = true;
  ASSERT_TRUE(catalog_->apply(page, Source::Feed));
  std::map<std::string, std::string> shown_by;
  ASSERT_TRUE(catalog_->each_kept(LibraryId{"L"}, [&](const Kept& kept) {
    shown_by[kept.id.value] = std::string{kept.listed ? "lists " : ""} + (kept.delivered ? "feed" : "");
  }));
  EXPECT_EQ(shown_by,
            (std::map<std::string, std::string>{{"listed", "lists "}, {"both", "lists feed"}, {"fed", "feed"}}));
}

TEST_F(CatalogTest, WhatChangesTellWhileTheFeedIsReadCountsAsDelivered) {
  ASSERT_TRUE(catalog_->add_libraries({library("L")}));
  ASSERT_TRUE(catalog_->begin_reading(LibraryId{"L"}));
  auto news = delta();
  news.assets = {asset("new", "M")};
  ASSERT_TRUE(catalog_->apply(news));
  ASSERT_TRUE(catalog_->end_reading(LibraryId{"L"}, std::nullopt));
  EXPECT_EQ(ids_of(*catalog_), (std::vector<std::string>{"new"}));
}

}  // namespace
}  // namespace icloudphotos::catalog
