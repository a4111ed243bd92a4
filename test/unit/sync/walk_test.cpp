// SPDX-License-Identifier: MIT
#include "known.h"

namespace icloudphotos::sync {
namespace {

class WalkTest : public SyncTest {
 protected:
  /// 330 photos, and an album of each size that pages may break.
  void fill() {
    photos_.add_many(670);
    for (const int size : {0, 1, 65, 66, 67, 132, 200, 201, 660}) {
      photos_.add_album(FakePhotos::album("album of " + std::to_string(size)), ids(0, size));
    }
  }
  void expect_the_truth() {
    const auto result = round();
    ASSERT_TRUE(result) << result.error().message();
    EXPECT_TRUE(state().listed);
    EXPECT_EQ(known(), truth());
  }
};

TEST_F(WalkTest, ReadsAlbumsOfEverySize) {
  fill();
  ASSERT_TRUE(round());
  const auto known = this->known();
  EXPECT_EQ(known.photos.size(), 670U);
  for (const int size : {0, 1, 65, 66, 67, 132, 200, 201, 660}) {
    EXPECT_EQ(known.members.at("album of " + std::to_string(size)).size(), static_cast<std::size_t>(size));
  }
  EXPECT_EQ(state().known, 670);
  EXPECT_EQ(state().counted, 670);
}

TEST_F(WalkTest, ShortWindowsEmptyWindowsAndRepeatedPhotosLoseNothing) {
  fill();
  photos_.quirks.short_every = 3;
  expect_the_truth();
  reset();
  photos_.quirks = {};
  photos_.quirks.empty_once = {0, 66, 99, 132, 198};
  expect_the_truth();
  reset();
  photos_.quirks = {};
  photos_.quirks.repeated = 5;
  expect_the_truth();
}

TEST_F(WalkTest, CountsThatLieLoseNothing) {
  fill();
  for (const int error : {-1000, -66, -1, 1, 66, 1000, 1'000'000'000}) {
    reset();
    photos_.quirks.count_error = error;
    expect_the_truth();
  }
  reset();
  photos_.quirks = {};
  photos_.quirks.no_counts = true;
  expect_the_truth();
}

TEST_F(WalkTest, AFarSideThatIgnoresRanksDoesNotKeepUsForEver) {
  fill();
  photos_.quirks.ignores_rank = true;
  ASSERT_TRUE(round());
  EXPECT_LT(photos_.calls.windows, 300);
}

TEST_F(WalkTest, SiblingsOfOneOriginalAreAllThere) {
  photos_.add_many(150);
  for (int i = 0; i < 60; ++i) {
    auto sibling = FakePhotos::photo("sibling-" + std::to_string(i));
    sibling.original = OriginalId{"original of photo-" + std::to_string(i)};
    photos_.add(sibling);
  }
  ASSERT_TRUE(round());
  EXPECT_EQ(known().photos.size(), 210U);
  EXPECT_TRUE(known().photos.contains("sibling-7/original of photo-7"));
}

TEST_F(WalkTest, OriginalsThatComeWithNoWindowAreFetched) {
  fill();
  photos_.quirks.originals_late = true;
  expect_the_truth();
  EXPECT_GE(photos_.calls.originals, 4);  // 200 at a time
}

TEST_F(WalkTest, AnOriginalThatNobodyHasIsAskedForOnce) {
  photos_.add_many(3);
  photos_.quirks.originals_lost = {"original of photo-1"};
  ASSERT_TRUE(round());
  EXPECT_TRUE(known().photos.contains("photo-1/?"));
  EXPECT_TRUE(state().listed);
  const int before = photos_.calls.originals;
  ASSERT_TRUE(round());
  EXPECT_EQ(photos_.calls.originals, before);
}

TEST_F(WalkTest, ALibraryWithoutAlbumsIsRead) {
  photos_.add_many(250);
  photos_.quirks.albums_rejected = true;
  expect_the_truth();
}

TEST_F(WalkTest, ALibraryWithoutAListIsReadFromItsChanges) {
  fill();
  photos_.quirks.library_list_rejected = true;
  expect_the_truth();
  EXPECT_EQ(state().known, 670);
}

TEST_F(WalkTest, PhotosAddedDuringTheWalkAreThere) {
  fill();
  std::atomic<int> windows = 0;
  photos_.before_window = [&](const cloud::ListQuery&, std::int64_t) {
    if (++windows % 2 == 0 && windows < 30) photos_.add(FakePhotos::photo("new-" + std::to_string(windows)));
  };
  expect_the_truth();
  EXPECT_TRUE(known().photos.contains("new-2/original of new-2"));
}

TEST_F(WalkTest, PhotosThatGoDuringTheWalkTakeNoOthersAlong) {
  fill();
  options_.requests_in_flight = 2;
  std::atomic<bool> once = false;
  photos_.before_window = [&](const cloud::ListQuery& query, std::int64_t rank) {
    if (query.album || rank != 198 || once.exchange(true)) return;
    // Those passed already go, so that their successors slip to ranks that were passed too.
    for (int i = 650; i < 670; ++i) photos_.remove(AssetId{"photo-" + std::to_string(i)});
  };
  expect_the_truth();
  EXPECT_EQ(known().photos.size(), 650U);
}

TEST_F(WalkTest, NobodyIsToldOfEveryPageButOnceThatItIsComplete) {
  fill();
  std::int64_t most = 0;
  auto listener = this->listener();
  listener.progress = [&](const LibraryId&, std::int64_t known, std::optional<std::int64_t> counted) {
    EXPECT_GE(known, most);
    EXPECT_TRUE(!counted || *counted == 670);
    most = known;
  };
  ASSERT_TRUE(run_round(photos_, *catalog_, options_, listener, {}));
  EXPECT_EQ(most, 670);
  EXPECT_EQ(news_.size(), 2U);  // the library is there; it is complete
}

TEST_F(WalkTest, TheNewestPhotosAreKnownBeforeTheOthersAndItIsToldSinceWhen) {
  photos_.add_many(2000);
  std::vector<TimePoint> told;
  auto listener = this->listener();
  listener.newest = [&](const LibraryId&, TimePoint since) {
    EXPECT_FALSE(state().listed);
    told.push_back(since);
    const auto photos = known().photos;
    for (int i = 1999; i >= 0 && TimePoint{std::chrono::minutes{i}} > since; --i) {
      const auto id = "photo-" + std::to_string(i);
      ASSERT_TRUE(photos.contains(id + "/original of " + id)) << "told that it is known";
    }
  };
  options_.requests_in_flight = 1;  // windows come in their order
  ASSERT_TRUE(run_round(photos_, *catalog_, options_, listener, {}));
  ASSERT_GE(told.size(), 3U);
  EXPECT_LE(told.size(), 8U) << "each time twice as many";
  EXPECT_TRUE(std::is_sorted(told.rbegin(), told.rend()));
  EXPECT_GT(told.front(), TimePoint{std::chrono::minutes{1800}}) << "the first window is told at once";
}

TEST_F(WalkTest, AnAlbumSomebodyWaitsForIsReadBeforeTheRestOfTheLibrary) {
  photos_.add_many(5000);
  photos_.add_album(FakePhotos::album("A"), ids(0, 300));
  photos_.add_album(FakePhotos::album("B"), ids(300, 600));
  Urgent urgent;
  std::vector<std::string> told;
  auto listener = this->listener();
  listener.albums = [&](const LibraryId& library) {
    EXPECT_EQ(catalog_->albums(library)->size(), 2U);
    told.emplace_back("albums");
    urgent.want(library, AlbumId{"B"});
  };
  listener.album = [&](const LibraryId&, const AlbumId& album) {
    told.push_back(album.value);
    EXPECT_FALSE(state().listed);
    EXPECT_EQ(known().members.at("B").size(), 300U);
    EXPECT_LT(known().photos.size(), 2500U);
  };
  options_.requests_in_flight = 1;  // windows come in their order
  const Context context{photos_, *catalog_, options_, listener, {}, guard_, &urgent};
  ASSERT_TRUE(Round(context, memory_).run());
  EXPECT_EQ(told, (std::vector<std::string>{"albums", "B"}));
  EXPECT_EQ(known(), truth());
}

TEST_F(WalkTest, TenThousandPhotosAndFiftyAlbumsTakeFewRequests) {
  photos_.add_many(10'000);
  for (int i = 0; i < 50; ++i) photos_.add_album(FakePhotos::album(std::to_string(i)), ids(i, i + 30));
  ASSERT_TRUE(round());
  EXPECT_EQ(known().photos.size(), 10'000U);
  // 6 at a time and 100 ms each: 160 requests are 2.7 s.
  EXPECT_LE(photos_.calls.all(), 102 + 50 + 8);
}

TEST_F(WalkTest, WhateverCallFailsTheNextRoundsEndWithTheSameCatalog) {
  photos_.add_many(250);
  photos_.quirks.originals_late = true;
  photos_.add_album(FakePhotos::album("A"), ids(0, 70));
  photos_.add_album(FakePhotos::album("B"), ids(100, 110));
  const auto truth = this->truth();
  for (const auto kind : {ErrorKind::Offline, ErrorKind::NeedsSignIn}) {
    for (int nth = 1; nth <= 20; ++nth) {
      reset();
      FlakyPhotos flaky{photos_, [&](int call) { return call % 20 == nth % 20; }, kind};
      int rounds = 0;
      while (!round(flaky) && rounds < 10) ++rounds;
      EXPECT_LT(rounds, 10) << nth;
      EXPECT_EQ(known(), truth) << nth;
      EXPECT_TRUE(state().listed) << nth;
    }
  }
}

TEST_F(WalkTest, AFarSideThatIsDownLeavesAnIncompleteLibraryAndAnError) {
  photos_.add_many(250);
  FlakyPhotos flaky{photos_, [](int call) { return call > 4; }};
  EXPECT_EQ(round(flaky).error().kind(), ErrorKind::Offline);
  EXPECT_FALSE(state().listed);
}

}  // namespace
}  // namespace icloudphotos::sync
