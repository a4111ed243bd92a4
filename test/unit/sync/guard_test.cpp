// SPDX-License-Identifier: MIT
#include <random>

#include "known.h"

namespace icloudphotos::sync {
namespace {

/// A library of so many photos, wholly known; all of it goes through the rounds of one program.
class GuardTest : public SyncTest {
 protected:
  void know(int photos) {
    photos_.add_many(photos);
    photos_.add_album(FakePhotos::album("A"), ids(0, photos / 2));
    ASSERT_TRUE(next_round());
    ASSERT_TRUE(state().read_through);
    news_.clear();
  }
  void remove(int begin, int end) {
    for (const auto& id : ids(begin, end)) photos_.remove(id);
  }
  void trash(int begin, int end) {
    change(begin, end, [](Asset& asset) { asset.deleted = true; });
  }
  void hide(int begin, int end) {
    change(begin, end, [](Asset& asset) { asset.hidden = true; });
  }
  void change(int begin, int end, const std::function<void(Asset&)>& how) {
    const auto there = photos_.contents().assets;
    for (int i = begin; i < end; ++i) {
      auto asset = FakePhotos::photo("photo-" + std::to_string(i), i);
      if (std::none_of(there.begin(), there.end(), [&](const Asset& known) { return known.id == asset.id; })) continue;
      how(asset);
      photos_.change(asset);
    }
  }
  /// The feed says that these are gone; the lists and the counter know nothing of it.
  void claim_gone(int begin, int end) {
    for (int i = begin; i < end; ++i) false_tombstones_.push_back("photo-" + std::to_string(i));
  }
  /// The far side with what the feed claims.
  class Lying : public FlakyPhotos {
   public:
    Lying(cloud::Photos& inner, const std::vector<std::string>& gone)
        : FlakyPhotos{inner, [](int) { return false; }}, gone_{gone} {}
    Result<cloud::News> news(const std::optional<SyncToken>& place, std::stop_token stop) override {
      auto news = TRY(FlakyPhotos::news(place, std::move(stop)));
      if (!gone_.empty()) news.libraries.push_back({FakePhotos::personal(), Library::Kind::Personal, std::nullopt});
      return news;
    }
    Result<Delta> changes(const LibraryId& library, const std::optional<SyncToken>& token,
                          std::stop_token stop) override {
      auto page = TRY(FlakyPhotos::changes(library, token, std::move(stop)));
      page.gone.insert(page.gone.end(), gone_.begin(), gone_.end());
      return page;
    }

   private:
    const std::vector<std::string>& gone_;
  };
  void expect_held(std::int64_t photos, std::int64_t known) {
    EXPECT_EQ(guard_.held_back(), (std::vector<HeldBack>{{FakePhotos::personal(), photos, known, 0, false}}));
  }
  [[nodiscard]] std::size_t shown() const { return static_cast<std::size_t>(state().known); }

