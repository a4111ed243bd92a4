// SPDX-License-Identifier: MIT
#include "cloud/icloud_photos.h"

#include <algorithm>
#include <map>
#include <set>

#include "icloudphotos/base/log.h"

#include "cloud/album_tree.h"
#include "cloud/fields.h"
#include "cloud/queries.h"

namespace icloudphotos::cloud {
namespace {

constexpr Log kLog{"cloud"};

constexpr int kMaxPages =
    1000;  ///< Of zones or of the albums of one folder; more is a service that goes round in circles.

Result<Zone> zone_for(const LibraryId& library) {
  auto zone = zone_of(library);
  if (!zone) return Error{ErrorKind::NotFound, "there is no such photo library"};
  return *std::move(zone);
}

Error endless(std::string_view what) {
  return Error{ErrorKind::Protocol, std::string{"iCloud's list of "}.append(what).append(" does not come to an end")};
}

/// The files the tree shows. Of previews there would be as many URLs again, for bytes hardly anybody asks for.
bool is_worth_remembering(const ContentUrl& found) {
  switch (found.resource.kind) {
    case ResourceKind::Original:
    case ResourceKind::Alternative:
    case ResourceKind::LiveVideo:
    case ResourceKind::EditedStill:
    case ResourceKind::EditedVideo:
      return true;
    case ResourceKind::Medium:
    case ResourceKind::Thumbnail:
    case ResourceKind::MediumVideo:
      break;
  }
  return false;
}

void warn_of_incomplete(const LibraryId& library, const RecordsPage& page) {
  if (page.incomplete == 0) return;
  kLog.warn("records that say too little are left out count={} library={}", page.incomplete, library.value);
}

}  // namespace

ICloudPhotos::ICloudPhotos(net::Http& http, auth::Gateway& gateway, Clock& clock, PhotosOptions options)
    : service_{gateway, clock},
      lookups_{[this](const LibraryId& library, const std::vector<std::string>& names,
                      std::stop_token stop) -> Result<std::vector<ContentUrl>> {
        return TRY(look_up(library, names, resource_fields(), std::move(stop))).urls;
      }},
      urls_{clock, lookups_},
      tools_{http, gateway, clock, urls_, options.hosts} {}

Result<std::vector<ZoneNews>> ICloudPhotos::zones(Database database, std::stop_token stop) {
  std::vector<ZoneNews> all;
  std::optional<std::string> token;
  for (int pages = 0; pages < kMaxPages; ++pages) {
    auto page = TRY(service_.ask(path_of(database, "changes/database"), zones_query(token), stop,
                                 [](const Answer& answer) { return decode_zones(answer.document.root()); }));
    std::move(page.zones.begin(), page.zones.end(), std::back_inserter(all));
    if (!page.more) return all;
    if (!page.token) break;
    token = std::move(page.token);
  }
  return endless("photo libraries");
}

Result<std::vector<Library>> ICloudPhotos::libraries(std::stop_token stop) {
  std::map<std::string, Library> found;  // by the zone's name: a library of one's own is in no other database
  const auto take = [&](Database database, const std::vector<ZoneNews>& zones) {
    for (const auto& zone : zones) {
      if (!is_library(zone.name)) continue;
      const bool is_shared = zone.name != kPersonalZone;
      if (!is_shared && database == Database::Shared) continue;
      const Zone where{database, zone.name, database == Database::Shared ? zone.owner : std::string{}};
      Library library{library_id_of(where), is_shared ? Library::Kind::Shared : Library::Kind::Personal, zone.token};
      const auto [known, is_new] = found.emplace(zone.name, library);
      if (known->second.id != library.id) continue;
      if (zone.deleted) {
        found.erase(known);
      } else if (!is_new) {
        known->second = std::move(library);
      }
    }
  };
  take(Database::Private, TRY(zones(Database::Private, stop)));
  if (const auto shared = zones(Database::Shared, stop)) {
    take(Database::Shared, *shared);
  } else if (concerns_everything(shared.error().kind())) {
    return shared.error();
  } else {
    kLog.info("no libraries of others reason={}", shared.error().message());
  }
  std::vector<Library> libraries;
  for (auto& [name, library] : found) {
    // What cannot be told now is told by the lists.
    if (auto state = indexing_state(*zone_of(library.id), stop)) {
      library.prepared = state->finished;
      if (!library.token) library.token = std::move(state->token);
    }
    libraries.push_back(std::move(library));
  }
  return libraries;
}

/// Whether the lists are whole, and the token of this moment, which the list of zones may not tell.
Result<IndexingState> ICloudPhotos::indexing_state(const Zone& zone, std::stop_token stop) {
  return service_.ask(path_of(zone.database, "records/query"), indexing_query(zone), std::move(stop),
                      [](const Answer& answer) { return decode_indexing_state(answer.document.root()); });
}

Result<std::vector<Album>> ICloudPhotos::albums(const LibraryId& library, std::stop_token stop) {
  const auto zone = TRY(zone_for(library));
  return read_album_tree([&](const std::optional<AlbumId>& folder) { return albums_in(zone, folder, stop); });
}

Result<std::vector<Album>> ICloudPhotos::albums_in(const Zone& zone, const std::optional<AlbumId>& folder,
                                                   std::stop_token stop) {
  std::vector<Album> albums;
  std::set<std::string> markers;
  std::optional<std::string> marker;
  for (;;) {
    auto page = TRY(service_.ask(path_of(zone.database, "records/query"), albums_query(zone, folder, marker), stop,
                                 [](const Answer& answer) { return decode_records(answer.document.root()); }));
    std::move(page.delta.albums.begin(), page.delta.albums.end(), std::back_inserter(albums));
    if (!page.marker) return albums;
    if (!markers.insert(*page.marker).second || markers.size() > kMaxPages) return endless("albums");
    marker = std::move(page.marker);
  }
}

Result<std::vector<std::optional<std::int64_t>>> ICloudPhotos::counts(std::span<const ListQuery> queries,
                                                                      std::stop_token stop) {
  struct Batch {
    std::vector<CountOf> lists;
    std::vector<std::size_t> places;  ///< Of the answers in the result.
  };
  std::map<Database, Batch> batches;
  for (std::size_t i = 0; i < queries.size(); ++i) {
    auto zone = TRY(zone_for(queries[i].library));
    auto& batch = batches[zone.database];
    batch.lists.push_back({std::move(zone), queries[i].album});
    batch.places.push_back(i);
  }
  std::vector<std::optional<std::int64_t>> counts(queries.size());
  for (const auto& [database, batch] : batches) {
    const auto answers = service_.ask(path_of(database, "internal/records/query/batch"), counts_query(batch.lists),
                                      stop, [](const Answer& answer) { return decode_counts(answer.document.root()); });
    if (!answers && concerns_everything(answers.error().kind())) return answers.error();
    if (!answers) continue;
    for (std::size_t i = 0; i < std::min(answers->size(), batch.places.size()); ++i)
      counts[batch.places[i]] = (*answers)[i];
  }
  return counts;
}

Result<Delta> ICloudPhotos::window(const ListQuery& query, std::int64_t rank, std::stop_token stop) {
  const auto zone = TRY(zone_for(query.library));
  auto delta = TRY(service_.ask(path_of(zone.database, "records/query"), list_query(zone, query.album, rank),
                                std::move(stop), [&](const Answer& answer) -> Result<Delta> {
                                  auto page = TRY(decode_records(answer.document.root()));
                                  return keep_urls(query.library, std::move(page), answer);
                                }));
  // Without the records that say where in the album the photos are, their order in the list does.
  if (query.album && delta.memberships.empty())
    for (const auto& asset : delta.assets) delta.memberships.push_back({*query.album, asset.id, rank++});
  return delta;
}

Result<Delta> ICloudPhotos::originals(const LibraryId& library, std::span<const OriginalId> ids, std::stop_token stop) {
  Delta all;
  all.library = library;
  while (!ids.empty()) {
    std::vector<std::string> names;
    for (const auto& id : ids.first(std::min(ids.size(), kMaxRecords))) names.push_back(id.value);
    ids = ids.subspan(names.size());
    auto page = TRY(look_up(library, names, photo_fields(), stop));
    std::move(page.delta.originals.begin(), page.delta.originals.end(), std::back_inserter(all.originals));
  }
  return all;
}

Result<Delta> ICloudPhotos::changes(const LibraryId& library, const std::optional<SyncToken>& token,
                                    std::stop_token stop) {
  const auto zone = TRY(zone_for(library));
  auto delta = service_.ask(path_of(zone.database, "changes/zone"), changes_query(zone, token), std::move(stop),
                            [&](const Answer& answer) -> Result<Delta> {
                              auto page = TRY(decode_changes(answer.document.root(), zone.name));
                              return keep_urls(library, std::move(page), answer);
                            });
  const bool has_token = token && !token->empty();
  if (!delta && delta.error().kind() == ErrorKind::Rejected && has_token)  // there is nothing else in the question
    return Error{ErrorKind::StaleToken, delta.error().message()};
  if (delta && !delta->next && has_token) delta->next = token;
  return delta;
}

Result<void> ICloudPhotos::download(const ResourceRef& resource, Range range, ByteSink& sink, std::stop_token stop) {
  return cloud::download(tools_, resource, range, sink, std::move(stop));
}

Result<RecordsPage> ICloudPhotos::look_up(const LibraryId& library, std::span<const std::string> names,
                                          std::span<const std::string> fields, std::stop_token stop) {
  const auto zone = TRY(zone_for(library));
  return service_.ask(path_of(zone.database, "records/lookup"), lookup_query(zone, names, fields), std::move(stop),
                      [&](const Answer& answer) -> Result<RecordsPage> {
                        auto page = TRY(decode_records(answer.document.root()));
                        urls_.learn(library, page.urls, answer.date);
                        return page;
                      });
}

Delta ICloudPhotos::keep_urls(const LibraryId& library, RecordsPage page, const Answer& answer) {
  warn_of_incomplete(library, page);
  std::erase_if(page.urls, [](const ContentUrl& found) { return !is_worth_remembering(found); });
  urls_.learn(library, page.urls, answer.date);
  page.delta.library = library;
  return std::move(page.delta);
}

std::unique_ptr<Photos> make_icloud_photos(net::Http& http, auth::Gateway& gateway, Clock& clock,
                                           PhotosOptions options) {
  return std::make_unique<ICloudPhotos>(http, gateway, clock, options);
}

}  // namespace icloudphotos::cloud
