// SPDX-License-Identifier: MIT
#include <random>

#include "background.h"
#include "known.h"

namespace icloudphotos::sync {
namespace {

/// A library whose lists are read, and whose feed comes in pages of twenty records.
class FeedReadingTest : public SyncTest {
 protected:
  FeedReadingTest() {
    photos_.quirks.feed_page = 20;
    photos_.add_many(130);
    photos_.add_album(FakePhotos::album("A"), ids(0, 70));
    photos_.add_album(FakePhotos::album("B"), {});
  }
  void list() {
    ASSERT_TRUE(round());
    news_.clear();
  }
  [[nodiscard]] Known all() { return known_of(photos_.contents(), photos_.quirks.originals_lost); }
  void expect_everything() {
    const auto read = feeds();
    ASSERT_TRUE(read) << read.error().message();
    EXPECT_EQ(known().photos, all().photos);
    EXPECT_EQ(known().members, all().members);
    EXPECT_TRUE(state().read_through);
  }
  Result<Background::State> slice(Background& background) {
    const auto listener = this->listener();
    const Context context{photos_, *catalog_, options_, listener, {}, guard_};
    return background.read_on(context, [] { return false; });
  }
};

TEST_F(FeedReadingTest, APhotoInNoListAppears) {
  photos_.quirks.listless = {"photo-5", "photo-77"};
  list();
  EXPECT_EQ(known().photos.size(), 129U);  // one of them is in an album
  expect_everything();
  ASSERT_EQ(news_.size(), 2U);
  EXPECT_EQ(news_[0].assets, (std::vector{AssetId{"photo-77"}}));
  EXPECT_TRUE(news_[1].empty()) << "it was read to its end";
}

TEST_F(FeedReadingTest, APhotoTheFeedDoesNotKnowVanishesWithItsMemberships) {
  list();
  photos_.quirks.unfed = {"photo-5", "photo-5-IN-A"};
  ASSERT_TRUE(feeds());
  EXPECT_EQ(known().photos.size(), 129U);
  EXPECT_FALSE(known().photos.contains("photo-5/original of photo-5"));
  EXPECT_EQ(known().members.at("A").size(), 69U);
  ASSERT_EQ(news_.size(), 1U);
  EXPECT_EQ(news_[0].assets, (std::vector{AssetId{"photo-5"}}));
  EXPECT_EQ(news_[0].albums, (std::vector{AlbumId{"A"}}));
}

TEST_F(FeedReadingTest, AnAlbumTheFeedDoesNotKnowVanishes) {
  for (int i = 0; i < 5; ++i) photos_.add_album(FakePhotos::album("more-" + std::to_string(i)), {});
  list();
  photos_.quirks.unfed = {"B"};
  ASSERT_TRUE(feeds());
  EXPECT_FALSE(known().members.contains("B"));
  EXPECT_EQ(known().members.size(), 6U);
}

TEST_F(FeedReadingTest, HappensOnceForALibraryAndNeverAgain) {
  list();
  ASSERT_TRUE(feeds());
  const int before = photos_.calls.all();
  ASSERT_TRUE(feeds());
  restart();
  ASSERT_TRUE(feeds());
  EXPECT_EQ(photos_.calls.all(), before);
  ASSERT_TRUE(round());
  EXPECT_EQ(photos_.calls.all(), before + 1);
}

TEST_F(FeedReadingTest, DoesNotBeginBeforeTheListsAreRead) {
  FlakyPhotos flaky{photos_, [](int call) { return call > 4; }};
  EXPECT_FALSE(round(flaky));
  const int before = photos_.calls.all();
  ASSERT_TRUE(feeds());
  EXPECT_EQ(photos_.calls.all(), before);
  EXPECT_FALSE(state().read_through);
}

TEST_F(FeedReadingTest, LeavesTheChangesWhereTheyAre) {
  list();
  const auto token = state().token;
  photos_.add(FakePhotos::photo("new"));
  ASSERT_TRUE(feeds());
  EXPECT_EQ(state().token, token);
  EXPECT_TRUE(known().photos.contains("new/original of new"));
}

TEST_F(FeedReadingTest, AKilledProgramGoesOnWhereItWas) {
  list();
  const int before = photos_.calls.changes;
  Background first;
  ASSERT_TRUE(slice(first));
  EXPECT_FALSE(state().read_through);
  EXPECT_TRUE(state().reading);
  restart();
  expect_everything();
  EXPECT_EQ(photos_.calls.changes - before, 17);  // 332 records in pages of 20: none was asked for twice
}

TEST_F(FeedReadingTest, MastersThatComeLastOrNeverLeaveTheirPhotosThere) {
  photos_.quirks.originals_late = true;
  photos_.quirks.originals_last = true;
  photos_.quirks.originals_lost = {"original of photo-9"};
  list();
  expect_everything();
  EXPECT_TRUE(known().photos.contains("photo-9/?"));
  const int before = photos_.calls.originals;
  ASSERT_TRUE(round());
  EXPECT_EQ(photos_.calls.originals, before);
}

TEST_F(FeedReadingTest, MastersWithoutPhotosAndPhotosWithoutMastersHarmNobody) {
  photos_.add_orphan("an orphan");
  auto masterless = FakePhotos::photo("masterless");
  masterless.original = OriginalId{};
  photos_.add(masterless);
  list();
  expect_everything();
  EXPECT_TRUE(known().photos.contains("masterless/?"));
}

TEST_F(FeedReadingTest, SiblingsOfOneMasterAreAllThere) {
  auto sibling = FakePhotos::photo("sibling");
  sibling.original = OriginalId{"original of photo-3"};
  photos_.quirks.listless = {"sibling"};
  photos_.add(sibling);
  list();
  expect_everything();
  EXPECT_TRUE(known().photos.contains("sibling/original of photo-3"));
  EXPECT_TRUE(known().photos.contains("photo-3/original of photo-3"));
}

TEST_F(FeedReadingTest, HiddenPhotosThatNoListShowsAppear) {
  auto hidden = FakePhotos::photo("hidden");
  hidden.hidden = true;
  photos_.add(hidden);
  list();
  EXPECT_FALSE(known().photos.contains("hidden/original of hidden"));
  expect_everything();
  EXPECT_TRUE(known().photos.contains("hidden/original of hidden"));
}

TEST_F(FeedReadingTest, TombstonesOfUnknownRecordsAndAgainAndAgainAreNormal) {
  photos_.remove(AssetId{"photo-3"});
  photos_.quirks.redelivered = {"photo-3", "a face", "photo-3-IN-A", "x-IN-y"};
  list();
  expect_everything();
  for (const auto& end_of_the_feed : news_) EXPECT_TRUE(end_of_the_feed.empty());
}

TEST_F(FeedReadingTest, SeventyEmptyPagesBeforeEachOtherAreNoEnd) {
  photos_.quirks.feed_page = 100;
  photos_.quirks.empty_pages = 70;
  photos_.quirks.listless = {"photo-77"};
  list();
  expect_everything();
}

TEST_F(FeedReadingTest, WhatChangesMeanwhileIsThereInItsLatestState) {
  list();
  Background background;
  ASSERT_TRUE(slice(background));
  photos_.remove(AssetId{"photo-2"});    // passed
  photos_.remove(AssetId{"photo-129"});  // not yet passed
  auto favorite = FakePhotos::photo("photo-4", 4);
  favorite.favorite = true;
  photos_.change(favorite);
  ASSERT_TRUE(round());  // the poll between two slices
  photos_.add(FakePhotos::photo("new"));
  expect_everything();
  ASSERT_TRUE(round());
  EXPECT_EQ(known(), all());
}

TEST_F(FeedReadingTest, ATokenRefusedInTheMiddleHasItBeginAnewAndNothingVanishes) {
  photos_.quirks.listless = {"photo-77"};
  list();
  Background background;
  ASSERT_TRUE(slice(background));
  photos_.forget_tokens();
  photos_.before_changes = [&](const LibraryId&, const std::optional<SyncToken>&) {
    EXPECT_GE(known().photos.size(), 129U);
  };
  expect_everything();
  EXPECT_EQ(known().photos.size(), 130U);
}

TEST_F(FeedReadingTest, TokensThatAreAlwaysRefusedAreAnErrorAndNotALoop) {
  list();
  photos_.before_changes = [&](const LibraryId&, const std::optional<SyncToken>& since) {
    if (since) photos_.forget_tokens();
  };
  EXPECT_FALSE(feeds());
  EXPECT_LT(photos_.calls.changes, 20);
  EXPECT_EQ(known(), all());
  EXPECT_FALSE(state().read_through);
}

TEST_F(FeedReadingTest, WhateverCallFailsNothingVanishesAndTheNextTriesEndWithEverything) {
  photos_.quirks.listless = {"photo-77", "photo-3"};
  photos_.quirks.originals_late = true;
  photos_.quirks.originals_last = true;
  for (int nth = 0; nth < 12; ++nth) {
    reset();
    list();
    const auto before = known().photos.size();
    FlakyPhotos flaky{photos_, [&](int call) { return call % 12 == nth; }};
    int tries = 0;
    while (!feeds(flaky) && tries++ < 10) EXPECT_GE(known().photos.size(), before);
    EXPECT_LT(tries, 10) << nth;
    EXPECT_EQ(known(), all()) << nth;
    if (nth % 2 == 0) restart();
  }
}

TEST_F(FeedReadingTest, AFeedThatBreaksOffOnceEmptiesNothing) {
  photos_.add_many(200, "more");
  list();
  photos_.quirks.feed_breaks_off_after = 100;
  int beginnings = 0;
  photos_.before_changes = [&](const LibraryId&, const std::optional<SyncToken>& since) {
    if (!since && ++beginnings == 2) photos_.quirks.feed_breaks_off_after = 0;
  };
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(next_round());
    EXPECT_EQ(known().photos.size(), 330U);
    EXPECT_EQ(guard_.held_back().size(), 1U);
  }
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(next_round());  // the lists said otherwise: now it is read again
  EXPECT_EQ(beginnings, 2);
  EXPECT_TRUE(guard_.held_back().empty());
  expect_everything();
}

TEST_F(FeedReadingTest, ThatManyPhotosAreGoneIsBelievedWhenTheListsAgree) {
  photos_.add_many(200, "more");
  list();
  for (int i = 0; i < 200; ++i) photos_.quirks.unfed.insert("more-" + std::to_string(i));
  ASSERT_TRUE(next_round());
  EXPECT_EQ(known().photos.size(), 330U);
  EXPECT_FALSE(state().read_through);
  photos_.unlist(ids(0, 200, "more"));
  ASSERT_TRUE(next_round());
  EXPECT_EQ(known().photos.size(), 130U);
  EXPECT_TRUE(state().read_through);
}

TEST_F(FeedReadingTest, ASecondReadingOfTheSameFeedIsNoWitness) {
  photos_.add_many(200, "more");
  list();
  for (int i = 0; i < 200; ++i) photos_.quirks.unfed.insert("more-" + std::to_string(i));
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(next_round());
    EXPECT_EQ(known().photos.size(), 330U);
  }
  EXPECT_EQ(guard_.held_back(), (std::vector<HeldBack>{{FakePhotos::personal(), 200, 330, 0, false}}));
  EXPECT_FALSE(state().read_through);
}

