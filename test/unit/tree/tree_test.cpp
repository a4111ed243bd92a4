// SPDX-License-Identifier: MIT
#include "icloudphotos/tree/tree.h"

#include <thread>

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include "small_world.h"

namespace icloudphotos::tree {
namespace {

/// As long as it lives no file of this process may grow: what a full disk does.
class Unwritable {
 public:
  Unwritable() {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit none{0, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &none);
  }
  ~Unwritable() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, SIG_DFL);
  }

 private:
  rlimit before_{};
};

TEST(Tree, HasTheDirectoriesOfTheProductPageAndNoOthers) {
  World world;
  EXPECT_EQ(world.list(""), (Names{"Albums", "All Photos", "Favorites", "Media Types", "On This Day", "Recents"}));
  EXPECT_EQ(world.list("Media Types"), (Names{"Animated", "Bursts", "Live Photos", "Long Exposure", "Panoramas",
                                              "Portraits", "RAW", "Screenshots", "Slo-mo", "Time-lapse", "Videos"}));
  EXPECT_EQ(walk(*world.tree).size(), 1U + 6U + 11U);
}

TEST(Tree, WithoutAnyLibraryHasAnEmptyRootThatIsNotComplete) {
  const TempDir home;
  FakeClock clock;
  const auto catalog = catalog::Catalog::open(home.path(), clock).value();
  const auto tree = Tree::load(*catalog, clock, {});
  ASSERT_TRUE(tree);
  EXPECT_TRUE(directory_of(**tree, kRootInode)->entries.empty());
  EXPECT_FALSE(node_of(**tree, kRootInode)->complete);
  EXPECT_FALSE(directory_of(**tree, Inode{4711}));
  EXPECT_FALSE(node_of(**tree, Inode{4711}));
  EXPECT_FALSE(resource_of(**tree, kRootInode));
}

TEST(Tree, CallsASecondSharedLibraryByANumberAndGivesNoneOfThemAlbums) {
  World world;
  world.add_library(LibraryId{"shared b"}, Library::Kind::Shared);
  ASSERT_TRUE(world.tree->refresh());
  world.add_library(LibraryId{"shared a"}, Library::Kind::Shared);
  ASSERT_TRUE(world.tree->refresh());
  const auto check = [&] {
    const auto paths = walk(*world.tree);
    EXPECT_TRUE(paths.contains("Shared Library/All Photos/"));
    EXPECT_TRUE(paths.contains("Shared Library (2)/Favorites/"));
    EXPECT_FALSE(paths.contains("Shared Library/Albums/"));
    return paths.at("Shared Library/");
  };
  const Inode first = check();
  world.load();
  EXPECT_EQ(check(), first) << "the one that was there first keeps its name";
  ASSERT_TRUE(world.catalog.remove_library(LibraryId{"shared b"}));
  ASSERT_TRUE(world.tree->refresh());
  EXPECT_EQ(world.find("Shared Library"), Inode{});
  EXPECT_NE(world.find("Shared Library (2)"), Inode{});
}

TEST(Tree, ShowsALibraryThatIsNotListedYetAsEmptyAndNotComplete) {
  World world;
  const LibraryId shared{"shared"};
  world.add_library(shared, Library::Kind::Shared, false);
  Delta delta;
  delta.library = shared;
  const Shot shot{"a"};
  delta.assets = {shot.asset};
  delta.originals = {shot.original};
  world.apply(delta);
  for (const std::string path : {"All Photos", "Favorites", "Media Types/RAW"}) {
    const auto directory = directory_of(*world.tree, world.find("Shared Library/" + path));
    ASSERT_TRUE(directory) << path;
    EXPECT_FALSE(directory->complete) << path;
    EXPECT_TRUE(directory->entries.empty()) << path;
  }
  EXPECT_TRUE(directory_of(*world.tree, world.find("Shared Library/Media Types"))->complete);
  const Inode all = world.find("Shared Library/All Photos");

  ASSERT_TRUE(world.catalog.set_listed(shared, true, 1));
  const auto stale = world.tree->refresh();
  ASSERT_TRUE(stale);
  EXPECT_TRUE(std::find(stale->inodes.begin(), stale->inodes.end(), all) != stale->inodes.end());
  EXPECT_TRUE(directory_of(*world.tree, all)->complete);
  EXPECT_NE(world.find("Shared Library/All Photos/2024/06/IMG_0001.HEIC"), Inode{});

  ASSERT_TRUE(world.catalog.set_listed(shared, false, 1));
  delta.assets[0].favorite = true;
  world.apply(delta);
  EXPECT_TRUE(directory_of(*world.tree, all)->complete) << "it stays complete while it is read anew";
  EXPECT_NE(world.find("Shared Library/Favorites/IMG_0001.HEIC"), Inode{});
}

