// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <tuple>

#include <gtest/gtest.h>

#include "small_world.h"

namespace icloudphotos::tree {
namespace {

/// The whole tree as plain maps.
struct Model {
  std::map<std::pair<Inode, std::string>, Inode> names;
  std::map<Inode, Node> nodes;
  std::map<Inode, std::uint32_t> depth;

  explicit Model(const Tree& tree) {
    std::vector<std::pair<Inode, std::uint32_t>> left{{kRootInode, 0}};
    while (!left.empty()) {
      const auto [inode, deep] = left.back();
      left.pop_back();
      nodes[inode] = *node_of(tree, inode);
      depth[inode] = deep;
      for (const Entry& entry : directory_of(tree, inode)->entries) {
        names[{inode, entry.name}] = entry.node.inode;
        if (entry.node.kind == NodeKind::Directory) left.emplace_back(entry.node.inode, deep + 1);
        if (entry.node.kind == NodeKind::File) nodes[entry.node.inode] = *node_of(tree, entry.node.inode);
      }
    }
  }
};

using StaleName = std::tuple<Inode, std::string, std::optional<Inode>>;

std::set<StaleName> names_between(const Model& before, const Model& after) {
  std::set<StaleName> stale;
  for (const auto& [key, inode] : before.names) {
    const auto now = after.names.find(key);
    if (now == after.names.end()) stale.emplace(key.first, key.second, inode);
    if (now != after.names.end() && now->second != inode) stale.emplace(key.first, key.second, std::nullopt);
  }
  for (const auto& [key, inode] : after.names) {
    if (!before.names.contains(key)) stale.emplace(key.first, key.second, std::nullopt);
  }
  return stale;
}

std::set<Inode> inodes_between(const Model& before, const Model& after) {
  const auto attributes = [](const Node& node) {
    return std::tuple{node.complete, node.size, node.links, node.modified_s, node.changed_s};
  };
  std::set<Inode> stale;
  for (const auto& [inode, node] : before.nodes) {
    const auto now = after.nodes.find(inode);
    if (now != after.nodes.end() && attributes(now->second) != attributes(node)) stale.insert(inode);
  }
  for (const auto& [directory, name, deleted] : names_between(before, after)) {
    if (before.nodes.contains(directory) && after.nodes.contains(directory)) stale.insert(directory);
  }
  return stale;
}

void expect_exact(const Stale& stale, const Model& before, const Model& after) {
  std::set<StaleName> names;
  for (const auto& name : stale.names) names.emplace(name.directory, name.name, name.deleted);
  EXPECT_EQ(names.size(), stale.names.size()) << "each name once";
  EXPECT_EQ(names, names_between(before, after));
  const std::set<Inode> inodes{stale.inodes.begin(), stale.inodes.end()};
  EXPECT_EQ(inodes.size(), stale.inodes.size()) << "each inode once";
  EXPECT_EQ(inodes, inodes_between(before, after));
  std::uint32_t last = UINT32_MAX;
  for (const auto& name : stale.names) {
    const auto old = before.depth.find(name.directory);
    const std::uint32_t depth = old != before.depth.end() ? old->second : after.depth.at(name.directory);
    EXPECT_LE(depth, last) << "deepest directories first";
    last = depth;
  }
}

TEST(Stale, TellsWhatAnEditChanged) {
  World world;
  Shot shot{"a"};
  world.put({shot.favorite(), Shot{"b", "IMG_0002.HEIC"}});
  const Inode original = world.at("All Photos/2024/06/IMG_0001.HEIC");
  const Stale stale = world.put(shot.edited());
  const Inode month = world.at("All Photos/2024/06");
  const Inode favorites = world.at("Favorites");
  ASSERT_EQ(stale.names.size(), 5U);
  EXPECT_EQ(stale.names[0].directory, month);
  EXPECT_EQ(stale.names[0].name, "IMG_0001-edited.JPG");
  EXPECT_EQ(stale.names[0].deleted, std::nullopt);
  const Inode recents = world.at("Recents");
  const auto lost = std::find_if(stale.names.begin(), stale.names.end(), [&](const Stale::Name& name) {
    return name.directory == favorites && name.name == "IMG_0001.HEIC";
  });
  ASSERT_NE(lost, stale.names.end());
  EXPECT_EQ(lost->deleted, original);
  const std::set<Inode> inodes{stale.inodes.begin(), stale.inodes.end()};
  EXPECT_EQ(inodes, (std::set<Inode>{month, favorites, recents, original})) << "the original has names less";
}

TEST(Stale, IsNothingWhenNothingChanged) {
  World world;
  world.put({Shot{"a"}.favorite(), Shot{"b"}});
  const Stale stale = world.put(Shot{"b"});
  EXPECT_TRUE(stale.names.empty());
  EXPECT_TRUE(stale.inodes.empty());
}

TEST(Stale, HasTheDirectoriesOfALibraryThatIsGone) {
  World world;
  world.put(Shot{"a"});
  const Inode library = world.find("Personal Library");
  const Inode month = world.at("All Photos/2024/06");
  const Inode year = world.at("All Photos/2024");
  ASSERT_TRUE(world.catalog.remove_library(world.personal));
  const auto stale = world.tree->refresh();
  ASSERT_TRUE(stale);
  // With a directory the kernel forgets what is in it.
  EXPECT_EQ(stale->names.front().directory, year);
  EXPECT_EQ(stale->names.front().deleted, month);
  EXPECT_EQ(stale->names.back().directory, kRootInode);
  EXPECT_EQ(stale->names.back().deleted, library);
}

/// Random days in the life of a library.
class RandomLife {
 public:
  explicit RandomLife(std::uint32_t seed) : random_{seed} {}

