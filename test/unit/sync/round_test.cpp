// SPDX-License-Identifier: MIT
#include "round.h"

#include "known.h"

namespace icloudphotos::sync {
namespace {

class RoundTest : public SyncTest {
 protected:
  RoundTest() {
    photos_.add_many(300);
    photos_.add_album(FakePhotos::album("A"), ids(0, 100));
    EXPECT_TRUE(round());
    news_.clear();
  }
  Result<void> round_with_memory(std::chrono::seconds later = std::chrono::seconds{300}) {
    const auto listener = this->listener();
    const Context context{photos_, *catalog_, options_, listener, {}, guard_};
    guard_.begin_round(now_ += later, false);
    return Round{context, memory_}.run();
  }
};

TEST_F(RoundTest, AnUnchangedLibraryCostsOneRequestAndNoNews) {
  const int before = photos_.calls.all();
  ASSERT_TRUE(round());
  EXPECT_EQ(photos_.calls.all(), before + 1);
  EXPECT_TRUE(news_.empty());
}

TEST_F(RoundTest, UnchangedLibrariesCostOneRequestTogether) {
  for (const auto* name : {"one", "another"}) {
    photos_.add_library(LibraryId{name}, Library::Kind::Shared);
    photos_.add(FakePhotos::photo(std::string{"first of "} + name), LibraryId{name});
  }
  ASSERT_TRUE(round());
  const int before = photos_.calls.all();
  ASSERT_TRUE(round());
  EXPECT_EQ(photos_.calls.all(), before + 1);
  photos_.add(FakePhotos::photo("new"), LibraryId{"another"});
  ASSERT_TRUE(round());
  EXPECT_EQ(photos_.calls.all(), before + 3);
}

TEST_F(RoundTest, AChangeThatCouldNotBeReadIsHeardOfAgain) {
  photos_.add(FakePhotos::photo("new"));
  FlakyPhotos flaky{photos_, [](int call) { return call == 2; }, ErrorKind::Protocol};
  EXPECT_FALSE(round(flaky));
  EXPECT_NE(known(), truth());
  ASSERT_TRUE(round(flaky));
  EXPECT_EQ(known(), truth());
}

TEST_F(RoundTest, WithoutNewsItLooksEverywhere) {
  photos_.add(FakePhotos::photo("new"));
  FlakyPhotos mute{photos_, [](int call) { return call == 1; }, ErrorKind::Protocol};
  EXPECT_TRUE(round(mute));
  EXPECT_EQ(known(), truth());
}

TEST_F(RoundTest, APlaceThatIsNotKnownAnyMoreIsNoReasonToStop) {
  photos_.add(FakePhotos::photo("new"));
  FlakyPhotos forgetful{photos_, [](int call) { return call == 1; }, ErrorKind::StaleToken};
  EXPECT_TRUE(round(forgetful));
  EXPECT_EQ(known(), truth());
  const int before = photos_.calls.all();
  ASSERT_TRUE(round());
  EXPECT_EQ(photos_.calls.all(), before + 1);
}

TEST_F(RoundTest, EveryKindOfChangeArrives) {
  photos_.add(FakePhotos::photo("new", 500));
  auto favorite = FakePhotos::photo("photo-7", 7);
  favorite.favorite = true;
  photos_.change(favorite);
  photos_.remove(AssetId{"photo-3"});
  photos_.add_album(FakePhotos::album("B"), ids(5, 8));
  ASSERT_TRUE(round());
  EXPECT_EQ(known(), truth());
  EXPECT_TRUE(known().photos.contains("photo-7/original of photo-7*"));
  EXPECT_EQ(known().members.at("A").size(), 99U);
  ASSERT_EQ(news_.size(), 1U);
  EXPECT_EQ(news_[0].assets, (std::vector{AssetId{"new"}, AssetId{"photo-3"}, AssetId{"photo-7"}}));
  EXPECT_EQ(news_[0].albums, (std::vector{AlbumId{"A"}, AlbumId{"B"}}));
  photos_.remove_album(AlbumId{"A"});
  ASSERT_TRUE(round());
  EXPECT_FALSE(known().members.contains("A"));
}

TEST_F(RoundTest, AnOriginalThatDidNotComeWithItsPhotoIsThereBeforeAnybodyIsTold) {
  photos_.quirks.originals_late = true;
  photos_.add(FakePhotos::photo("new"));
  auto listener = this->listener();
  listener.changed = [&](const catalog::ChangeSet&) { EXPECT_TRUE(known().photos.contains("new/original of new")); };
  ASSERT_TRUE(run_round(photos_, *catalog_, options_, listener, {}));
  EXPECT_TRUE(known().photos.contains("new/original of new"));
}

TEST_F(RoundTest, EmptyPagesBeforeTheChangesAreNoEnd) {
  photos_.quirks.empty_pages = 80;
  photos_.add(FakePhotos::photo("new"));
  ASSERT_TRUE(round());
  EXPECT_TRUE(known().photos.contains("new/original of new"));
}

TEST_F(RoundTest, ChangesWithoutEndAreAnErrorAndNotALoop) {
  photos_.quirks.endless_changes = true;
  EXPECT_EQ(round().error().kind(), ErrorKind::Protocol);
  EXPECT_LT(photos_.calls.changes, 10);
}

TEST_F(RoundTest, WhatWasAppliedBeforeAnErrorIsToldAndNotAskedForAgain) {
  for (int i = 0; i < 5; ++i) photos_.add(FakePhotos::photo("new-" + std::to_string(i)));
  FlakyPhotos flaky{photos_, [](int call) { return call == 4; }};
  EXPECT_FALSE(round(flaky));
  ASSERT_EQ(news_.size(), 1U);
  EXPECT_EQ(news_[0].assets.size(), 2U);
  ASSERT_TRUE(round());
  EXPECT_EQ(news_[1].assets.size(), 3U);
  EXPECT_EQ(known(), truth());
}

TEST_F(RoundTest, AStaleTokenHasTheLibraryReadAnewAndWhatWentMeanwhileGoesWhenTheWholeFeedWasRead) {
  photos_.remove(AssetId{"photo-3"});
  photos_.remove_album(AlbumId{"A"});
  photos_.add_album(FakePhotos::album("B"), ids(10, 20));
  photos_.add(FakePhotos::photo("new"));
  photos_.forget_tokens();
  auto listener = this->listener();
  photos_.before_window = [&](const cloud::ListQuery&, std::int64_t) {
    EXPECT_TRUE(state().listed);  // the old tree is shown until the new one is complete
    EXPECT_FALSE(state().token);
  };
  ASSERT_TRUE(run_round(photos_, *catalog_, options_, listener, {}));
  EXPECT_TRUE(known().photos.contains("new/original of new"));
  EXPECT_TRUE(known().photos.contains("photo-3/original of photo-3"));
  EXPECT_TRUE(state().token);
  ASSERT_EQ(news_.size(), 1U);
  EXPECT_EQ(news_[0].assets, (std::vector{AssetId{"new"}}));
  ASSERT_TRUE(feeds());
  EXPECT_EQ(known(), truth());
  ASSERT_EQ(news_.size(), 2U);
  EXPECT_EQ(news_[1].assets, (std::vector{AssetId{"photo-3"}}));
  EXPECT_EQ(news_[1].albums, (std::vector{AlbumId{"A"}}));
  const int before = photos_.calls.all();
  ASSERT_TRUE(round());
  EXPECT_EQ(photos_.calls.all(), before + 1);
}

TEST_F(RoundTest, ReadingAnewThatFailsIsBegunAgainAndStillSeesWhatWent) {
  photos_.remove(AssetId{"photo-3"});
  photos_.forget_tokens();
  FlakyPhotos flaky{photos_, [](int call) { return call > 6; }};
  EXPECT_FALSE(round(flaky));
  EXPECT_TRUE(state().listed);
  ASSERT_TRUE(feeds());
  EXPECT_EQ(known().photos.size(), 300U);  // not before the lists are read
  ASSERT_TRUE(round());
  ASSERT_TRUE(feeds());
  EXPECT_EQ(known(), truth());
}

TEST_F(RoundTest, HiddenPhotosSurviveAReadingAnewThoughNoListShowsThem) {
  auto hidden = FakePhotos::photo("photo-5", 5);
  hidden.hidden = true;
  photos_.change(hidden);
  ASSERT_TRUE(round());
  photos_.forget_tokens();
  ASSERT_TRUE(round());
  EXPECT_TRUE(known().photos.contains("photo-5/original of photo-5"));
  ASSERT_TRUE(feeds());
  EXPECT_TRUE(known().photos.contains("photo-5/original of photo-5"));
}

TEST_F(RoundTest, ASecondLibraryIsFoundByTheNextPollAndRead) {
  photos_.add_library(LibraryId{"shared"}, Library::Kind::Shared);
  photos_.add_many(120, "ours", LibraryId{"shared"});
  ASSERT_TRUE(round_with_memory());
  EXPECT_EQ(known_of(*catalog_, LibraryId{"shared"}).photos.size(), 120U);
  EXPECT_EQ(catalog_->libraries().value().size(), 2U);
}

TEST_F(RoundTest, ALibrarySomebodyWaitsForIsReadBeforeTheOthers) {
  for (const auto* name : {"one", "another", "third"}) {
    photos_.add_library(LibraryId{name}, Library::Kind::Shared);
    photos_.add(FakePhotos::photo(std::string{"first of "} + name), LibraryId{name});
  }
  Urgent urgent;
  urgent.want(LibraryId{"third"}, std::nullopt);
  auto listener = this->listener();
  std::vector<LibraryId> complete;
  listener.changed = [&](const catalog::ChangeSet& changes) {
    const auto states = catalog_->libraries();
    for (const auto& state : *states) {
      if (state.library.id == changes.library && state.listed) complete.push_back(changes.library);
    }
  };
  const Context context{photos_, *catalog_, options_, listener, {}, guard_, &urgent};
  ASSERT_TRUE(Round(context, memory_).run());
  ASSERT_FALSE(complete.empty());
  EXPECT_EQ(complete.front(), LibraryId{"third"});
}

TEST_F(RoundTest, ALibraryThatIsStillBeingPreparedIsSaidSoAndLookedAtAgainInEachRound) {
  photos_.quirks.preparing = true;
  memory_.look_for_libraries = true;
  for (int i = 0; i < 2; ++i) {
    const auto result = round_with_memory();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind(), ErrorKind::Incomplete);
  }
  EXPECT_FALSE(known().photos.empty());
  photos_.quirks.preparing = false;
  EXPECT_TRUE(round_with_memory());
  EXPECT_FALSE(memory_.look_for_libraries);
}

TEST_F(RoundTest, AVanishedLibraryIsForgottenOnlyWhenAPollLaterItIsStillGone) {
  photos_.add_library(LibraryId{"shared"}, Library::Kind::Shared);
  photos_.add_many(20, "ours", LibraryId{"shared"});
  memory_.look_for_libraries = true;
  ASSERT_TRUE(round_with_memory());
  photos_.remove_library(LibraryId{"shared"});
  news_.clear();
  ASSERT_TRUE(round_with_memory());
  EXPECT_EQ(guard_.held_back(), (std::vector<HeldBack>{{LibraryId{"shared"}, 20, 20, 0, true}}));
  ASSERT_TRUE(round_with_memory(std::chrono::seconds{1}));  // asked again at once, the answer is no other
  EXPECT_EQ(catalog_->libraries().value().size(), 2U);
  EXPECT_TRUE(news_.empty());
  ASSERT_TRUE(round_with_memory());
  EXPECT_EQ(catalog_->libraries().value().size(), 1U);
  ASSERT_EQ(news_.size(), 1U);
  EXPECT_EQ(news_[0].library, LibraryId{"shared"});
}

TEST_F(RoundTest, ALibraryThatComesBackInTheNextRoundIsKept) {
  photos_.add_library(LibraryId{"shared"}, Library::Kind::Shared);
  photos_.add_many(20, "ours", LibraryId{"shared"});
  memory_.look_for_libraries = true;
  ASSERT_TRUE(round_with_memory());
  const auto shared = LibraryId{"shared"};
  for (int i = 0; i < 4; ++i) {
    photos_.remove_library(shared);
    ASSERT_TRUE(round_with_memory());
    photos_.add_library(shared, Library::Kind::Shared);
    photos_.add_many(20, "ours", shared);
    ASSERT_TRUE(round_with_memory());
  }
  EXPECT_EQ(known_of(*catalog_, shared).photos.size(), 20U);
}

TEST_F(RoundTest, AVanishedLibraryIsStillThereAfterARestartAndDoubtedAnew) {
  photos_.add_library(LibraryId{"shared"}, Library::Kind::Shared);
  photos_.add_many(20, "ours", LibraryId{"shared"});
  memory_.look_for_libraries = true;
  ASSERT_TRUE(round_with_memory());
  photos_.remove_library(LibraryId{"shared"});
  for (int i = 0; i < 3; ++i) {
    restart();
    ASSERT_TRUE(round_with_memory());
    EXPECT_EQ(known_of(*catalog_, LibraryId{"shared"}).photos.size(), 20U);
    EXPECT_EQ(guard_.held_back().size(), 1U);
  }
  ASSERT_TRUE(round_with_memory());
  EXPECT_EQ(catalog_->libraries().value().size(), 1U);
  EXPECT_TRUE(guard_.held_back().empty());
}

TEST_F(RoundTest, APersonMayAcceptAtOnceThatALibraryIsGone) {
  photos_.add_library(LibraryId{"shared"}, Library::Kind::Shared);
  photos_.add_many(20, "ours", LibraryId{"shared"});
  memory_.look_for_libraries = true;
  ASSERT_TRUE(round_with_memory());
  photos_.remove_library(LibraryId{"shared"});
  ASSERT_TRUE(round_with_memory(std::chrono::seconds{0}));
  guard_.accept(guard_.held_back());
  ASSERT_TRUE(round_with_memory(std::chrono::seconds{0}));
  EXPECT_EQ(catalog_->libraries().value().size(), 1U);
  EXPECT_TRUE(guard_.held_back().empty());
}

TEST_F(RoundTest, ThePersonalLibraryIsNeverBelievedGone) {
  photos_.add_library(LibraryId{"shared"}, Library::Kind::Shared);
  photos_.remove_library(FakePhotos::personal());
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(round_with_memory());
  EXPECT_EQ(known().photos.size(), 300U);
  EXPECT_TRUE(guard_.held_back().at(0).library_vanished);
}

TEST_F(RoundTest, AnErrorOfTheListOfLibrariesRemovesNothing) {
  memory_.look_for_libraries = true;
  FlakyPhotos flaky{photos_, [](int) { return true; }, ErrorKind::NotFound};
  const auto listener = this->listener();
  const Context context{flaky, *catalog_, options_, listener, {}, guard_};
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(Round(context, memory_).run());
  EXPECT_EQ(known(), truth());
}

TEST_F(RoundTest, AnAccountWithoutALibraryIsToldSo) {
  reset();
  FakePhotos nobody;
  EXPECT_EQ(round(nobody).error().kind(), ErrorKind::NotFound);
}

TEST_F(RoundTest, StoppingEndsARoundWithoutAnError) {
  std::stop_source stop;
  stop.request_stop();
  reset();
  EXPECT_EQ(run_round(photos_, *catalog_, options_, listener(), stop.get_token()).error().kind(), ErrorKind::Cancelled);
}

}  // namespace
}  // namespace icloudphotos::sync
