// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "icloudphotos/tree/tree.h"

#include "calendar.h"
#include "fake_catalog.h"
#include "fake_clock.h"

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

/// Every path and its inode, directories with a slash at the end. Checks on the way what must be true of any tree.
inline std::map<std::string, Inode> walk(const Tree& tree) {
  std::map<std::string, Inode> paths;
  std::map<Inode, std::uint32_t> names_of;
  std::vector<std::pair<std::string, Inode>> left{{"", kRootInode}};
  while (!left.empty()) {
    const auto [path, inode] = left.back();
    left.pop_back();
    const auto directory = tree.directory(inode);
    const auto node = tree.node(inode);
    EXPECT_TRUE(directory && node) << path;
    if (!directory || !node) continue;
    EXPECT_EQ(directory->inode, inode) << path;
    EXPECT_EQ(node->kind, NodeKind::Directory) << path;
    EXPECT_EQ(node->complete, directory->complete) << path;
    std::uint32_t below = 0;
    const Entry* before = nullptr;
    for (const Entry& entry : directory->entries) {
      if (before != nullptr) {
        EXPECT_LT(before->name, entry.name) << path;
      }
      before = &entry;
      EXPECT_EQ(directory->find(entry.name), &entry);
      const auto about = tree.node(entry.inode);
      EXPECT_TRUE(about && about->kind == entry.kind) << path << entry.name;
      if (entry.kind == NodeKind::Directory) {
        ++below;
        EXPECT_EQ(tree.directory(entry.inode)->parent, inode) << path << entry.name;
        EXPECT_TRUE(paths.emplace(path + entry.name + "/", entry.inode).second);
        left.emplace_back(path + entry.name + "/", entry.inode);
      } else {
        ++names_of[entry.inode];
        EXPECT_TRUE(tree.resource(entry.inode)) << path << entry.name;
        EXPECT_TRUE(paths.emplace(path + entry.name, entry.inode).second);
      }
    }
    EXPECT_EQ(node->links, 2 + below) << path;
  }
  for (const auto& [inode, count] : names_of) EXPECT_EQ(tree.node(inode)->links, count);
  return paths;
}

/// A catalog with a complete personal library, a clock standing at 2026-09-21, and the tree of both.
struct World {
  catalog::FakeCatalog catalog;
  FakeClock clock;
  LibraryId personal{"personal"};
  std::unique_ptr<Tree> tree;
  TreeOptions options;

  World() {
    add_library(personal, Library::Kind::Personal);
    load();
  }
  void add_library(const LibraryId& id, Library::Kind kind, bool listed = true) {
    EXPECT_TRUE(catalog.add_libraries({{.id = id, .kind = kind, .token = std::nullopt}}));
    EXPECT_TRUE(catalog.set_listed(id, listed, std::nullopt));
  }
  void load() {
    auto loaded = Tree::load(catalog, clock, options);
    ASSERT_TRUE(loaded) << loaded.error().message();
    tree = std::move(*loaded);
  }
  Stale apply(const Delta& delta) {
    const auto changes = catalog.apply(delta);
    auto stale = tree->refresh(*changes);
    EXPECT_TRUE(stale);
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
  /// What is in a directory of the personal library, "All Photos/2024/06".
  [[nodiscard]] std::vector<std::string> list(const std::string& path) const {
    std::vector<std::string> names;
    const auto directory = tree->directory(at(path));
    if (!directory) return {"no such directory"};
    for (const Entry& entry : directory->entries) names.push_back(entry.name);
    return names;
  }
  /// The inode of a path in the personal library; Inode{} if there is none.
  [[nodiscard]] Inode at(const std::string& path) const { return find("Personal Library/" + path); }
  [[nodiscard]] Inode find(const std::string& path) const {
    Inode here = kRootInode;
    for (std::size_t start = 0; start < path.size();) {
      const auto end = std::min(path.find('/', start), path.size());
      const auto directory = tree->directory(here);
      const Entry* entry = directory ? directory->find(path.substr(start, end - start)) : nullptr;
      if (entry == nullptr) return {};
      here = entry->inode;
      start = end + 1;
    }
    return here;
  }
  [[nodiscard]] Node node(const std::string& path) const { return tree->node(at(path)).value_or(Node{}); }
};

using Names = std::vector<std::string>;

}  // namespace icloudphotos::tree
