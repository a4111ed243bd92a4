// SPDX-License-Identifier: MIT
#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "small_world.h"

namespace icloudphotos::tree {
namespace {

const std::string kMonth = "All Photos/2024/06";

std::string owner(const World& world, const std::string& name) {
  const auto resource = world.resource(kMonth + "/" + name);
  return resource ? resource->asset.value : "";
}

TEST(Arranger, KeepTheirOwnersWhenAThirdPhotoOfTheSameNameArrives) {
  World world;
  world.put({Shot{"b"}.added(day(2024, 1, 1)), Shot{"c", "img_0001.heic"}.added(day(2024, 1, 1))});
  world.put(Shot{"a"}.added(day(2023, 1, 1)));
  EXPECT_EQ(world.list(kMonth), (Names{"IMG_0001 (3).HEIC", "IMG_0001.HEIC", "img_0001 (2).heic"}));
  EXPECT_EQ(owner(world, "IMG_0001.HEIC"), "b");
  EXPECT_EQ(owner(world, "img_0001 (2).heic"), "c");
  world.load();
  EXPECT_EQ(owner(world, "IMG_0001.HEIC"), "b");
  EXPECT_EQ(owner(world, "IMG_0001 (3).HEIC"), "a");
}

TEST(Arranger, AreEqualAgainAfterALostCatalogInWhateverOrderAnswersCome) {
  std::vector<Shot> shots;
  for (int i = 0; i < 60; ++i) {
    Shot shot{"id" + std::to_string(i * 7919 % 60), i % 3 == 0 ? "IMG_0001.HEIC" : i % 3 == 1 ? "img_0001.JPG" : ""};
    shot.added(day(2024, 6, 1 + static_cast<unsigned>(i % 5)));
    if (i % 4 == 0) shot.live();
    if (i % 5 == 0) shot.favorite().edited();
    shots.push_back(shot);
  }
  std::optional<std::map<std::string, Inode>> paths;
  std::mt19937 random{7};
  for (int round = 0; round < 5; ++round) {
    std::shuffle(shots.begin(), shots.end(), random);
    World world{{}, false};
    const LibraryId id = world.personal;
    for (const Shot& shot : shots) world.put(shot);
    ASSERT_TRUE(world.catalog.set_listed(id, true, std::nullopt));
    ASSERT_TRUE(world.tree->refresh());
    const auto now = walk(*world.tree);
    EXPECT_GT(now.size(), 80U);
    if (paths) {
      EXPECT_EQ(now, *paths);
    }
    paths = now;
    EXPECT_EQ(walk(*world.read_anew()->tree), *paths);
  }
}

TEST(Arranger, AreNotHandedToAnotherPhotoForThirtyDays) {
  World world;
  world.put(Shot{"a"});
  world.remove("a");
  world.put(Shot{"b"});
  EXPECT_EQ(world.list(kMonth), Names{"IMG_0001 (2).HEIC"});
  world.clock.advance(std::chrono::hours{24 * 30} - std::chrono::milliseconds{1});
  world.load();
  world.put(Shot{"c"});
  EXPECT_EQ(world.list(kMonth), (Names{"IMG_0001 (2).HEIC", "IMG_0001 (3).HEIC"}));
  world.clock.advance(std::chrono::milliseconds{1});
  world.put(Shot{"d"});
  EXPECT_EQ(world.list(kMonth), (Names{"IMG_0001 (2).HEIC", "IMG_0001 (3).HEIC", "IMG_0001.HEIC"}));
  EXPECT_EQ(owner(world, "IMG_0001.HEIC"), "d");
  world.load();
  EXPECT_EQ(owner(world, "IMG_0001.HEIC"), "d");
}

TEST(Arranger, WaitForAPhotoThatComesBack) {
  World world;
  Shot shot{"a"};
  world.put(shot);
  const Inode inode = world.at(kMonth + "/IMG_0001.HEIC");
  shot.asset.hidden = true;
  world.put({shot, Shot{"b"}.added(day(2020, 1, 1))});
  EXPECT_EQ(world.list(kMonth), Names{"IMG_0001 (2).HEIC"});
  world.load();
  shot.asset.hidden = false;
  world.put(shot);
  EXPECT_EQ(world.list(kMonth), (Names{"IMG_0001 (2).HEIC", "IMG_0001.HEIC"}));
  EXPECT_EQ(world.at(kMonth + "/IMG_0001.HEIC"), inode);
}

TEST(Arranger, OfWhoComesBackTooLateAreGoneButHeGetsAnother) {
  World world;
  Shot shot{"a"};
  world.put(shot);
  shot.asset.hidden = true;
  world.put(shot);
  world.clock.advance(std::chrono::hours{24 * 31});
  world.put(Shot{"b"});
  shot.asset.hidden = false;
  world.put(shot);
  EXPECT_EQ(owner(world, "IMG_0001.HEIC"), "b");
  EXPECT_EQ(owner(world, "IMG_0001 (2).HEIC"), "a");
  const auto paths = walk(*world.tree);
  world.load();
  EXPECT_EQ(walk(*world.tree), paths);
}

TEST(Arranger, ReserveTheNameOfAnEditThatMayCome) {
  World world;
  Shot shot{"a", "IMG_1.JPG", "public.jpeg"};
  world.put({shot, Shot{"b", "IMG_1-edited.JPG", "public.jpeg"}});
  EXPECT_EQ(world.list(kMonth), (Names{"IMG_1-edited (2).JPG", "IMG_1.JPG"}));
  world.put(shot.edited());
  EXPECT_EQ(world.list(kMonth), (Names{"IMG_1-edited (2).JPG", "IMG_1-edited.JPG", "IMG_1.JPG"}));
}

TEST(Arranger, OfAPhotoSurviveItsRenamingInTheCloud) {
  World world;
  Shot shot{"a"};
  world.put(shot);
  shot.original.file_name = "other.HEIC";
  world.put(shot);
  EXPECT_EQ(world.list(kMonth), Names{"IMG_0001.HEIC"});
}

TEST(Arranger, AreEachDirectorysOwn) {
  World world;
  world.put({Shot{"a"}.favorite(), Shot{"b"}.favorite(), Shot{"c"}.captured(day(2024, 7, 1)).favorite()});
  EXPECT_EQ(world.list("All Photos/2024/07"), Names{"IMG_0001.HEIC"});
  EXPECT_EQ(world.list("Favorites"), (Names{"IMG_0001 (2).HEIC", "IMG_0001 (3).HEIC", "IMG_0001.HEIC"}));
}

TEST(Arranger, NumbersThousandsOfOneName) {
  World world;
  std::vector<Shot> shots;
  for (int i = 0; i < 2000; ++i) shots.emplace_back("p" + std::to_string(i), "image.jpg", "public.jpeg");
  world.put(shots);
  EXPECT_NE(world.at(kMonth + "/image.jpg"), Inode{});
  EXPECT_NE(world.at(kMonth + "/image (2000).jpg"), Inode{});
  EXPECT_EQ(world.list(kMonth).size(), 2000U);
}

}  // namespace
}  // namespace icloudphotos::tree