TEST(Tree, DoesNotTakeALibraryThatLeftAndCameBackForComplete) {
  World world;
  world.put(Shot{"a"});
  ASSERT_TRUE(world.catalog.remove_library(world.personal));
  ASSERT_TRUE(world.tree->refresh());
  EXPECT_FALSE(node_of(*world.tree, kRootInode)->complete);
  world.add_library(world.personal, Library::Kind::Personal, false);
  ASSERT_TRUE(world.tree->refresh());
  EXPECT_FALSE(directory_of(*world.tree, world.at("All Photos"))->complete);
}

TEST(Tree, ShowsEveryVersionInAllPhotosAndTheCurrentOneElsewhereAsHardLinks) {
  World world;
  world.put({Shot{"a"}.live().edited().favorite(), Shot{"b", "IMG_0002.HEIC"}.live().favorite()});
  world.put_albums({album("x", "Trip")});
  world.put_in("x", {"a", "b"});
  EXPECT_EQ(world.list("All Photos/2024/06"),
            (Names{"IMG_0001-edited.JPG", "IMG_0001.HEIC", "IMG_0001.MOV", "IMG_0002.HEIC", "IMG_0002.MOV"}));
  const Names current{"IMG_0001-edited.JPG", "IMG_0001.MOV", "IMG_0002.HEIC", "IMG_0002.MOV"};
  EXPECT_EQ(world.list("Albums/Trip"), current);
  EXPECT_EQ(world.list("Favorites"), current);
  EXPECT_EQ(world.list("Media Types/Live Photos"), current);
  EXPECT_EQ(world.at("Albums/Trip/IMG_0001-edited.JPG"), world.at("All Photos/2024/06/IMG_0001-edited.JPG"));
  EXPECT_EQ(world.node("Albums/Trip/IMG_0001.MOV").links, 5U);
  EXPECT_EQ(world.node("All Photos/2024/06/IMG_0001.HEIC").links, 1U);
  walk(*world.tree);
}

TEST(Tree, ShowsHiddenAndDeletedPhotosNowhere) {
  World world;
  Shot hidden{"a"};
  Shot deleted{"b"};
  hidden.favorite().asset.hidden = true;
  deleted.favorite().asset.deleted = true;
  world.put({hidden, deleted});
  world.put_albums({album("x", "Trip")});
  world.put_in("x", {"a", "b", "of another library"});
  EXPECT_EQ(walk(*world.tree).size(), 1U + 6U + 11U + 1U);
  EXPECT_EQ(world.tree->totals().files, 0U);
}

TEST(Tree, CountsPhotosWhoseOriginalHasNotComeAndShowsThemWhenItDoes) {
  World world;
  Delta delta;
  delta.library = world.personal;
  const Shot late{"late"};
  delta.assets = {late.asset};
  world.apply(delta);
  EXPECT_EQ(world.tree->totals().waiting, 1U);
  EXPECT_EQ(world.list("All Photos"), Names{});
  delta.assets.clear();
  delta.originals = {late.original};
  world.apply(delta);
  EXPECT_EQ(world.tree->totals().waiting, 0U);
  EXPECT_EQ(world.list("All Photos/2024/06"), Names{"IMG_0001.HEIC"});

  Shot uploading{"uploading", "IMG_0002.HEIC"};
  uploading.original.resources.clear();
  uploading.live();
  world.put(uploading);
  EXPECT_EQ(world.tree->totals().waiting, 1U) << "still counted, though its video can be shown";
  EXPECT_EQ(world.list("All Photos/2024/06"), (Names{"IMG_0001.HEIC", "IMG_0002.MOV"}));
}

TEST(Tree, TellsOfAFileWhatIsNeededToFetchIt) {
  World world;
  Shot shot{"a"};
  shot.original.resources[0].checksum = "AQID";
  world.put(shot);
  const auto resource = world.resource("All Photos/2024/06/IMG_0001.HEIC");
  ASSERT_TRUE(resource);
  EXPECT_EQ(*resource, (ResourceRef{world.personal, AssetId{"a"}, OriginalId{"original of a"}, ResourceKind::Original,
                                    1000, "AQID"}));
  EXPECT_EQ(world.tree->totals().bytes, 1000U);
  EXPECT_EQ(world.tree->totals().files, 1U);
}

TEST(Tree, ShowsEmptyFilesAndFilesWithoutChecksum) {
  World world;
  Shot shot{"a"};
  shot.original.resources[0].size = 0;
  shot.original.resources[0].checksum.clear();
  world.put(shot);
  const Node node = world.node("All Photos/2024/06/IMG_0001.HEIC");
  EXPECT_NE(node.inode, Inode{});
  EXPECT_EQ(node.size, 0U);
}

