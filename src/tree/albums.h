// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "icloudphotos/model/photo.h"

namespace icloudphotos::tree {

/// An album or folder in its place.
struct PlacedAlbum {
  Album album;
  std::optional<std::size_t> parent;  ///< Index of the folder it is in; none: top level.
};

/// All albums that exist, by (created, id), each in a folder that exists. One whose parent is missing, deleted, no
/// folder, or inside the album itself, is at the top: an album is never lost.
[[nodiscard]] std::vector<PlacedAlbum> place_albums(std::vector<Album> albums);

}  // namespace icloudphotos::tree
