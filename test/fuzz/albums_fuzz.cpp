// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string_view>

#include "cloud/album_tree.h"
#include "cloud/answer.h"
#include "cloud/decode.h"

using namespace icloudphotos;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto answer = cloud::read_answer(200, {reinterpret_cast<const char*>(data), size});
  if (!answer) return 0;
  const auto page = cloud::decode_records(answer->root());
  if (!page) return 0;
  // The same list wherever it is asked: every folder is in itself.
  const auto albums = cloud::read_album_tree(
      [&](const std::optional<AlbumId>&) -> Result<std::vector<Album>> { return page->delta.albums; });
  if (!albums) std::abort();
  std::map<AlbumId, const Album*> known;
  for (const auto& album : *albums)
    if (album.id.empty() || album.deleted || !known.emplace(album.id, &album).second) std::abort();
  for (const auto& album : *albums) {
    std::size_t depth = 0;
    for (const auto* above = &album; above->parent; above = known.at(*above->parent))
      if (!known.contains(*above->parent) || ++depth > known.size()) std::abort();
  }
  return 0;
}