TEST(Tree, DatesAFileByItsCaptureAndAnEditByItsRecord) {
  World world;
  Shot shot{"a"};
  shot.edited().captured(day(2020, 2, 3) + std::chrono::milliseconds{999});
  shot.asset.changed = day(2025, 1, 1);
  shot.original.changed = day(2024, 1, 1);
  world.put(shot);
  const auto seconds = [](TimePoint time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  };
  EXPECT_EQ(world.node("All Photos/2020/02/IMG_0001.HEIC").modified_s, seconds(day(2020, 2, 3)));
  EXPECT_EQ(world.node("All Photos/2020/02/IMG_0001-edited.JPG").modified_s, seconds(day(2025, 1, 1)));
  EXPECT_EQ(world.node("All Photos/2020/02/IMG_0001.HEIC").changed_s, seconds(day(2025, 1, 1)));
  for (const std::string above : {"All Photos/2020/02", "All Photos/2020", "All Photos", ""}) {
    EXPECT_EQ(world.node(above).modified_s, seconds(day(2025, 1, 1))) << above;
  }
  EXPECT_EQ(node_of(*world.tree, kRootInode)->modified_s, seconds(day(2025, 1, 1)));
}

TEST(Tree, GivesSiblingsOfOneOriginalEachAFileOfTheirOwn) {
  World world;
  Shot first{"a"};
  Shot second{"b"};
  second.asset.original = first.original.id;
  second.added(day(2024, 6, 2));
  Delta delta;
  delta.library = world.personal;
  delta.assets = {first.asset, second.asset};
  delta.originals = {first.original};
  world.apply(delta);
  EXPECT_EQ(world.list("All Photos/2024/06"), (Names{"IMG_0001 (2).HEIC", "IMG_0001.HEIC"}));
  EXPECT_NE(world.at("All Photos/2024/06/IMG_0001.HEIC"), world.at("All Photos/2024/06/IMG_0001 (2).HEIC"));
  EXPECT_EQ(world.resource("All Photos/2024/06/IMG_0001 (2).HEIC")->asset, AssetId{"b"});
}

TEST(Tree, SortsPhotosIntoMediaTypesByTheirFields) {
  World world;
  const auto shot = [](const char* name, auto&& change) {
    Shot made{name, std::string{name} + ".HEIC"};
    change(made.asset);
    return made;
  };
  world.put({shot("portrait", [](Asset& asset) { asset.render_type = 2050; }),
             shot("exposure", [](Asset& asset) { asset.render_type = 4; }),
             shot("panorama", [](Asset& asset) { asset.subtype = 1; }),
             shot("screenshot", [](Asset& asset) { asset.subtype_v2 = 3; }),
             shot("burst", [](Asset& asset) { asset.burst = "B"; }),
             Shot{"video", "video.mov", "com.apple.quicktime-movie"}, Shot{"gif", "funny.gif", "com.compuserve.gif"},
             Shot{"raw", "big.dng", "com.adobe.raw-image"}});
  Shot slow{"slow", "slow.mov", "com.apple.quicktime-movie"};
  slow.asset.subtype = 100;
  Shot quick{"quick", "quick.mov", "com.apple.quicktime-movie"};
  quick.asset.subtype = 101;
  world.put({slow, quick});
  const std::map<std::string, Names> expected{{"Videos", {"video.mov"}},
                                              {"Portraits", {"portrait.HEIC"}},
                                              {"Long Exposure", {"exposure.HEIC"}},
                                              {"Slo-mo", {"slow.mov"}},
                                              {"Panoramas", {"panorama.HEIC"}},
                                              {"Screenshots", {"screenshot.HEIC"}},
                                              {"Time-lapse", {"quick.mov"}},
                                              {"Bursts", {"burst.HEIC"}},
                                              {"Animated", {"funny.gif"}},
                                              {"RAW", {"big.dng"}},
                                              {"Live Photos", {}}};
  for (const auto& [type, names] : expected) EXPECT_EQ(world.list("Media Types/" + type), names) << type;
}

TEST(Tree, ShowsTheRawHalfOfAPairInRawAndOnlyTheCurrentOneInAlbums) {
  World world;
  world.put(
      Shot{"a", "IMG_0002.JPG", "public.jpeg"}.favorite().with(ResourceKind::Alternative, "com.adobe.raw-image", 9000));
  EXPECT_EQ(world.list("All Photos/2024/06"), (Names{"IMG_0002.DNG", "IMG_0002.JPG"}));
  EXPECT_EQ(world.list("Media Types/RAW"), (Names{"IMG_0002.DNG", "IMG_0002.JPG"}));
  EXPECT_EQ(world.list("Favorites"), Names{"IMG_0002.JPG"});
}

