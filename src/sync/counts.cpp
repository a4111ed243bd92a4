// SPDX-License-Identifier: MIT
#include "counts.h"

#include <utility>
#include <vector>

#include "icloudphotos/base/log.h"

namespace icloudphotos::sync {
namespace {

constexpr Log kLog{"sync"};

}  // namespace

Result<void> renew_counts(const Context& context, const Library& library) {
  if (!library.has_lists) return {};
  std::vector<cloud::ListQuery> queries{{library.id, std::nullopt}};
  for (const auto& album : TRY(context.catalog.albums(library.id))) {
    if (album.kind == Album::Kind::Album && !album.deleted) queries.push_back({library.id, album.id});
  }
  const auto counts = context.photos.counts(queries, context.stop);
  if (!counts || counts->size() != queries.size()) {
    kLog.info("iCloud's counts cannot be had now; those from before are shown");
    return {};
  }
  if (counts->front()) TRY(context.catalog.set_listed(library.id, true, counts->front()));
  std::vector<std::pair<AlbumId, std::optional<std::int64_t>>> of_albums;
  for (std::size_t i = 1; i < queries.size(); ++i) {
    if ((*counts)[i]) of_albums.emplace_back(*queries[i].album, (*counts)[i]);
  }
  return context.catalog.set_album_counts(library.id, of_albums);
}

}  // namespace icloudphotos::sync