TEST_F(FeedReadingTest, PhotosTrashedWhileOurPlaceWasForgottenAreHeldBackInTheFeedToo) {
  photos_.add_many(200, "more");
  list();
  ASSERT_TRUE(next_round());
  for (int i = 0; i < 200; ++i) {
    auto asset = FakePhotos::photo("more-" + std::to_string(i), i);
    asset.deleted = true;
    photos_.change(asset);
  }
  photos_.forget_tokens();
  ASSERT_TRUE(next_round());
  EXPECT_EQ(known().photos.size(), 330U);
  EXPECT_EQ(guard_.held_back().at(0).photos, 200);
  restart();
  ASSERT_TRUE(next_round());
  EXPECT_EQ(known().photos.size(), 330U);
  ASSERT_TRUE(next_round());
  EXPECT_EQ(known().photos.size(), 130U);
  EXPECT_TRUE(guard_.held_back().empty());
  EXPECT_EQ(known(), all());
}

TEST_F(FeedReadingTest, ALibraryThatCannotBeReadDoesNotKeepTheOthersFromIt) {
  const LibraryId shared{"shared"};
  photos_.add_library(shared, Library::Kind::Shared);
  photos_.add_many(30, "ours", shared);
  list();
  photos_.quirks.listless = {"hers"};
  photos_.add(FakePhotos::photo("hers"), shared);
  struct NoPersonal : FlakyPhotos {
    using FlakyPhotos::FlakyPhotos;
    Result<Delta> changes(const LibraryId& library, const std::optional<SyncToken>& token,
                          std::stop_token stop) override {
      if (library == FakePhotos::personal()) return Error{ErrorKind::Protocol, "broken"};
      return FlakyPhotos::changes(library, token, std::move(stop));
    }
  };
  NoPersonal broken{photos_, [](int) { return false; }};
  EXPECT_EQ(feeds(broken).error().kind(), ErrorKind::Protocol);
  EXPECT_TRUE(known_of(*catalog_, shared).photos.contains("hers/original of hers"));
  EXPECT_FALSE(state(0).read_through);
  EXPECT_TRUE(state(1).read_through);
}

