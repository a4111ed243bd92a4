// SPDX-License-Identifier: MIT
#include "known.h"

namespace icloudphotos::sync {
namespace {

const LibraryId kParis{"paris"};
const LibraryId kRome{"rome"};

/// A person with a library, and shared albums that have no lists.
class ListlessTest : public SyncTest {
 protected:
  ListlessTest() {
    photos_.quirks.feed_page = 10;
    photos_.add_many(5);
    photos_.add_shared_album(kParis, "Paris");
    photos_.add_many(33, "eiffel", kParis);
    photos_.add_album(FakePhotos::album("inner"), ids(0, 4, "eiffel"), kParis);
  }
  Result<void> round_with_memory(cloud::Photos& photos) {
    const auto listener = this->listener();
    const Context context{photos, *catalog_, options_, listener, {}, guard_};
    guard_.begin_round(now_ += options_.poll, false);
    return Round{context, memory_}.run();
  }
  Result<void> look() {
    memory_.look_for_libraries = true;
    return round_with_memory(photos_);
  }
  [[nodiscard]] catalog::LibraryState state_of(const LibraryId& library) const {
    const auto states = catalog_->libraries().value();
    for (const auto& state : states) {
      if (state.library.id == library) return state;
    }
    ADD_FAILURE() << library.value;
    return {};
  }
  void expect_all(const LibraryId& library) {
    EXPECT_EQ(known_of(*catalog_, library), known_of(photos_.contents(library), photos_.quirks.originals_lost));
    EXPECT_TRUE(state_of(library).listed);
    EXPECT_TRUE(state_of(library).read_through);
  }
};

TEST_F(ListlessTest, IsReadFromItsFeedInOneRound) {
  ASSERT_TRUE(round());
  expect_all(kParis);
  EXPECT_EQ(state_of(kParis).library.name, "Paris");
  EXPECT_EQ(state_of(kParis).counted, std::nullopt);
}

TEST_F(ListlessTest, CostsNothingOfItsOwnWhenNothingChanged) {
  ASSERT_TRUE(round());
  ASSERT_TRUE(feeds());
  const int before = photos_.calls.all();
  ASSERT_TRUE(round());
  ASSERT_TRUE(feeds());
  EXPECT_EQ(photos_.calls.all(), before + 1);
}

TEST_F(ListlessTest, GoesOnWithItsChanges) {
  ASSERT_TRUE(round());
  news_.clear();
  photos_.remove(AssetId{"eiffel-3"}, kParis);
  photos_.add(FakePhotos::photo("new"), kParis);
  ASSERT_TRUE(round());
  expect_all(kParis);
  ASSERT_EQ(news_.size(), 1U);
  EXPECT_EQ(news_[0].assets, (std::vector{AssetId{"eiffel-3"}, AssetId{"new"}}));
}

TEST_F(ListlessTest, AStaleTokenHasItReadAgainAndWhatIsNotDeliveredIsGone) {
  ASSERT_TRUE(round());
  photos_.remove(AssetId{"eiffel-3"}, kParis);
  photos_.add(FakePhotos::photo("new"), kParis);
  photos_.forget_tokens();
  ASSERT_TRUE(round());
  expect_all(kParis);
}

TEST_F(ListlessTest, AStaleTokenAndAFeedThatBreaksOffEmptyNothing) {
  for (int i = 0; i < 300; ++i) photos_.add(FakePhotos::photo("more-" + std::to_string(i)), kParis);
  ASSERT_TRUE(next_round());
  photos_.forget_tokens();
  photos_.quirks.feed_breaks_off_after = 20;
  ASSERT_TRUE(next_round());
  EXPECT_EQ(known_of(*catalog_, kParis).photos.size(), 333U);
  EXPECT_EQ(guard_.held_back().at(0).library, kParis);
  photos_.quirks.feed_breaks_off_after = 0;
  ASSERT_TRUE(next_round());
  expect_all(kParis);
  EXPECT_TRUE(guard_.held_back().empty());
}

TEST_F(ListlessTest, ThatAllOfItIsGoneIsBelievedWhenAnotherReadingAPollLaterSaysSo) {
  ASSERT_TRUE(next_round());
  for (const auto& id : ids(0, 33, "eiffel")) photos_.remove(id, kParis);
  photos_.forget_tokens();
  ASSERT_TRUE(next_round());
  guard_.begin_round(now_ += std::chrono::seconds{1}, true);  // somebody asked: the same answer again
  const auto listener = this->listener();
  ASSERT_TRUE(Round(Context{photos_, *catalog_, options_, listener, {}, guard_}, memory_).run());
  EXPECT_EQ(known_of(*catalog_, kParis).photos.size(), 33U);
  ASSERT_TRUE(next_round());
  EXPECT_EQ(known_of(*catalog_, kParis).photos.size(), 0U);
  EXPECT_TRUE(guard_.held_back().empty());
}

TEST_F(ListlessTest, AReadingThatFailsGoesOnInTheNextRound) {
  struct Flaky : FlakyPhotos {
    using FlakyPhotos::FlakyPhotos;
    int pages = 0;
    Result<Delta> changes(const LibraryId& library, const std::optional<SyncToken>& token,
                          std::stop_token stop) override {
      if (library == kParis && ++pages == 4) return Error{ErrorKind::Offline, "made to fail"};
      return FlakyPhotos::changes(library, token, std::move(stop));
    }
  };
  Flaky flaky{photos_, [](int) { return false; }};
  EXPECT_FALSE(round(flaky));
  EXPECT_FALSE(state_of(kParis).listed);
  const int before = photos_.calls.changes;
  ASSERT_TRUE(round());
  expect_all(kParis);
  EXPECT_LE(photos_.calls.changes - before, 7);  // of eight pages, and the other library's one
}

TEST_F(ListlessTest, MastersThatCannotBeLookedUpAreNoErrorAndNotAskedForAgain) {
  photos_.quirks.originals_lost = {"original of eiffel-3"};
  photos_.quirks.originals_cannot_be_asked_for = true;
  ASSERT_TRUE(round());
  expect_all(kParis);
  EXPECT_TRUE(known_of(*catalog_, kParis).photos.contains("eiffel-3/?"));
  const int before = photos_.calls.originals;
  ASSERT_TRUE(round());
  EXPECT_EQ(photos_.calls.originals, before);
}

TEST_F(ListlessTest, AnErrorOfOneDoesNotKeepTheOthersFromBeingRead) {
  photos_.add_shared_album(kRome, "Rome");
  photos_.add_many(12, "forum", kRome);
  struct NoParis : FlakyPhotos {
    using FlakyPhotos::FlakyPhotos;
    ErrorKind kind = ErrorKind::Offline;
    Result<Delta> changes(const LibraryId& library, const std::optional<SyncToken>& token,
                          std::stop_token stop) override {
      if (library == kParis) return Error{kind, "closed"};
      return FlakyPhotos::changes(library, token, std::move(stop));
    }
  };
  NoParis closed{photos_, [](int) { return false; }};
  for (const auto kind : {ErrorKind::Offline, ErrorKind::Refused, ErrorKind::Protocol, ErrorKind::Rejected}) {
    reset();
    closed.kind = kind;
    EXPECT_EQ(round(closed).error().kind(), kind);
    expect_all(kRome);
    EXPECT_EQ(known().photos.size(), 5U);
  }
}

TEST_F(ListlessTest, ANewOneIsFoundAndAVanishedOneForgottenInTheSecondRound) {
  ASSERT_TRUE(look());
  photos_.add_shared_album(kRome, "Rome");
  photos_.add_many(12, "forum", kRome);
  ASSERT_TRUE(look());
  expect_all(kRome);
  photos_.remove_library(kParis);
  ASSERT_TRUE(round_with_memory(photos_));
  EXPECT_EQ(catalog_->libraries().value().size(), 3U);
  ASSERT_TRUE(round_with_memory(photos_));
  EXPECT_EQ(catalog_->libraries().value().size(), 2U);
}

TEST_F(ListlessTest, HasTheNameItsChangesOrTheListOfLibrariesSay) {
  ASSERT_TRUE(look());
  news_.clear();
  photos_.rename_library(kParis, "Paris 2024", FakePhotos::Told::InChanges);
  ASSERT_TRUE(round_with_memory(photos_));
  EXPECT_EQ(state_of(kParis).library.name, "Paris 2024");
  ASSERT_EQ(news_.size(), 1U);
  EXPECT_EQ(news_[0].library, kParis);
  photos_.rename_library(kParis, "Paris 2025", FakePhotos::Told::InLibraries);
  ASSERT_TRUE(look());
  EXPECT_EQ(state_of(kParis).library.name, "Paris 2025");
  EXPECT_EQ(news_.size(), 2U);
  EXPECT_EQ(known_of(*catalog_, kParis).photos.size(), 33U);
}

}  // namespace
}  // namespace icloudphotos::sync
