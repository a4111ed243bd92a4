// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "icloudphotos/tree/tree.h"

#include "calendar.h"
#include "fake_clock.h"
#include "temp_dir.h"

namespace icloudphotos::tree {

/// A photo in the making; `Shot{"a", "IMG_1.HEIC"}` is a HEIC still of 1 June 2024, added that day.
struct Shot {
  Asset asset;
  Original original;

  explicit Shot(const std::string& id, const std::string& name = "IMG_0001.HEIC",
                const std::string& type = "public.heic") {
    asset.id = AssetId{id};
    asset.original = original.id = OriginalId{"original of " + id};
    asset.captured = asset.added = asset.created = asset.changed = original.changed = day(2024, 6, 1);
    asset.utc_offset = std::chrono::seconds{7200};
    original.file_name = name;
    original.type = type;
    with(ResourceKind::Original, type, 1000);
  }
  Shot& with(ResourceKind kind, const std::string& type, std::uint64_t size, const std::string& checksum = "") {
    auto& resources =
        kind == ResourceKind::EditedStill || kind == ResourceKind::EditedVideo ? asset.resources : original.resources;
    const std::string sum = checksum.empty() ? asset.id.value + "/" + std::to_string(static_cast<int>(kind)) : checksum;
    resources.push_back({kind, type, size, sum});
    return *this;
  }
  Shot& live() {
    asset.subtype_v2 = 2;
    return with(ResourceKind::LiveVideo, "com.apple.quicktime-movie", 300);
  }
  Shot& edited(const std::string& checksum = "") {
    return with(ResourceKind::EditedStill, "public.jpeg", 700, checksum);
  }
  Shot& favorite() {
    asset.favorite = true;
    return *this;
  }
  Shot& added(TimePoint time) {
    asset.added = time;
    return *this;
  }
  Shot& captured(TimePoint time) {
    asset.captured = time;
    return *this;
  }
};

inline Album album(const std::string& id, const std::string& name, const std::string& parent = "",
                   Album::Kind kind = Album::Kind::Album) {
  Album made;
  made.id = AlbumId{id};
  made.kind = kind;
  made.name = name;
  if (!parent.empty()) made.parent = AlbumId{parent};
  made.created = day(2024, 1, 1);
  return made;
}
inline Album folder(const std::string& id, const std::string& name, const std::string& parent = "") {
  return album(id, name, parent, Album::Kind::Folder);
}

inline std::shared_ptr<const Directory> directory_of(const Tree& tree, Inode inode) {
  auto directory = tree.directory(inode);
  EXPECT_TRUE(directory) << directory.error().message();
  return directory ? *directory : nullptr;
}
inline std::optional<Node> node_of(const Tree& tree, Inode inode) {
  auto node = tree.node(inode);
  EXPECT_TRUE(node) << node.error().message();
  return node ? *node : std::nullopt;
}
inline std::optional<ResourceRef> resource_of(const Tree& tree, Inode inode) {
  const auto content = tree.content(inode);
  EXPECT_TRUE(content) << content.error().message();
  if (!content || !*content || !std::holds_alternative<ResourceRef>(**content)) return std::nullopt;
  return std::get<ResourceRef>(**content);
}

/// Every path and its inode, directories with a slash at the end. Checks on the way what must be true of any tree.
inline std::map<std::string, Inode> walk(const Tree& tree) {
  std::map<std::string, Inode> paths;
  std::map<Inode, std::uint32_t> names_of;
  std::map<Inode, std::set<Inode>> directories_of;
  std::vector<std::pair<std::string, Inode>> left{{"", kRootInode}};
  while (!left.empty()) {
    const auto [path, inode] = left.back();
    left.pop_back();
    const auto directory = directory_of(tree, inode);
    const auto node = node_of(tree, inode);
    EXPECT_TRUE(directory && node) << path;
    if (!directory || !node) continue;
    EXPECT_EQ(directory->inode, inode) << path;
    EXPECT_EQ(node->kind, NodeKind::Directory) << path;
    EXPECT_EQ(node->complete, directory->complete) << path;
    std::uint32_t below = 0;
    std::uint64_t place = 2;
    for (const Entry& entry : directory->entries) {
      EXPECT_LT(place, entry.place) << path;
      place = entry.place;
      const auto looked_up = tree.look_up(inode, entry.name);
      EXPECT_TRUE(looked_up && *looked_up && (*looked_up)->inode == entry.node.inode) << path << entry.name;
      const auto about = node_of(tree, entry.node.inode);
      EXPECT_TRUE(about && about->kind == entry.node.kind && about->links == entry.node.links &&
                  about->size == entry.node.size && about->modified_s == entry.node.modified_s)
          << path << entry.name;
      if (entry.node.kind == NodeKind::Directory) {
        ++below;
        EXPECT_EQ(tree.parent(entry.node.inode), inode) << path << entry.name;
        EXPECT_TRUE(paths.emplace(path + entry.name + "/", entry.node.inode).second);
        left.emplace_back(path + entry.name + "/", entry.node.inode);
      } else {
        ++names_of[entry.node.inode];
        directories_of[entry.node.inode].insert(inode);
        const auto bytes = resource_of(tree, entry.node.inode);
        EXPECT_TRUE(bytes) << path << entry.name;
        EXPECT_TRUE(bytes && tree.file_of(*bytes).value() == entry.node.inode) << path << entry.name;
        EXPECT_TRUE(paths.emplace(path + entry.name, entry.node.inode).second);
      }
    }
    EXPECT_EQ(node->links, 2 + below) << path;
  }
  for (const auto& [inode, count] : names_of) EXPECT_EQ(node_of(tree, inode)->links, count);
  for (const auto& [inode, directories] : directories_of) {
    const auto told = tree.directories_of(inode).value();
    EXPECT_EQ(std::set<Inode>(told.begin(), told.end()), directories);
  }
  return paths;
}

/// A catalog with a complete personal library, a clock standing at 2026-09-21, and the tree of both.
struct World {
  TempDir home;
  FakeClock clock;
  std::unique_ptr<catalog::Catalog> owned_catalog;
  catalog::Catalog& catalog;
  LibraryId personal{"personal"};
  std::unique_ptr<Tree> tree;
  TreeOptions options;