TEST_F(FeedReadingTest, SaysHowManyRecordsItHasRead) {
  list();
  std::vector<std::int64_t> said;
  auto listener = this->listener();
  listener.reading = [&](const LibraryId&, std::int64_t records) { said.push_back(records); };
  ASSERT_TRUE(read_feeds(photos_, *catalog_, options_, listener, {}));
  EXPECT_EQ(said, (std::vector<std::int64_t>{200, 332}));
}

TEST_F(FeedReadingTest, CountsAreThoseOfItsEnd) {
  list();
  EXPECT_EQ(state().counted, 130);
  photos_.add(FakePhotos::photo("new"));
  photos_.add_album(FakePhotos::album("C"), ids(0, 3));
  ASSERT_TRUE(feeds());
  EXPECT_EQ(state().counted, 131);
  const auto balance = catalog_->balance(FakePhotos::personal()).value();
  EXPECT_EQ(balance.fed, 131);
  const auto albums = catalog_->album_balances(FakePhotos::personal()).value();
  EXPECT_EQ(albums.size(), 3U);
  for (const auto& album : albums) {
    EXPECT_EQ(album.photos.counted, album.photos.fed) << album.album.id.value;
  }
}

TEST_F(FeedReadingTest, EndsWhenAskedToStop) {
  list();
  std::stop_source stop;
  photos_.before_changes = [&](const LibraryId&, const std::optional<SyncToken>&) { stop.request_stop(); };
  const auto read = read_feeds(photos_, *catalog_, options_, listener(), stop.get_token());
  EXPECT_EQ(read.error().kind(), ErrorKind::Cancelled);
  EXPECT_EQ(known(), all());
}