TEST(Tree, PutsPhotosThatNobodyCanDateIntoUndated) {
  World world;
  Shot shot{"a"};
  shot.asset.captured.reset();
  shot.asset.added = day(1, 1, 1);
  world.put(shot);
  EXPECT_EQ(world.list("All Photos"), Names{"Undated"});
  EXPECT_EQ(world.list("All Photos/Undated"), Names{"IMG_0001.HEIC"});
}

TEST(Tree, MovesAPhotoWhenItsDateIsEdited) {
  World world;
  Shot shot{"a"};
  world.put(shot);
  const Inode inode = world.at("All Photos/2024/06/IMG_0001.HEIC");
  world.put(shot.captured(day(2023, 5, 5)));
  EXPECT_EQ(world.list("All Photos"), Names{"2023"});
  EXPECT_EQ(world.at("All Photos/2023/05/IMG_0001.HEIC"), inode);
}

TEST(Tree, LeavesAPhotoFromTheFutureWhereItIsWhenTheFutureComes) {
  World world;
  world.put(Shot{"a"}.captured(day(2030, 1, 1)));
  EXPECT_EQ(world.list("All Photos"), Names{"2024"});
  world.clock.advance(std::chrono::hours{24 * 365 * 4});
  world.load();
  EXPECT_EQ(world.list("All Photos"), Names{"2024"});
}

TEST(Tree, LeavesEverythingInPlaceWhenTheClockIsWrong) {
  World world;
  world.put(Shot{"a"});
  const auto paths = walk(*world.tree);
  world.clock.advance(-std::chrono::hours{24 * 365 * 50});
  world.load();
  EXPECT_EQ(walk(*world.tree), paths);
}

TEST(Tree, FollowsAnyLayout) {
  World world;
  world.options.layout = "/%Y//Week %V: %a/..";
  world.put(Shot{"a"});
  world.load();
  EXPECT_EQ(world.list("All Photos/2024/Week 22_ Sat/__"), Names{"IMG_0001.HEIC"});
  world.options.layout = "";
  world.load();
  EXPECT_EQ(world.list("All Photos"), Names{"IMG_0001.HEIC"});
}

TEST(Tree, KeepsWhatItShowsWhenTheCatalogCannotBeWrittenAndCatchesUpLater) {
  World world;
  world.put(Shot{"a"});
  Delta delta;
  delta.library = world.personal;
  const Shot shot{"b", "IMG_0002.HEIC"};
  delta.assets = {shot.asset};
  delta.originals = {shot.original};
  ASSERT_TRUE(world.catalog.apply(delta));
  {
    const Unwritable disk;
    const auto failed = world.tree->refresh();
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().kind(), ErrorKind::Storage);
  }
  EXPECT_EQ(world.list("All Photos/2024/06"), Names{"IMG_0001.HEIC"});
  ASSERT_TRUE(world.tree->refresh());
  EXPECT_EQ(world.list("All Photos/2024/06"), (Names{"IMG_0001.HEIC", "IMG_0002.HEIC"}));
}

TEST(Tree, AFileThatWasJustReadIsGoneWithItsPhoto) {
  World world;
  world.put({Shot{"a"}, Shot{"b", "IMG_0002.HEIC"}});
  const Inode file = world.at("All Photos/2024/06/IMG_0001.HEIC");
  const auto resource = resource_of(*world.tree, file);
  ASSERT_TRUE(resource);
  EXPECT_EQ(resource_of(*world.tree, file), resource);
  world.remove("a");
  EXPECT_FALSE(resource_of(*world.tree, file));
}

TEST(Tree, DirectoriesSomebodyHoldsStayAsTheyAre) {
  World world;
  world.put(Shot{"a"});
  const auto held = directory_of(*world.tree, world.at("All Photos/2024/06"));
  world.remove("a");
  EXPECT_EQ(held->entries.size(), 1U);
  EXPECT_FALSE(directory_of(*world.tree, held->inode));
}

TEST(Tree, AnswersWhileItIsBeingRebuilt) {
  World world;
  world.put({Shot{"stays"}, Shot{"comes and goes", "IMG_0002.HEIC"}});
  const Inode month = world.at("All Photos/2024/06");
  std::vector<std::jthread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        const auto directory = directory_of(*world.tree, month);
        ASSERT_TRUE(directory);
        const auto found = world.tree->look_up(month, "IMG_0001.HEIC");
        ASSERT_TRUE(found && *found);
        ASSERT_TRUE(node_of(*world.tree, (*found)->inode));
        ASSERT_TRUE(resource_of(*world.tree, (*found)->inode));
        ASSERT_GE(world.tree->totals().files, 1U);
      }
    });
  }
  for (int i = 0; i < 100; ++i) {
    world.remove("comes and goes");
    world.put(Shot{"comes and goes", "IMG_0002.HEIC"});
  }
}

}  // namespace
}  // namespace icloudphotos::tree
