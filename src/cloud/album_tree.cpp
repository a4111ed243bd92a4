// SPDX-License-Identifier: MIT
#include "cloud/album_tree.h"

#include <unordered_map>

namespace icloudphotos::cloud {
namespace {

using Known = std::unordered_map<AlbumId, std::size_t>;

bool is_below_itself(const Album& album, const std::vector<Album>& albums, const Known& known) {
  auto parent = album.parent;
  for (int depth = 0; parent; ++depth) {
    if (*parent == album.id || depth > kMaxFolderDepth) return true;
    const auto found = known.find(*parent);
    if (found == known.end()) return false;
    parent = albums[found->second].parent;
  }
  return false;
}

}  // namespace

Result<std::vector<Album>> read_album_tree(
    const std::function<Result<std::vector<Album>>(const std::optional<AlbumId>& folder)>& list) {
  std::vector<Album> albums;
  Known known;
  std::vector<AlbumId> folders;  // of this depth
  const auto take = [&](std::vector<Album> found, const std::optional<AlbumId>& inside, std::vector<AlbumId>& below) {
    for (auto& album : found) {
      if (album.deleted || !known.emplace(album.id, albums.size()).second) continue;
      if (!album.parent && inside) album.parent = inside;
      if (album.kind == Album::Kind::Folder) below.push_back(album.id);
      albums.push_back(std::move(album));
    }
  };
  take(TRY(list(std::nullopt)), std::nullopt, folders);
  for (int depth = 0; !folders.empty() && depth < kMaxFolderDepth; ++depth) {
    std::vector<AlbumId> below;
    for (const auto& folder : folders) take(TRY(list(folder)), folder, below);
    folders = std::move(below);
  }
  for (auto& album : albums) {
    if (!album.parent) continue;
    const auto parent = known.find(*album.parent);
    const bool is_folder = parent != known.end() && albums[parent->second].kind == Album::Kind::Folder;
    if (!is_folder || is_below_itself(album, albums, known)) album.parent.reset();
  }
  return albums;
}

}  // namespace icloudphotos::cloud