/// Things that happen to a library and to whoever reads it, in an order made up from a seed.
class Fate {
 public:
  Fate(unsigned seed, FakePhotos& photos) : random_{seed}, photos_{photos}, made_{static_cast<int>(1000 * seed)} {}

  int below(int end) { return std::uniform_int_distribution<int>{0, end - 1}(random_); }
  void change_something() {
    const auto asset = FakePhotos::photo("photo-" + std::to_string(below(130)), below(1000));
    switch (below(5)) {
      case 0:
        ++made_;
        return photos_.add(FakePhotos::photo("new-" + std::to_string(made_), made_));
      case 1:
        return photos_.remove(asset.id);
      case 2:
        return photos_.add_album(FakePhotos::album("album-" + std::to_string(++made_)), some_of(photos_.contents()));
      case 3:
        return photos_.remove_album(AlbumId{"album-" + std::to_string(made_ - below(5))});
      default:
        return favor(asset.id);
    }
  }

 private:
  void favor(const AssetId& id) {
    for (auto asset : photos_.contents().assets) {
      if (asset.id != id) continue;
      asset.favorite = !asset.favorite;
      photos_.change(asset);
    }
  }
  std::vector<AssetId> some_of(const Delta& contents) {
    std::vector<AssetId> some;
    for (const auto& asset : contents.assets) {
      if (below(10) == 0) some.push_back(asset.id);
    }
    return some;
  }

  std::mt19937 random_;
  FakePhotos& photos_;
  int made_;
};

TEST_F(FeedReadingTest, WhateverHappensMeanwhileItEndsWithEverythingThereIs) {
  photos_.quirks.originals_last = true;
  photos_.quirks.empty_pages = 1;
  photos_.quirks.listless = {"photo-7", "photo-77", "new-1003", "new-2008"};
  for (unsigned seed = 1; seed <= 12; ++seed) {
    reset();
    Fate fate{seed, photos_};
    auto background = std::make_unique<Background>();
    FlakyPhotos flaky{photos_, [&](int) { return fate.below(15) == 0; }};
    const auto listener = this->listener();
    options_.requests_in_flight = 1;
    const Context context{flaky, *catalog_, options_, listener, {}, guard_};
    for (int i = 0; i < 60; ++i) {
      const int what = fate.below(20);
      if (what < 8) fate.change_something();
      if (what >= 8 && what < 11) (void)round(flaky);
      if (what >= 11 && what < 18) (void)background->read_on(context, [&] { return fate.below(4) == 0; });
      if (what == 18) photos_.forget_tokens();
      if (what == 19) background = std::make_unique<Background>();  // as if the program were started again
    }
    ASSERT_TRUE(round());
    expect_everything();
    EXPECT_EQ(state().known, static_cast<std::int64_t>(all().photos.size()));
    const auto albums = catalog_->album_balances(FakePhotos::personal()).value();
    EXPECT_EQ(albums.size(), all().members.size());
    for (const auto& album : albums) {
      EXPECT_EQ(album.photos.fed, static_cast<std::int64_t>(all().members.at(album.album.id.value).size())) << seed;
    }
  }
}

}  // namespace
}  // namespace icloudphotos::sync
