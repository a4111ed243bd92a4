// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "small_world.h"

namespace icloudphotos::tree {
namespace {

TEST(Albums, NestInFoldersAndExistWhenEmpty) {
  World world;
  world.put(Shot{"a"});
  world.put_albums({folder("f", "Trips"), folder("g", "2024", "f"), album("p", "Paris", "g"), album("e", "Empty"),
                    folder("h", "Nothing")});
  world.put_in("p", {"a"});
  EXPECT_EQ(world.list("Albums"), (Names{"Empty", "Nothing", "Trips"}));
  EXPECT_EQ(world.list("Albums/Trips/2024/Paris"), Names{"IMG_0001.HEIC"});
  EXPECT_EQ(world.list("Albums/Empty"), Names{});
  EXPECT_EQ(world.node("Albums/Trips").links, 3U);
}

TEST(Albums, WhoseParentIsMissingDeletedOrNoFolderAreAtTheTop) {
  World world;
  Album gone = folder("d", "Gone");
  gone.deleted = true;
  world.put_albums({album("a", "A", "nowhere"), gone, album("b", "B", "d"), album("c", "C", "a")});
  EXPECT_EQ(world.list("Albums"), (Names{"A", "B", "C"}));
}

TEST(Albums, InACircleAreAllShownOnceAtTheTop) {
  World world;
  world.put_albums({folder("a", "A", "b"), folder("b", "B", "c"), folder("c", "C", "a"), album("x", "X", "b"),
                    folder("self", "Self", "self")});
  EXPECT_EQ(world.list("Albums"), (Names{"A", "B", "C", "Self"}));
  EXPECT_EQ(world.list("Albums/B"), Names{"X"});
  walk(*world.tree);
}

TEST(Albums, OfOneNameAreNumberedByCreationThenId) {
  World world;
  Album old = album("z", "Trips");
  old.created = day(2020, 1, 1);
  world.put_albums({album("b", "trips"), album("a", "Trips"), old});
  EXPECT_EQ(world.list("Albums"), (Names{"Trips", "Trips (2)", "trips (3)"}));
  const auto owner = [&](const std::string& name) { return world.at("Albums/" + name); };
  const auto paths = walk(*world.tree);
  EXPECT_EQ(walk(*world.read_anew()->tree), paths);
  Album older = album("y", "Trips");
  older.created = day(2010, 1, 1);
  const Inode first = owner("Trips");
  world.put_albums({older});
  EXPECT_EQ(owner("Trips"), first) << "one that comes later renames nobody";
  EXPECT_NE(owner("Trips (4)"), Inode{});
}

TEST(Albums, KeepTheirInodeWhenTheyAreRenamed) {
  World world;
  world.put_albums({album("a", "Paris")});
  const Inode inode = world.at("Albums/Paris");
  world.put_albums({album("a", "paris")});
  EXPECT_EQ(world.list("Albums"), Names{"paris"});
  EXPECT_EQ(world.at("Albums/paris"), inode);
  world.put_albums({album("a", "London"), album("b", "Paris")});
  EXPECT_EQ(world.list("Albums"), (Names{"London", "Paris"})) << "a name given up is free at once";
  EXPECT_EQ(world.at("Albums/London"), inode);
  world.load();
  EXPECT_EQ(world.at("Albums/London"), inode);
}

TEST(Albums, OfDeletedNamesAreFreeAtOnceAlsoAfterARestart) {
  World world;
  world.put_albums({album("a", "Paris")});
  world.remove("a");
  world.load();
  world.put_albums({album("b", "Paris")});
  EXPECT_EQ(world.list("Albums"), Names{"Paris"});
}

TEST(Albums, WithOddNamesGetLegalOnes) {
  World world;
  world.put_albums({album("a", ""), folder("b", ""), album("c", ".."), album("d", "a/b"), album("e", "Favorites"),
                    album("f", "dots..."), album("g", std::string(300, 'x')), album("h", "CON")});
  EXPECT_EQ(world.list("Albums"), (Names{"Favorites", "Untitled Album", "Untitled Folder", "_CON", "__", "a_b",
                                         "dots___", std::string(255, 'x')}));
}

TEST(Albums, ShowAPhotoOnceThoughItIsInItTwice) {
  World world;
  world.put({Shot{"a"}, Shot{"b"}});
  world.put_albums({album("x", "X")});
  world.put_in("x", {"a", "a", "b"});
  EXPECT_EQ(world.list("Albums/X"), (Names{"IMG_0001 (2).HEIC", "IMG_0001.HEIC"}));
}

TEST(Albums, InFoldersThousandsDeepAreNoProblem) {
  World world;
  std::vector<Album> albums;
  for (int i = 0; i < 3000; ++i) {
    albums.push_back(folder("f" + std::to_string(i), "F", i == 2999 ? "" : "f" + std::to_string(i + 1)));
  }
  world.put_albums(albums);
  EXPECT_EQ(walk(*world.tree).size(), 1U + 6U + 11U + 3000U);
}

}  // namespace
}  // namespace icloudphotos::tree