  std::vector<std::string> false_tombstones_;
  Lying lying_{photos_, false_tombstones_};
};

TEST_F(GuardTest, AHundredDeletionsPassAtOnceHoweverSmallTheLibrary) {
  know(100);
  remove(0, 99);
  ASSERT_TRUE(next_round());
  EXPECT_EQ(shown(), 1U);
  EXPECT_TRUE(guard_.held_back().empty());
  EXPECT_EQ(known(), truth());
}

TEST_F(GuardTest, AFifthOfALargeLibraryPassesAndOneMoreIsHeldBack) {
  know(1000);
  remove(0, 200);
  ASSERT_TRUE(next_round());
  EXPECT_EQ(shown(), 800U);
  remove(200, 361);
  const auto token = state().token;
  const auto before = known();
  news_.clear();
  ASSERT_TRUE(next_round());
  EXPECT_EQ(known(), before);
  EXPECT_EQ(state().token, token);
  EXPECT_TRUE(news_.empty());
  expect_held(161, 800);
}

TEST_F(GuardTest, TheListsOfALaterRoundReleaseWhatTheyAgreeTo) {
  know(300);
  remove(0, 150);
  ASSERT_TRUE(next_round());
  expect_held(150, 300);
  const int walked = photos_.calls.windows;
  ASSERT_TRUE(next_round());
  EXPECT_GT(photos_.calls.windows, walked);
  EXPECT_TRUE(guard_.held_back().empty());
  EXPECT_EQ(known(), truth());
  ASSERT_EQ(news_.size(), 1U);
  EXPECT_EQ(news_[0].assets.size(), 150U);
  const int before = photos_.calls.all();
  ASSERT_TRUE(next_round());
  EXPECT_EQ(photos_.calls.all(), before + 1);
}

TEST_F(GuardTest, TheSameAnswerAgainIsNoSecondWitness) {
  know(300);
  claim_gone(0, 150);
  const auto before = known();
  const auto token = state().token;
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(next_round(lying_));
    EXPECT_EQ(known(), before);
    expect_held(150, 300);
  }
  EXPECT_EQ(state().token, token);
  // That nothing was walked is the counter's doing, which one request asks.
  EXPECT_LE(photos_.calls.counts, 20);
}

TEST_F(GuardTest, AListThatShowsOneOfTheLostRefutesThemAll) {
  know(300);
  claim_gone(0, 150);
  photos_.unlist(ids(1, 150));
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(next_round(lying_));
  EXPECT_EQ(shown(), 300U);
  photos_.unlist(ids(0, 1));
  ASSERT_TRUE(next_round(lying_, true));
  EXPECT_EQ(shown(), 150U);
}

TEST_F(GuardTest, AListThatBreaksOffIsNoWitness) {
  know(300);
  claim_gone(0, 150);
  photos_.quirks.no_counts = true;
  photos_.unlist(ids(0, 200));
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(next_round(lying_, true));
  EXPECT_EQ(shown(), 300U);
}

TEST_F(GuardTest, WithoutACounterTheListAloneDecides) {
  know(300);
  photos_.quirks.no_counts = true;
  remove(0, 150);
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(next_round());
  EXPECT_EQ(known(), truth());
}

TEST_F(GuardTest, ThatAWholeLibraryIsGoneTakesACounterThatSaysSo) {
  know(300);
  photos_.quirks.no_counts = true;
  remove(0, 300);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(next_round(photos_, true));
  EXPECT_EQ(shown(), 300U);
  photos_.quirks.no_counts = false;
  ASSERT_TRUE(next_round(photos_, true));
  EXPECT_EQ(shown(), 0U);
}

TEST_F(GuardTest, PhotosMovedToTheTrashOrHiddenByAPersonAreDeletionsToo) {
  know(300);
  trash(0, 80);
  hide(80, 150);
  const auto before = known();
  ASSERT_TRUE(next_round());
  EXPECT_EQ(known(), before);
  EXPECT_EQ(shown(), 300U);
  expect_held(150, 300);
  ASSERT_TRUE(next_round());
  EXPECT_EQ(shown(), 150U);
  EXPECT_EQ(known(), truth());
}

TEST_F(GuardTest, EmptyingTheTrashIsNoDeletion) {
  know(300);
  for (int i = 0; i < 3; ++i) {
    trash(50 * i, 50 * (i + 1));
    ASSERT_TRUE(next_round());
  }
  EXPECT_EQ(shown(), 150U);
  remove(0, 150);
  ASSERT_TRUE(next_round());
  EXPECT_TRUE(guard_.held_back().empty());
  EXPECT_EQ(known(), truth());
}

TEST_F(GuardTest, HiddenPhotosThatAreDeletedGoInTheSecondRoundThoughNoListKnewThem) {
  know(300);
  for (int i = 0; i < 3; ++i) {
    hide(50 * i, 50 * (i + 1));
    ASSERT_TRUE(next_round());
  }
  remove(0, 150);
  ASSERT_TRUE(next_round());
  expect_held(150, 150);
  ASSERT_TRUE(next_round());
  EXPECT_TRUE(guard_.held_back().empty());
  EXPECT_EQ(known(), truth());
}

TEST_F(GuardTest, AHundredAndOneTombstonesOfOriginalsAreHeldBackAsWell) {
  know(300);
  for (int i = 0; i < 101; ++i) false_tombstones_.push_back("original of photo-" + std::to_string(i));
  const auto before = known();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(next_round(lying_));
  EXPECT_EQ(known(), before);
  expect_held(101, 300);
}

TEST_F(GuardTest, WhatIsNewArrivesThoughDeletionsAreHeldBack) {
  know(300);
  remove(0, 150);
  photos_.add(FakePhotos::photo("new", 1000));
  ASSERT_TRUE(next_round());
  EXPECT_TRUE(known().photos.contains("new/original of new"));
  EXPECT_EQ(shown(), 301U);
  photos_.add(FakePhotos::photo("newer", 1001));
  ASSERT_TRUE(next_round());
  EXPECT_EQ(known(), truth());
}

TEST_F(GuardTest, PagesOfOneDeltaCountTogether) {
  know(300);
  remove(0, 60);  // each deletion is a page of its own
  photos_.quirks.empty_pages = 3;
  trash(60, 101);
  ASSERT_TRUE(next_round());
  EXPECT_EQ(shown(), 300U);
  expect_held(101, 300);
}

TEST_F(GuardTest, WhatComesBackOnALaterPageWasNeverGone) {
  know(300);
  trash(0, 150);
  change(0, 60, [](Asset&) {});
  ASSERT_TRUE(next_round());
  EXPECT_TRUE(guard_.held_back().empty());
  EXPECT_EQ(shown(), 210U);
  EXPECT_EQ(known(), truth());
}

TEST_F(GuardTest, WhatIsRestoredWhileItIsHeldBackStays) {
  know(300);
  trash(0, 150);
  ASSERT_TRUE(next_round());
  expect_held(150, 300);
  change(0, 150, [](Asset&) {});
  ASSERT_TRUE(next_round());
  EXPECT_TRUE(guard_.held_back().empty());
  EXPECT_EQ(shown(), 300U);
  EXPECT_EQ(known(), truth());
}

TEST_F(GuardTest, ARestartShowsEverythingAndHoldsBackAgain) {
  know(300);
  claim_gone(0, 150);
  const auto before = known();
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(next_round(lying_));
    restart();
    EXPECT_TRUE(guard_.held_back().empty());
    EXPECT_EQ(known(), before);
  }
  ASSERT_TRUE(next_round(lying_));
  expect_held(150, 300);
}

