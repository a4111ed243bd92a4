// SPDX-License-Identifier: MIT
#include "cloud/album_tree.h"

#include <map>
#include <string>

#include <gtest/gtest.h>

namespace icloudphotos::cloud {
namespace {

Album album(const std::string& id, const std::string& parent = "", Album::Kind kind = Album::Kind::Album) {
  Album made;
  made.id = AlbumId{id};
  made.kind = kind;
  if (!parent.empty()) made.parent = AlbumId{parent};
  return made;
}
Album folder(const std::string& id, const std::string& parent = "") { return album(id, parent, Album::Kind::Folder); }

/// What hangs where: id to parent's id, "" for the top.
std::map<std::string, std::string> tree(std::map<std::string, std::vector<Album>> lists, int* asked = nullptr) {
  const auto albums = read_album_tree([&](const std::optional<AlbumId>& inside) -> Result<std::vector<Album>> {
    if (asked != nullptr) ++*asked;
    return lists[inside ? inside->value : ""];
  });
  std::map<std::string, std::string> found;
  if (albums)
    for (const auto& one : *albums) found[one.id.value] = one.parent ? one.parent->value : "";
  return found;
}

using Found = std::map<std::string, std::string>;

TEST(AlbumTree, FoldersAreLookedIntoHoweverDeep) {
  EXPECT_EQ(tree({{"", {album("a"), folder("f")}}, {"f", {folder("g", "f")}}, {"g", {album("b", "g")}}}),
            (Found{{"a", ""}, {"f", ""}, {"g", "f"}, {"b", "g"}}));
}

TEST(AlbumTree, AnAlbumThatDoesNotSayItsFolderIsWhereItWasFound) {
  EXPECT_EQ(tree({{"", {folder("f")}}, {"f", {album("b")}}}), (Found{{"f", ""}, {"b", "f"}}));
}

TEST(AlbumTree, WhatHangsBelowNothingIsAtTheTop) {
  EXPECT_EQ(tree({{"", {album("a", "gone"), album("b", "a")}}}), (Found{{"a", ""}, {"b", ""}}));
}

TEST(AlbumTree, TheTrashIsLeftOut) {
  auto trashed = folder("f");
  trashed.deleted = true;
  EXPECT_EQ(tree({{"", {trashed, album("a", "f")}}, {"f", {album("lost", "f")}}}), (Found{{"a", ""}}));
}

TEST(AlbumTree, FoldersInEachOtherEndAtTheTop) {
  int asked = 0;
  const auto found =
      tree({{"", {folder("f", "g"), folder("g", "f")}}, {"f", {folder("g", "f")}}, {"g", {folder("f", "g")}}}, &asked);
  EXPECT_EQ(found.size(), 2U);
  EXPECT_EQ(found.at("f"), "");
  EXPECT_EQ(asked, 3);
}

TEST(AlbumTree, AnEndlessDescentEnds) {
  int asked = 0;
  const auto albums = read_album_tree([&](const std::optional<AlbumId>& inside) -> Result<std::vector<Album>> {
    return std::vector{folder("f" + std::to_string(++asked), inside ? inside->value : "")};
  });
  ASSERT_TRUE(albums);
  EXPECT_EQ(asked, 1 + kMaxFolderDepth);
}

}  // namespace
}  // namespace icloudphotos::cloud
