// SPDX-License-Identifier: MIT
#include "albums.h"

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <unordered_map>

namespace icloudphotos::tree {
namespace {

/// Sends every folder that is inside itself to the top; what hangs below it stays there.
void break_cycles(std::vector<PlacedAlbum>& placed) {
  std::vector<std::uint32_t> walk(placed.size(), 0);  // the walk that came by; 0: none yet
  for (std::size_t start = 0; start < placed.size(); ++start) {
    const auto number = static_cast<std::uint32_t>(start + 1);
    std::optional<std::size_t> here = start;
    while (here && walk[*here] == 0) {
      walk[*here] = number;
      here = placed[*here].parent;
    }
    if (!here || walk[*here] != number) continue;  // reached the top, or where an earlier walk was
    while (here) {
      const auto next = placed[*here].parent;
      placed[*here].parent.reset();
      here = next;
    }
  }
}

}  // namespace

std::vector<PlacedAlbum> place_albums(std::vector<Album> albums) {
  std::erase_if(albums, [](const Album& album) { return album.deleted; });
  std::sort(albums.begin(), albums.end(),
            [](const Album& a, const Album& b) { return std::tie(a.created, a.id) < std::tie(b.created, b.id); });
  std::unordered_map<AlbumId, std::size_t> folders;
  for (std::size_t i = 0; i < albums.size(); ++i) {
    if (albums[i].kind == Album::Kind::Folder) folders.emplace(albums[i].id, i);
  }
  std::vector<PlacedAlbum> placed;
  placed.reserve(albums.size());
  for (Album& album : albums) {
    std::optional<std::size_t> parent;
    if (album.parent) {
      if (const auto folder = folders.find(*album.parent); folder != folders.end()) parent = folder->second;
    }
    placed.push_back({std::move(album), parent});
  }
  break_cycles(placed);
  return placed;
}

}  // namespace icloudphotos::tree