  Stale step(World& world) {
    switch (below(7)) {
      case 0:
        return world.remove("p" + std::to_string(below(40)));
      case 1:
        return world.remove("a" + std::to_string(below(8)));
      case 2:
        return world.put_albums({some_album()});
      case 3:
        return world.put_in("a" + std::to_string(below(8)), {photo_id(), photo_id(), photo_id()});
      case 4:
        return leave(world);
      default:
        return world.put({some_photo(), some_photo()});
    }
  }

 private:
  int below(int limit) { return std::uniform_int_distribution<>{0, limit - 1}(random_); }
  bool one_in(int count) { return below(count) == 0; }
  std::string photo_id() { return "p" + std::to_string(below(40)); }

  Shot some_photo() {
    static const Names kNames{"IMG_0001.HEIC", "img_0001.heic", "",           "IMG_0001-edited.HEIC",
                              "x.JPG",         "CON.HEIC",      "\u00e9.HEIC"};
    Shot shot{photo_id(), kNames[static_cast<std::size_t>(below(7))]};
    shot.captured(day(2023 + below(3), 1 + static_cast<unsigned>(below(3)), 1));
    shot.asset.changed = day(2024, 1, 1 + static_cast<unsigned>(below(20)));
    if (one_in(8)) shot.asset.captured.reset();
    if (one_in(3)) shot.live();
    if (one_in(3)) shot.edited("edit " + std::to_string(below(3)));
    if (one_in(3)) shot.favorite();
    shot.asset.hidden = one_in(6);
    shot.asset.deleted = one_in(8);
    if (one_in(10)) shot.original.resources.clear();
    return shot;
  }
  Album some_album() {
    const bool is_folder = one_in(2);
    const std::string number = std::to_string(below(4) * 2 + (is_folder ? 0 : 1));  // even ones are folders
    Album made =
        album("a" + number, one_in(2) ? "Same" : "Album " + std::to_string(below(4)),
              one_in(2) ? "" : "a" + std::to_string(below(8)), is_folder ? Album::Kind::Folder : Album::Kind::Album);
    made.deleted = one_in(6);
    return made;
  }
  Stale leave(World& world) {
    Delta delta;
    delta.library = world.personal;
    delta.left = {{AlbumId{"a" + std::to_string(below(8))}, AssetId{photo_id()}, 0}};
    return world.apply(delta);
  }

  std::mt19937 random_;
};

TEST(Stale, EqualsAPlainComparisonThroughAThousandRandomChanges) {
  World world;
  RandomLife life{20240601};
  for (int i = 0; i < 1000 && !::testing::Test::HasFailure(); ++i) {
    const Model before{*world.tree};
    const Stale stale = life.step(world);
    expect_exact(stale, before, Model{*world.tree});
  }
}

TEST(Stale, PathsAndInodesSurviveARestartAtAnyMoment) {
  World world;
  RandomLife life{4711};
  for (int i = 0; i < 150 && !::testing::Test::HasFailure(); ++i) {
    life.step(world);
    const auto paths = walk(*world.tree);
    world.load();
    EXPECT_EQ(walk(*world.tree), paths) << "after step " << i;
    world.clock.advance(std::chrono::hours{36});
  }
}

TEST(Stale, APhotoThatStaysKeepsItsPathsWhateverComesAndGoes) {
  World world;
  Shot stays{"stays"};
  world.put(stays.favorite().live().edited());
  std::map<std::string, Inode> mine;
  for (const auto& [path, inode] : walk(*world.tree)) {
    if (!path.ends_with('/')) mine.emplace(path, inode);
  }
  ASSERT_EQ(mine.size(), 3U + 2U + 2U + 2U);
  RandomLife life{99};
  for (int i = 0; i < 300; ++i) {
    life.step(world);
    world.clock.advance(std::chrono::hours{50});
  }
  const auto paths = walk(*world.tree);
  for (const auto& [path, inode] : mine) {
    const auto now = paths.find(path);
    ASSERT_NE(now, paths.end()) << path;
    EXPECT_EQ(now->second, inode) << path;
  }
}

}  // namespace
}  // namespace icloudphotos::tree
