// SPDX-License-Identifier: MIT
#include "inodes.h"

#include <set>

#include <gtest/gtest.h>

#include "small_world.h"

namespace icloudphotos::tree {
namespace {

const std::string kFile = "All Photos/2024/06/IMG_0001.HEIC";

TEST(Inodes, AreTheSameForEver) {
  World world;
  world.put(Shot{"a"});
  // Changing this number renumbers every mount there is: backups copy everything again, NFS handles go stale.
  EXPECT_EQ(world.at(kFile), Inode{0x611e6bfb2dddc5c8});  // 63 bits of SHA-1("personal|file|a|1|a/1")
  EXPECT_EQ(world.find("Personal Library"), Inode{0x41c25226f46dddb8});
  EXPECT_EQ(world.at("All Photos/2024/06"), Inode{0x09c37c8706cd816e});
}

TEST(Inodes, OfAnEditWithNewBytesAreNewUnderTheSameName) {
  World world;
  Shot shot{"a"};
  shot.edited("first");
  world.put(shot);
  const Inode original = world.at(kFile);
  const Inode first = world.at("All Photos/2024/06/IMG_0001-edited.JPG");
  shot.asset.resources[0].checksum = "second";
  world.put(shot);
  EXPECT_NE(world.at("All Photos/2024/06/IMG_0001-edited.JPG"), first);
  EXPECT_NE(world.at("All Photos/2024/06/IMG_0001-edited.JPG"), Inode{});
  EXPECT_EQ(world.at(kFile), original);
  EXPECT_FALSE(node_of(*world.tree, first));
}

TEST(Inodes, DifferForEqualBytesOfTwoPhotosAndTwoLibraries) {
  World world;
  const LibraryId shared{"shared"};
  world.add_library(shared, Library::Kind::Shared);
  world.put({Shot{"a"}.with(ResourceKind::Alternative, "public.png", 1000, "a/1"), Shot{"b"}});
  Delta delta;
  delta.library = shared;
  const Shot shot{"a"};
  delta.assets = {shot.asset};
  delta.originals = {shot.original};
  world.apply(delta);
  const auto paths = walk(*world.tree);
  std::set<Inode> inodes;
  std::size_t links = 0;
  for (const auto& [path, inode] : paths) {
    if (path.find("/Recents/I") != std::string::npos) {
      ++links;
      continue;
    }
    inodes.insert(inode);
    EXPECT_GT(inode.value, 1U);
    EXPECT_EQ(inode.value >> 63, 0U);
  }
  EXPECT_EQ(inodes.size(), paths.size() - links);
}

TEST(Inodes, ThatAreTakenGiveWayToTheNextForGood) {
  World world;
  world.put(Shot{"a"});
  const Inode wished = world.at(kFile);
  const Inode directory = world.at("All Photos/2024/06");

  World other;
  ASSERT_TRUE(other.catalog.change_tree([&](catalog::TreeWriter& writer) -> Result<void> {
    for (const Inode taken : {wished, Inode{wished.value + 1}, directory}) {
      EXPECT_FALSE(writer.take_inode({taken, 4711, 1, 0}).value());
    }
    return {};
  }));
  other.load();
  other.put(Shot{"a"});
  EXPECT_EQ(other.at(kFile), Inode{wished.value + 2});
  EXPECT_EQ(other.at("All Photos/2024/06"), Inode{directory.value + 1});
  other.load();
  EXPECT_EQ(other.at(kFile), Inode{wished.value + 2});
  other.remove("a");
  other.put(Shot{"a"});
  EXPECT_EQ(other.at(kFile), Inode{wished.value + 2});
  walk(*other.tree);
}

TEST(Inodes, WrapAroundPastTheRoot) {
  EXPECT_EQ(Inodes::after({~std::uint64_t{0} >> 1, 7}).inode, 2U);
  EXPECT_EQ(Inodes::after({4711, 7}).inode, 4712U);
  EXPECT_EQ(Inodes::after({4711, 7}).check, 7);
}

}  // namespace
}  // namespace icloudphotos::tree
