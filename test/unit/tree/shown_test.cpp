// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "small_world.h"

// What the options of a tree show.
namespace icloudphotos::tree {
namespace {

const std::string kMonth = "All Photos/2024/06";

TEST(Shown, RecentsAreTheThousandAddedLast) {
  World world;
  std::vector<Shot> shots;
  for (int i = 0; i < 1001; ++i) {
    shots.emplace_back("p" + std::to_string(i), "IMG_" + std::to_string(i) + ".HEIC");
    shots.back().added(day(2024, 1, 1) + std::chrono::minutes{i});
  }
  world.put(shots);
  EXPECT_EQ(world.list("Recents").size(), 1000U);
  EXPECT_EQ(world.at("Recents/IMG_0.HEIC"), Inode{});
  EXPECT_NE(world.at("Recents/IMG_1000.HEIC"), Inode{});
  world.remove("p7");
  EXPECT_NE(world.at("Recents/IMG_0.HEIC"), Inode{});
  EXPECT_EQ(world.at("Recents/IMG_7.HEIC"), Inode{});
  Shot hidden{"p8", "IMG_8.HEIC"};
  hidden.asset.hidden = true;
  world.put(hidden);
  EXPECT_EQ(world.at("Recents/IMG_8.HEIC"), Inode{});
}

TEST(Shown, OnThisDayFollowsTheCalendar) {
  World world;
  const auto today = world.clock.now();
  Shot old{"old", "old.HEIC"};
  old.captured(today - std::chrono::hours{24 * 1461}).asset.utc_offset.reset();
  Shot other{"other", "other.HEIC"};
  other.captured(today - std::chrono::hours{24 * 1460}).asset.utc_offset.reset();
  world.put({old, other});
  EXPECT_EQ(world.list("On This Day"), Names{"old.HEIC"});
  world.clock.advance(std::chrono::hours{24});
  ASSERT_TRUE(world.tree->refresh());
  EXPECT_EQ(world.list("On This Day"), Names{"other.HEIC"});
}

TEST(Shown, HiddenAndDeletedPhotosByOptionWithEveryVersionAndForTheOwnerOnly) {
  TreeOptions options;
  options.hidden = options.deleted = true;
  World world{options};
  Shot hidden{"h", "hidden.HEIC"};
  hidden.edited().asset.hidden = true;
  Shot deleted{"d", "deleted.HEIC"};
  deleted.favorite().live().asset.deleted = true;
  deleted.asset.hidden = true;
  world.put({hidden, deleted});
  EXPECT_EQ(world.list("Hidden"), (Names{"hidden-edited.JPG", "hidden.HEIC"}));
  EXPECT_EQ(world.list("Recently Deleted"), (Names{"deleted.HEIC", "deleted.MOV"}));
  EXPECT_TRUE(world.node("Hidden").secluded);
  EXPECT_TRUE(world.node("Recently Deleted").secluded);
  EXPECT_FALSE(world.node("Favorites").secluded);
  EXPECT_EQ(world.list("All Photos"), Names{});
  EXPECT_EQ(world.list("Favorites"), Names{});
  hidden.asset.hidden = false;
  world.put(hidden);
  EXPECT_EQ(world.list(kMonth), (Names{"hidden-edited.JPG", "hidden.HEIC"}));
  world.options = {};
  world.load();
  EXPECT_EQ(world.at("Hidden"), Inode{});
  EXPECT_NE(world.at(kMonth + "/hidden.HEIC"), Inode{});
  walk(*world.tree);
}

TEST(Shown, HiddenAndDeletedPhotosWaitForTheWholeFeedBecauseNoListShowsThem) {
  TreeOptions options;
  options.hidden = options.deleted = true;
  World world{options, false};
  ASSERT_TRUE(world.catalog.set_listed(world.personal, true, std::nullopt));
  ASSERT_TRUE(world.tree->refresh());
  EXPECT_TRUE(world.node("All Photos").complete);
  EXPECT_FALSE(world.node("Hidden").complete);
  EXPECT_FALSE(world.node("Recently Deleted").complete);
  world.feed(world.personal);
  ASSERT_TRUE(world.tree->refresh());
  EXPECT_TRUE(world.node("Hidden").complete);
  EXPECT_TRUE(world.node("Recently Deleted").complete);
  ASSERT_TRUE(world.catalog.begin_reading(world.personal));
  ASSERT_TRUE(world.tree->refresh());
  EXPECT_TRUE(world.node("Hidden").complete) << "it stays complete while it is read anew";
}

TEST(Shown, JpegHasApplesRenditionsAndSmallPicturesThemselves) {
  TreeOptions options;
  options.jpeg = true;
  World world{options};
  world.put({Shot{"a"}.with(ResourceKind::Medium, "public.jpeg", 500), Shot{"b", "small.jpg", "public.jpeg"},
             Shot{"v", "film.mov", "com.apple.quicktime-movie"}.with(ResourceKind::MediumVideo, "public.mpeg-4", 600)});
  EXPECT_EQ(world.list("JPEG/2024/06"), (Names{"IMG_0001.JPG", "film.MP4", "small.JPG"}));
  EXPECT_EQ(world.list(kMonth), (Names{"IMG_0001.HEIC", "film.mov", "small.jpg"}));
  EXPECT_EQ(world.at("JPEG/2024/06/small.JPG"), world.at(kMonth + "/small.jpg")) << "the same bytes";
  EXPECT_EQ(world.node("JPEG/2024/06/IMG_0001.JPG").size, 500U);
  EXPECT_EQ(world.resource("JPEG/2024/06/film.MP4")->kind, ResourceKind::MediumVideo);
  walk(*world.tree);
}

TEST(Shown, AllPhotosHasTheVersionsAskedFor) {
  TreeOptions options;
  options.versions = TreeOptions::Versions::Original;
  World world{options};
  world.put(Shot{"a"}.live().edited());
  EXPECT_EQ(world.list(kMonth), (Names{"IMG_0001.HEIC", "IMG_0001.MOV"}));
  EXPECT_EQ(world.list("Recents"), (Names{"IMG_0001-edited.JPG", "IMG_0001.MOV"}));
  world.options.versions = TreeOptions::Versions::Current;
  world.load();
  EXPECT_EQ(world.list(kMonth), (Names{"IMG_0001-edited.JPG", "IMG_0001.MOV"}));
  world.options.versions = TreeOptions::Versions::Both;
  world.load();
  EXPECT_EQ(world.list(kMonth), (Names{"IMG_0001-edited.JPG", "IMG_0001.HEIC", "IMG_0001.MOV"}));
  walk(*world.tree);
}

TEST(Shown, NamesLikeIcloudpdsAreSingleFilesOwnAndNewestFirst) {
  TreeOptions options;
  options.layout = "%Y/%m/%d";
  options.naming = TreeOptions::Naming::Icloudpd;
  options.versions = TreeOptions::Versions::Original;
  options.live = TreeOptions::LiveNames::Suffix;
  options.zone = "UTC";
  World world{options, false};
  Shot older{"a"};
  older.captured(day(2024, 6, 1, 10)).live();
  Shot newer{"b"};
  newer.captured(day(2024, 6, 1, 11)).original.resources[0].size = 2000;
  world.put({older, newer});
  ASSERT_TRUE(world.catalog.set_listed(world.personal, true, 2));
  ASSERT_TRUE(world.tree->refresh());
  EXPECT_EQ(world.list("All Photos/2024/06/01"), (Names{"IMG_0001-1000.HEIC", "IMG_0001.HEIC", "IMG_0001_HEVC.MOV"}));
  EXPECT_EQ(world.node("All Photos/2024/06/01/IMG_0001.HEIC").size, 2000U);
  EXPECT_EQ(world.list("Recents"), (Names{"IMG_0001 (2).HEIC", "IMG_0001 (2).MOV", "IMG_0001.HEIC"}))
      << "a photo's files keep together here";
  const auto paths = walk(*world.tree);
  world.load();
  EXPECT_EQ(walk(*world.tree), paths);
}

std::string text_of(const World& world, const std::string& path) {
  const auto content = world.tree->content(world.at(path));
  if (!content || !*content || !std::holds_alternative<std::string>(**content)) return {};
  return std::get<std::string>(**content);
}

TEST(Shown, SidecarsHaveTheirSizeAndFollowWhatTheyTell) {
  TreeOptions options;
  options.xmp = TreeOptions::Sidecars::Tree;
  World world{options};
  Shot shot{"a"};
  shot.live().asset.keywords = {"sea"};
  world.put(shot);
  const std::string path = kMonth + "/IMG_0001.HEIC.xmp";
  EXPECT_EQ(world.list(kMonth), (Names{"IMG_0001.HEIC", "IMG_0001.HEIC.xmp", "IMG_0001.MOV"}));
  EXPECT_EQ(world.list("Recents"), (Names{"IMG_0001.HEIC", "IMG_0001.MOV"}));
  EXPECT_EQ(text_of(world, path).size(), world.node(path).size);
  EXPECT_NE(text_of(world, path).find("sea"), std::string::npos);
  const Inode before = world.at(path);
  world.put_albums({folder("f", "Trips"), album("p", "Paris", "f")});
  world.put_in("p", {"a"});
  EXPECT_NE(text_of(world, path).find("Albums/Trips/Paris"), std::string::npos);
  EXPECT_NE(world.at(path), before) << "other bytes are another inode";
  world.put_albums({folder("f", "Journeys"), album("p", "Paris: spring", "f")});
  EXPECT_NE(text_of(world, path).find("Albums/Journeys/Paris: spring"), std::string::npos)
      << "as people call it, whatever the directory is called";
  EXPECT_EQ(text_of(world, path).size(), world.node(path).size);
  world.options.xmp = TreeOptions::Sidecars::Lightroom;
  world.load();
  EXPECT_EQ(world.list(kMonth), (Names{"IMG_0001.HEIC", "IMG_0001.MOV", "IMG_0001.xmp"}));
  EXPECT_NE(text_of(world, kMonth + "/IMG_0001.xmp").find("Albums|Journeys|Paris: spring"), std::string::npos);
}

TEST(Shown, ExtendedAttributesOnlyWhereTheyAreAskedFor) {
  World world;
  Shot shot{"a"};
  shot.favorite().asset.keywords = {"sea"};
  world.put(shot);
  const std::string path = kMonth + "/IMG_0001.HEIC";
  EXPECT_TRUE(world.tree->attributes(world.at(path))->empty());
  world.options.xattr = true;
  world.load();
  const auto attributes = world.tree->attributes(world.at(path)).value();
  const std::map<std::string, std::string> by_name{attributes.begin(), attributes.end()};
  EXPECT_EQ(by_name.at("user.xdg.tags"), "sea");
  EXPECT_EQ(by_name.at("user.icloudphotos.library"), "Personal Library");
  EXPECT_EQ(by_name.at("user.icloudphotos.asset"), "a");
  EXPECT_TRUE(world.tree->attributes(kRootInode)->empty());
}

TEST(Shown, SharedAlbumsByTheirNamesAndOneCalledTheSameByANumber) {
  World world;
  const auto add = [&](const std::string& id, const std::string& name) {
    Library library{.id = LibraryId{id}, .kind = Library::Kind::SharedAlbum, .token = std::nullopt};
    library.name = name;
    library.has_lists = false;
    EXPECT_TRUE(world.catalog.add_libraries({library}));
    EXPECT_TRUE(world.catalog.set_listed(library.id, true, std::nullopt));
    Delta delta;
    delta.library = library.id;
    const Shot shot{"a"};
    delta.assets = {shot.asset};
    delta.originals = {shot.original};
    world.apply(delta);
  };
  EXPECT_EQ(world.find("Shared Albums"), Inode{});
  add("one", "Rivers / Lakes");
  add("two", "Family");
  add("three", "Family");
  const auto paths = walk(*world.tree);
  EXPECT_TRUE(paths.contains("Shared Albums/Rivers _ Lakes/IMG_0001.HEIC"));
  EXPECT_TRUE(paths.contains("Shared Albums/Family/IMG_0001.HEIC"));
  EXPECT_TRUE(paths.contains("Shared Albums/Family (2)/IMG_0001.HEIC"));
  Library unnamed{.id = LibraryId{"four"}, .kind = Library::Kind::SharedAlbum, .token = std::nullopt};
  ASSERT_TRUE(world.catalog.add_libraries({unnamed}));
  ASSERT_TRUE(world.tree->refresh());
  EXPECT_FALSE(node_of(*world.tree, world.find("Shared Albums"))->complete) << "one has no name yet";
  EXPECT_EQ(walk(*world.tree), paths);
  unnamed.name = "Family";
  ASSERT_TRUE(world.catalog.add_libraries({unnamed}));
  ASSERT_TRUE(world.tree->refresh());
  EXPECT_TRUE(node_of(*world.tree, world.find("Shared Albums"))->complete);
  EXPECT_NE(world.find("Shared Albums/Family (3)"), Inode{});
  ASSERT_TRUE(world.catalog.remove_library(LibraryId{"four"}));
  for (const char* id : {"one", "two", "three"}) ASSERT_TRUE(world.catalog.remove_library(LibraryId{id}));
  ASSERT_TRUE(world.tree->refresh());
  EXPECT_EQ(world.find("Shared Albums"), Inode{});
}

}  // namespace
}  // namespace icloudphotos::tree
