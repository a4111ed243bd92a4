// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "icloudphotos/catalog/tree_tables.h"

#include "keys.h"
#include "role.h"
#include "tags.h"

namespace icloudphotos::tree {

/// Where albums are below Albums, by the names people gave them. `find(key)` and `numbered(number)` give a directory's row or null.
template <class Find, class Numbered>
[[nodiscard]] std::vector<AlbumPath> album_paths(const LibraryId& library, const std::vector<AlbumId>& albums,
                                                 Find find, Numbered numbered) {
  std::vector<AlbumPath> paths;
  for (const AlbumId& album : albums) {
    AlbumPath path;
    const catalog::DirectoryRow* row = find(album_key(library, album));
    for (; row != nullptr && is_album_key(library, row->key); row = numbered(row->parent)) path.push_back(row->title);
    std::reverse(path.begin(), path.end());
    if (!path.empty()) paths.push_back(std::move(path));
  }
  return paths;
}

}  // namespace icloudphotos::tree