TEST_F(GuardTest, APersonWhoAcceptsHasItApplied) {
  know(300);
  claim_gone(0, 150);
  ASSERT_TRUE(next_round(lying_));
  guard_.accept(guard_.held_back());
  ASSERT_TRUE(next_round(lying_));
  EXPECT_EQ(shown(), 150U);
  EXPECT_TRUE(guard_.held_back().empty());
}

TEST_F(GuardTest, APersonAcceptsWhatWasToldAndNotWhatCameSince) {
  know(600);
  claim_gone(0, 150);
  ASSERT_TRUE(next_round(lying_));
  const auto told = guard_.held_back();
  claim_gone(150, 400);
  guard_.accept(told);
  ASSERT_TRUE(next_round(lying_));
  EXPECT_EQ(shown(), 600U);
  expect_held(400, 600);
}

TEST_F(GuardTest, AFailureToAskTheListsHoldsBackAndIsARoundThatFailed) {
  know(300);
  remove(0, 150);
  ASSERT_TRUE(next_round());
  FlakyPhotos flaky{photos_, [](int call) { return call > 152; }};
  EXPECT_FALSE(next_round(flaky));
  EXPECT_EQ(shown(), 300U);
  expect_held(150, 300);
  ASSERT_TRUE(next_round());
  EXPECT_EQ(known(), truth());
}

TEST_F(GuardTest, ListsThatSayOtherwiseAreWalkedLessAndLessOften) {
  know(300);
  claim_gone(0, 150);
  photos_.quirks.no_counts = true;
  ASSERT_TRUE(next_round(lying_));
  const int before = photos_.calls.windows;
  ASSERT_TRUE(next_round(lying_));
  const int a_walk = photos_.calls.windows - before;
  ASSERT_GT(a_walk, 0);
  for (int i = 0; i < 30; ++i) ASSERT_TRUE(next_round(lying_));
  EXPECT_GE(photos_.calls.windows - before, 4 * a_walk);  // five; how many windows each takes is a matter of threads
  EXPECT_LE(photos_.calls.windows - before, 7 * a_walk);
  const int now = photos_.calls.windows;
  ASSERT_TRUE(next_round(lying_, true));  // but at once when somebody asks
  EXPECT_GT(photos_.calls.windows, now);
}

TEST_F(GuardTest, DeletionsWhileALibraryIsReadAnewAreHeldBackInTheNextRound) {
  know(300);
  photos_.forget_tokens();
  bool once = false;
  photos_.before_window = [&](const cloud::ListQuery&, std::int64_t) {
    if (!std::exchange(once, true)) remove(0, 150);
  };
  options_.requests_in_flight = 1;
  ASSERT_TRUE(next_round());
  EXPECT_EQ(shown(), 300U);
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(next_round());
  EXPECT_TRUE(guard_.held_back().empty());
  EXPECT_EQ(known().photos, truth().photos);
}

TEST_F(GuardTest, WhateverGoesAndComesBackItEndsWithWhatThereIs) {
  know(300);
  for (unsigned seed = 1; seed <= 6; ++seed) {
    std::minstd_rand random{seed};
    const auto below = [&](int end) { return std::uniform_int_distribution<int>{0, end - 1}(random); };
    // Asked on several threads at once.
    FlakyPhotos flaky{
        photos_, [seed](int call) { return (static_cast<unsigned>(call) * 2654435761U + seed * 40503U) % 101 == 0; }};
    std::string doing;
    for (int i = 0; i < 15; ++i) {
      const int from = below(300);
      const int to = std::min(300, from + below(200));
      const int what = below(8);
      doing += " " + std::to_string(what) + ":" + std::to_string(from) + "-" + std::to_string(to);
      switch (what) {
        case 0:
          trash(from, to);
          break;
        case 1:
          hide(from, to);
          break;
        case 2:
          remove(from, std::min(to, from + 50));
          break;
        case 3:
          change(from, to, [](Asset&) {});
          break;
        case 4:
          photos_.forget_tokens();
          break;
        case 5:
          restart();
          break;
        default:
          (void)next_round(flaky);
      }
      if (below(3) == 0) photos_.add(FakePhotos::photo("new-" + std::to_string(100 * seed + static_cast<unsigned>(i))));
    }
    int rounds = 0;
    do {
      ASSERT_TRUE(next_round(photos_, true));
    } while (!guard_.held_back().empty() && ++rounds < 10);
    EXPECT_TRUE(state().read_through) << seed;
    EXPECT_EQ(known(), known_of(photos_.contents())) << seed << doing;
    for (const auto& id : ids(0, 300)) photos_.remove(id);
    photos_.add_many(300);
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(next_round(photos_, true));
  }
}

}  // namespace
}  // namespace icloudphotos::sync
