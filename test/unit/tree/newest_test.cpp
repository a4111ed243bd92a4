// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "small_world.h"

namespace icloudphotos::tree {
namespace {

/// A library that is being read for the first time, from its newest photo on.
class NewestTest : public ::testing::Test {
 protected:
  explicit NewestTest(const TreeOptions& options = {}) : world_{options, false} {}

  static Shot taken(const std::string& id, TimePoint when, const std::string& name = "IMG_0001.HEIC") {
    return Shot{id, name}.captured(when).added(when);
  }
  void know(TimePoint since) {
    world_.tree->known_since(world_.personal, since);
    ASSERT_TRUE(world_.tree->refresh());
  }
  void complete() {
    ASSERT_TRUE(world_.catalog.set_listed(world_.personal, true, std::nullopt));
    ASSERT_TRUE(world_.tree->refresh());
  }
  [[nodiscard]] bool is_complete(const std::string& path) const {
    const auto directory = directory_of(*world_.tree, world_.at(path));
    return directory && directory->complete;
  }

  World world_;
};

TEST_F(NewestTest, MonthsWithoutOlderPhotosAreCompleteBeforeTheLibraryIs) {
  world_.put({taken("a", day(2024, 6, 20)), taken("b", day(2024, 5, 20), "IMG_0002.HEIC")});
  know(day(2024, 5, 10));
  EXPECT_EQ(world_.list("All Photos/2024/06"), Names{"IMG_0001.HEIC"});
  EXPECT_TRUE(is_complete("All Photos/2024/06"));
  EXPECT_EQ(world_.at("All Photos/2024/05"), Inode{}) << "older photos may be of May too";
  EXPECT_FALSE(is_complete("All Photos/2024"));
  EXPECT_FALSE(is_complete("All Photos"));
  EXPECT_FALSE(is_complete("Favorites"));
  know(day(2024, 4, 10));
  EXPECT_EQ(world_.list("All Photos/2024/05"), Names{"IMG_0002.HEIC"});
}

TEST_F(NewestTest, ClocksElsewhereAreAheadSoAMonthWaitsUntilNoneOfItCanBeMissing) {
  world_.put(taken("a", day(2024, 6, 20)));
  know(day(2024, 5, 31, 8));
  EXPECT_EQ(world_.at("All Photos/2024/06"), Inode{}) << "it was June somewhere";
  know(day(2024, 5, 31, 5));
  EXPECT_NE(world_.at("All Photos/2024/06"), Inode{});
}

TEST_F(NewestTest, NamesAreThoseOfTheCompleteLibrary) {
  const std::vector<Shot> shots{taken("a", day(2024, 6, 20)).added(day(2025, 1, 3)),
                                taken("b", day(2024, 6, 21)).added(day(2025, 1, 1)), taken("c", day(2024, 4, 1)),
                                taken("d", day(2024, 6, 22)).added(day(2025, 1, 2)), taken("e", day(2024, 4, 2))};
  world_.put({shots[0], shots[1], shots[3]});
  know(day(2024, 5, 1));
  const auto early = world_.at("All Photos/2024/06/IMG_0001.HEIC");
  EXPECT_EQ(world_.resource("All Photos/2024/06/IMG_0001.HEIC")->asset.value, "b");
  EXPECT_EQ(world_.resource("All Photos/2024/06/IMG_0001 (3).HEIC")->asset.value, "a");
  world_.put(shots);
  complete();
  EXPECT_EQ(world_.at("All Photos/2024/06/IMG_0001.HEIC"), early);
  EXPECT_EQ(walk(*world_.tree), walk(*world_.read_anew()->tree));
}

TEST_F(NewestTest, FilesMayGetMoreNamesUntilTheLibraryIsComplete) {
  world_.put(taken("a", day(2024, 6, 20)).favorite());
  know(day(2024, 5, 1));
  const std::string path = "All Photos/2024/06/IMG_0001.HEIC";
  EXPECT_FALSE(world_.node(path).complete);
  EXPECT_EQ(world_.node(path).links, 1U);
  complete();
  EXPECT_TRUE(world_.node(path).complete);
  EXPECT_GT(world_.node(path).links, 1U);
}

TEST_F(NewestTest, FoldersAreCompleteWhenTheAlbumsAreKnownAndAnAlbumWhenItsPhotosAre) {
  const std::vector<Shot> shots{taken("a", day(2024, 6, 20)).added(day(2025, 1, 3)),
                                taken("b", day(2020, 6, 21)).added(day(2025, 1, 1)), taken("c", day(2019, 4, 1))};
  world_.put(shots);
  world_.put_albums({folder("F", "Trips"), album("A", "Paris", "F"), album("B", "Rome", "F")});
  world_.put_in("A", {"a", "b"});
  EXPECT_FALSE(is_complete("Albums"));
  world_.tree->known_albums(world_.personal);
  know(day(2024, 5, 1));
  EXPECT_TRUE(is_complete("Albums"));
  EXPECT_EQ(world_.list("Albums/Trips"), (Names{"Paris", "Rome"}));
  EXPECT_FALSE(is_complete("Albums/Trips/Paris"));
  const auto source = world_.tree->source_of(world_.at("Albums/Trips/Paris"));
  ASSERT_TRUE(source);
  EXPECT_EQ(source->library, world_.personal);
  EXPECT_EQ(source->album, AlbumId{"A"});
  EXPECT_EQ(world_.tree->source_of(world_.at("Albums/Trips"))->album, std::nullopt);
  EXPECT_FALSE(world_.tree->source_of(kRootInode));

  world_.tree->known_album(world_.personal, AlbumId{"A"});
  ASSERT_TRUE(world_.tree->refresh());
  EXPECT_TRUE(is_complete("Albums/Trips/Paris"));
  EXPECT_FALSE(is_complete("Albums/Trips/Rome"));
  EXPECT_EQ(world_.list("Albums/Trips/Paris"), (Names{"IMG_0001 (2).HEIC", "IMG_0001.HEIC"}));
  EXPECT_EQ(world_.resource("Albums/Trips/Paris/IMG_0001.HEIC")->asset.value, "b");
  EXPECT_EQ(world_.list("All Photos/2024/06"), Names{"IMG_0001.HEIC"});
  const auto early = world_.at("Albums/Trips/Paris/IMG_0001.HEIC");
  complete();
  EXPECT_EQ(world_.at("Albums/Trips/Paris/IMG_0001.HEIC"), early);
  EXPECT_EQ(walk(*world_.tree), walk(*world_.read_anew()->tree));
}

TEST_F(NewestTest, HiddenPhotosAndThoseWithoutADateThatCanBeBelievedWait) {
  auto hidden = taken("h", day(2024, 6, 1), "IMG_0002.HEIC");
  hidden.asset.hidden = true;
  auto absurd = taken("x", day(2030, 6, 1), "IMG_0003.HEIC").added(day(2024, 6, 2));
  world_.put({taken("a", day(2024, 6, 20)), hidden, absurd});
  know(day(2024, 5, 1));
  EXPECT_EQ(world_.list("All Photos/2024/06"), Names{"IMG_0001.HEIC"});
  complete();
  EXPECT_EQ(world_.list("All Photos/2024/06"), (Names{"IMG_0001.HEIC", "IMG_0003.HEIC"}));
}

class FlatTest : public NewestTest {
 protected:
  FlatTest()
      : NewestTest{[] {
          TreeOptions options;
          options.layout = "%m";
          return options;
        }()} {}
};

TEST_F(FlatTest, ALayoutThatDoesNotTellTheYearWaitsForAllOfTheLibrary) {
  world_.put(taken("a", day(2024, 6, 20)));
  know(day(2024, 5, 1));
  EXPECT_EQ(world_.at("All Photos/06"), Inode{});
}

}  // namespace
}  // namespace icloudphotos::tree