  explicit World(TreeOptions shown = {}, bool listed = true)
      : owned_catalog{catalog::Catalog::open(home.path(), clock).value()},
        catalog{*owned_catalog},
        options{std::move(shown)} {
    add_library(personal, Library::Kind::Personal, listed);
    load();
  }
  void add_library(const LibraryId& id, Library::Kind kind, bool listed = true) {
    EXPECT_TRUE(catalog.add_libraries({{.id = id, .kind = kind, .token = std::nullopt}}));
    EXPECT_TRUE(catalog.set_listed(id, listed, std::nullopt));
    if (listed) feed(id);
  }
  /// The whole feed was read, and delivered nothing that is not known.
  void feed(const LibraryId& id) { EXPECT_TRUE(catalog.end_reading(id, std::nullopt)); }
  /// Another computer's world, which has read the same libraries anew.
  [[nodiscard]] std::unique_ptr<World> read_anew() const {
    auto fresh = std::make_unique<World>(options, false);
    Delta all;
    all.library = personal;
    EXPECT_TRUE(catalog.each_photo(personal, [&](const catalog::Photo& photo) {
      all.assets.push_back(photo.asset);
      if (photo.original) all.originals.push_back(*photo.original);
    }));
    all.albums = catalog.albums(personal).value();
    EXPECT_TRUE(
        catalog.each_membership(personal, [&](const Membership& member) { all.memberships.push_back(member); }));
    EXPECT_TRUE(fresh->catalog.apply(all));
    EXPECT_TRUE(fresh->catalog.set_listed(personal, true, std::nullopt));
    fresh->feed(personal);
    fresh->load();
    return fresh;
  }
  void load() {
    tree.reset();
    auto loaded = Tree::load(catalog, clock, options);
    ASSERT_TRUE(loaded) << loaded.error().message();
    tree = std::move(*loaded);
  }
  Stale apply(const Delta& delta) {
    const auto changes = catalog.apply(delta);
    EXPECT_TRUE(changes) << changes.error().message();
    auto stale = tree->refresh();
    EXPECT_TRUE(stale) << stale.error().message();
    return stale ? *std::move(stale) : Stale{};
  }
  Stale put(const std::vector<Shot>& shots) {
    Delta delta;
    delta.library = personal;
    for (const Shot& shot : shots) {
      delta.assets.push_back(shot.asset);
      delta.originals.push_back(shot.original);
    }
    return apply(delta);
  }
  Stale put(const Shot& shot) { return put(std::vector{shot}); }
  Stale put_albums(const std::vector<Album>& albums) {
    Delta delta;
    delta.library = personal;
    delta.albums = albums;
    return apply(delta);
  }
  Stale put_in(const std::string& album, const std::vector<std::string>& assets) {
    Delta delta;
    delta.library = personal;
    for (const auto& asset : assets) delta.memberships.push_back({AlbumId{album}, AssetId{asset}, 0});
    return apply(delta);
  }
  Stale remove(const std::string& record) {
    Delta delta;
    delta.library = personal;
    delta.gone = {record};
    return apply(delta);
  }
  /// What is in a directory of the personal library, "All Photos/2024/06", sorted.
  [[nodiscard]] std::vector<std::string> list(const std::string& path) const {
    std::vector<std::string> names;
    const auto directory = directory_of(*tree, at(path));
    if (!directory) return {"no such directory"};
    for (const Entry& entry : directory->entries) names.push_back(entry.name);
    std::sort(names.begin(), names.end());
    return names;
  }
  /// The inode of a path in the personal library; Inode{} if there is none.
  [[nodiscard]] Inode at(const std::string& path) const { return find("Personal Library/" + path); }
  [[nodiscard]] Inode find(const std::string& path) const {
    Inode here = kRootInode;
    for (std::size_t start = 0; start < path.size();) {
      const auto end = std::min(path.find('/', start), path.size());
      const auto node = tree->look_up(here, path.substr(start, end - start));
      if (!node || !*node) return {};
      here = (*node)->inode;
      start = end + 1;
    }
    return here;
  }
  [[nodiscard]] Node node(const std::string& path) const { return node_of(*tree, at(path)).value_or(Node{}); }
  [[nodiscard]] std::optional<ResourceRef> resource(const std::string& path) const {
    return resource_of(*tree, at(path));
  }
};

using Names = std::vector<std::string>;

}  // namespace icloudphotos::tree
