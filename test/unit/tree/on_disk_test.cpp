// SPDX-License-Identifier: MIT
// The tree on the real catalog: what it remembers comes back as it was.
#include <gtest/gtest.h>

#include "small_world.h"
#include "temp_dir.h"

namespace icloudphotos::tree {
namespace {

Delta a_library(const LibraryId& library) {
  Delta delta;
  delta.library = library;
  for (int i = 0; i < 50; ++i) {
    const std::string id = "A0B1C2D3-0000-4000-8000-0000000000" + std::to_string(10 + i * 37 % 50);
    Shot shot{id, i % 3 == 0 ? "IMG_0001.HEIC" : i % 3 == 1 ? "img_0001-edited.heic" : ""};
    if (i % 2 == 0) shot.live();
    if (i % 5 == 0) shot.edited().favorite();
    delta.assets.push_back(shot.asset);
    delta.originals.push_back(shot.original);
    delta.memberships.push_back({AlbumId{i % 2 == 0 ? "even" : "odd"}, shot.asset.id, i});
  }
  delta.albums = {folder("trips", "Trips"), album("even", "Same", "trips"), album("odd", "same", "trips")};
  return delta;
}

TEST(OnDisk, PathsAndInodesAreTheSameAfterARestartAndAfterALostCatalog) {
  FakeClock clock;
  const LibraryId library{"private/PrimarySync"};
  std::map<std::string, Inode> paths;
  const TempDir first;
  for (const char* run : {"made", "opened again", "and again"}) {
    const auto catalog = catalog::Catalog::open(first.path(), clock);
    ASSERT_TRUE(catalog) << catalog.error().message();
    if (paths.empty()) {
      ASSERT_TRUE((*catalog)->add_libraries({{.id = library, .kind = Library::Kind::Personal, .token = std::nullopt}}));
      ASSERT_TRUE((*catalog)->apply(a_library(library)));
      ASSERT_TRUE((*catalog)->set_listed(library, true, 50));
    }
    const auto tree = Tree::load(**catalog, clock, {});
    ASSERT_TRUE(tree) << tree.error().message();
    if (paths.empty()) paths = walk(**tree);
    EXPECT_EQ(walk(**tree), paths) << run;
    EXPECT_EQ((*tree)->totals().files, 50U + 25U + 10U);
  }

  const TempDir second;
  const auto catalog = catalog::Catalog::open(second.path(), clock);
  ASSERT_TRUE(catalog);
  ASSERT_TRUE((*catalog)->add_libraries({{.id = library, .kind = Library::Kind::Personal, .token = std::nullopt}}));
  Delta backwards = a_library(library);
  std::reverse(backwards.assets.begin(), backwards.assets.end());
  std::reverse(backwards.albums.begin(), backwards.albums.end());
  ASSERT_TRUE((*catalog)->apply(backwards));
  ASSERT_TRUE((*catalog)->set_listed(library, true, 50));
  const auto tree = Tree::load(**catalog, clock, {});
  ASSERT_TRUE(tree);
  EXPECT_EQ(walk(**tree), paths);
}

TEST(OnDisk, NamesThatWereGivenOutStayWhereTheyAre) {
  FakeClock clock;
  const TempDir directory;
  const LibraryId library{"private/PrimarySync"};
  const auto list = [&](const Shot& shot) {
    const auto catalog = catalog::Catalog::open(directory.path(), clock);
    EXPECT_TRUE((*catalog)->add_libraries({{.id = library, .kind = Library::Kind::Personal, .token = std::nullopt}}));
    Delta delta;
    delta.library = library;
    delta.assets = {shot.asset};
    delta.originals = {shot.original};
    EXPECT_TRUE((*catalog)->apply(delta));
    EXPECT_TRUE((*catalog)->set_listed(library, true, std::nullopt));
    const auto tree = Tree::load(**catalog, clock, {});
    std::map<std::string, std::string> owners;
    for (const auto& [path, inode] : walk(**tree)) {
      if (const auto resource = resource_of(**tree, inode))
        owners[path.substr(path.rfind('/') + 1)] = resource->asset.value;
    }
    return owners;
  };
  using Owners = std::map<std::string, std::string>;
  EXPECT_EQ(list(Shot{"m"}), (Owners{{"IMG_0001.HEIC", "m"}}));
  EXPECT_EQ(list(Shot{"a"}.added(day(2001, 1, 1))), (Owners{{"IMG_0001.HEIC", "m"}, {"IMG_0001 (2).HEIC", "a"}}));
  Shot gone{"m"};
  gone.asset.deleted = true;
  EXPECT_EQ(list(gone), (Owners{{"IMG_0001 (2).HEIC", "a"}}));
  EXPECT_EQ(list(Shot{"z"}), (Owners{{"IMG_0001 (2).HEIC", "a"}, {"IMG_0001 (3).HEIC", "z"}}));
  clock.advance(std::chrono::hours{24 * 30});
  EXPECT_EQ(list(Shot{"y"}).at("IMG_0001.HEIC"), "y");
}

}  // namespace
}  // namespace icloudphotos::tree
