// SPDX-License-Identifier: MIT
#include "cloud/icloud_photos.h"

#include <algorithm>
#include <future>
#include <map>
#include <set>

#include "icloudphotos/base/log.h"
#include "icloudphotos/base/text.h"

#include "cloud/album_tree.h"
#include "cloud/fields.h"
#include "cloud/queries.h"

namespace icloudphotos::cloud {
namespace {

constexpr Log kLog{"cloud"};

constexpr int kMaxPages =
    1000;  ///< Of zones or of the albums of one folder; more is a service that goes round in circles.

/// The zone of a library that has lists.
Result<Zone> zone_with_lists(const LibraryId& library) {
  if (stream_of(library)) return Error{ErrorKind::Rejected, "a shared album has no lists"};
  auto zone = TRY(zone_for(library));
  if (kind_of(zone.name) == Library::Kind::SharedAlbum)
    return Error{ErrorKind::Rejected, "a shared album has no lists"};
  return zone;
}

Error endless(std::string_view what) {
  return Error{ErrorKind::Protocol, std::string{"iCloud's list of "}.append(what).append(" does not come to an end")};
}

}  // namespace

ICloudPhotos::ICloudPhotos(net::Http& http, auth::Gateway& gateway, Clock& clock, PhotosOptions options)
    : service_{gateway, clock},
      streams_{service_, gateway, clock, options.hosts},
      lookups_{[this](const LibraryId& library, const std::vector<std::string>& names, std::stop_token stop) {
                 return find_urls(library, names, std::move(stop));
               },
               // A shared album is read page by page until all names are found.
               [this](const LibraryId& library) {
                 return stream_of(library) ? std::vector<std::string>{} : urls_.lacking(library);
               }},
      urls_{clock, lookups_},
      tools_{http, gateway, clock, urls_, options.hosts},
      ahead_{urls_, lookups_} {}

Result<ZonesPage> ICloudPhotos::zones(Database database, std::optional<std::string> since, std::stop_token stop) {
  ZonesPage all;
  all.token = std::move(since);
  for (int pages = 0; pages < kMaxPages; ++pages) {
    auto page = TRY(service_.ask(path_of(database, "changes/database"), zones_query(all.token), stop,
                                 [](const Answer& answer) { return decode_zones(answer.document.root()); }));
    std::move(page.zones.begin(), page.zones.end(), std::back_inserter(all.zones));
    const bool ends = !page.more || !page.token;
    all.more = page.more;
    all.token = std::move(page.token);
    if (!all.more) return all;
    if (ends) break;
  }
  return endless("photo libraries");
}

Result<std::vector<Library>> ICloudPhotos::libraries(std::stop_token stop) {
  std::map<std::string, Library> found;  // by the zone's name: a library of one's own is in no other database
  const auto take = [&](Database database, const std::vector<ZoneNews>& zones) {
    for (const auto& zone : zones) {
      const auto kind = kind_of(zone.name);
      if (!kind || (*kind == Library::Kind::Personal && database == Database::Shared)) continue;
      const Zone where{database, zone.name, database == Database::Shared ? zone.owner : std::string{}};
      Library library{library_id_of(where), *kind, zone.token};
      library.has_lists = kind != Library::Kind::SharedAlbum;
      const auto [known, is_new] = found.emplace(zone.name, library);
      if (known->second.id != library.id) continue;
      if (zone.deleted) {
        found.erase(known);
      } else if (!is_new) {
        known->second = std::move(library);
      }
    }
  };
  // Side by side, because somebody waits for a first listing.
  const auto ask = [](auto question) { return std::async(std::launch::async, question); };
  auto asked_albums = ask([&] { return streams(stop); });
  auto asked_shared = ask([&] { return zones(Database::Shared, std::nullopt, stop); });
  take(Database::Private, TRY(zones(Database::Private, std::nullopt, stop)).zones);
  if (const auto shared = asked_shared.get()) {
    take(Database::Shared, shared->zones);
  } else if (concerns_everything(shared.error().kind())) {
    return shared.error();
  } else {
    kLog.info("no libraries of others reason={}", shared.error().message());
  }
  std::vector<Library> libraries;
  std::vector<std::pair<std::size_t, std::future<Result<IndexingState>>>> states;
  for (auto& [name, library] : found) {
    if (library.has_lists) {
      states.emplace_back(libraries.size(),
                          ask([this, &stop, zone = *zone_of(library.id)] { return indexing_state(zone, stop); }));
    }
    libraries.push_back(std::move(library));
  }
  for (auto& [place, asked] : states) {
    // What cannot be told now is told by the lists.
    auto state = asked.get();
    if (!state) continue;
    libraries[place].prepared = state->finished;
    if (!libraries[place].token) libraries[place].token = std::move(state->token);
  }
  for (auto& album : TRY(asked_albums.get())) libraries.push_back(std::move(album));
  return libraries;
}

// A place is the tokens of both databases, a line each. Source: photos.md 2.2, 13.
Result<News> ICloudPhotos::news(const std::optional<SyncToken>& place, std::stop_token stop) {
  News news;
  const auto tokens = place ? split(place->value, '\n') : std::vector<std::string_view>{};
  for (const auto database : {Database::Private, Database::Shared}) {
    const auto line = database == Database::Private ? std::size_t{0} : std::size_t{1};
    const auto since = line < tokens.size() ? std::optional<std::string>{tokens[line]} : std::nullopt;
    auto page = zones(database, since, stop);
    if (!page && page.error().kind() == ErrorKind::Rejected && since)  // there is nothing else in the question
      return Error{ErrorKind::StaleToken, page.error().message()};
    if (!page) return std::move(page).error();
    if (!page->token) return Error{ErrorKind::Protocol, "iCloud does not tell where its list of changes ends"};
    news.next.value.append(line == 0 ? "" : "\n").append(*page->token);
    for (auto& zone : page->zones) {
      const auto kind = kind_of(zone.name);
      if (!kind || (*kind == Library::Kind::Personal && database == Database::Shared)) continue;
      const Zone where{database, zone.name, database == Database::Shared ? zone.owner : std::string{}};
      news.libraries.push_back({library_id_of(where), *kind, zone.deleted ? std::nullopt : std::move(zone.token)});
    }
  }
  return news;
}

bool ICloudPhotos::is_in_news(const LibraryId& library) const { return !stream_of(library); }

Result<std::vector<Library>> ICloudPhotos::streams(std::stop_token stop) {
  auto albums = streams_.libraries(std::move(stop));
  if (albums) {
    streams_failed_ = false;
    return albums;
  }
  const auto& error = albums.error();
  if (error.kind() == ErrorKind::Cancelled || error.kind() == ErrorKind::NeedsSignIn) return error;
  if (!streams_failed_.exchange(true)) kLog.warn("the shared albums cannot be listed reason={}", error.message());
  return std::vector<Library>{};
}

/// Whether the lists are whole, and the token of this moment, which the list of zones may not tell.
Result<IndexingState> ICloudPhotos::indexing_state(const Zone& zone, std::stop_token stop) {
  return service_.ask(path_of(zone.database, "records/query"), indexing_query(zone), std::move(stop),
                      [](const Answer& answer) { return decode_indexing_state(answer.document.root()); });
}

Result<std::vector<Album>> ICloudPhotos::albums(const LibraryId& library, std::stop_token stop) {
  const auto zone = TRY(zone_with_lists(library));
  return read_album_tree([&](const std::optional<AlbumId>& folder) { return albums_in(zone, folder, stop); });
}

Result<std::vector<Album>> ICloudPhotos::albums_in(const Zone& zone, const std::optional<AlbumId>& folder,
                                                   std::stop_token stop) {
  std::vector<Album> albums;
  std::set<std::string> markers;
  std::optional<std::string> marker;
  const auto inside = spelled(folder);
  for (;;) {
    auto page = TRY(service_.ask(path_of(zone.database, "records/query"), albums_query(zone, inside, marker), stop,
                                 [](const Answer& answer) { return decode_records(answer.document.root()); }));
    spellings_.learn(page.spelled);
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
    auto zone = TRY(zone_with_lists(queries[i].library));
    auto& batch = batches[zone.database];
    batch.lists.push_back({std::move(zone), spelled(queries[i].album)});
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
  const auto zone = TRY(zone_with_lists(query.library));
  auto delta = TRY(service_.ask(path_of(zone.database, "records/query"), list_query(zone, spelled(query.album), rank),
                                stop, [&](const Answer& answer) -> Result<Delta> {
                                  auto page = TRY(decode_records(answer.document.root()));
                                  return keep_urls(query.library, std::move(page), answer.date, stop);
                                }));
  // Without the records that say where in the album the photos are, their order in the list does.
  if (query.album && delta.memberships.empty())
    for (const auto& asset : delta.assets) delta.memberships.push_back({*query.album, asset.id, rank++});
  return delta;
}

Result<Delta> ICloudPhotos::originals(const LibraryId& library, std::span<const OriginalId> ids, std::stop_token stop) {
  Delta all;
  all.library = library;
  if (stream_of(library)) return all;  // they come with the photos, or not at all
  const auto zone = TRY(zone_for(library));
  while (!ids.empty()) {
    std::vector<std::string> names;
    for (const auto& id : ids.first(std::min(ids.size(), kMaxRecords))) names.push_back(id.value);
    ids = ids.subspan(names.size());
    auto page = TRY(service_.ask(path_of(zone.database, "records/lookup"), lookup_query(zone, names, photo_fields()),
                                 stop, [&](const Answer& answer) -> Result<Delta> {
                                   auto found = TRY(decode_records(answer.document.root()));
                                   return keep_urls(library, std::move(found), answer.date, stop);
                                 }));
    std::move(page.originals.begin(), page.originals.end(), std::back_inserter(all.originals));
  }
  return all;
}

Result<Delta> ICloudPhotos::changes(const LibraryId& library, const std::optional<SyncToken>& token,
                                    std::stop_token stop) {
  if (const auto guid = stream_of(library)) return stream_changes(library, *guid, token, std::move(stop));
  const auto zone = TRY(zone_for(library));
  auto delta = service_.ask(path_of(zone.database, "changes/zone"), changes_query(zone, token), stop,
                            [&](const Answer& answer) -> Result<Delta> {
                              auto page = TRY(decode_changes(answer.document.root(), zone.name));
                              return keep_urls(library, std::move(page), answer.date, stop);
                            });
  const bool has_token = token && !token->empty();
  if (!delta && delta.error().kind() == ErrorKind::Rejected && has_token)  // there is nothing else in the question
    return Error{ErrorKind::StaleToken, delta.error().message()};
  if (delta && !delta->next && has_token) delta->next = token;
  // Links to single photos are shares with titles, too.
  if (delta && kind_of(zone.name) != Library::Kind::SharedAlbum) delta->library_name.reset();
  return delta;
}

Result<Delta> ICloudPhotos::stream_changes(const LibraryId& library, const std::string& guid,
                                           const std::optional<SyncToken>& token, std::stop_token stop) {
  auto page = streams_.changes(guid, token, stop);
  if (page) return keep_urls(library, std::move(page->records), page->date, stop);
  const auto kind = page.error().kind();
  // The service has hosts of its own; that they are in trouble says nothing about the other libraries.
  if (kind == ErrorKind::Offline || kind == ErrorKind::Throttled || kind == ErrorKind::Refused)
    return Error{ErrorKind::Protocol, page.error().message()};
  return page.error();
}

Result<void> ICloudPhotos::download(const ResourceRef& resource, Range range, ByteSink& sink, std::stop_token stop) {
  return cloud::download(tools_, resource, range, sink, std::move(stop));
}

void ICloudPhotos::expect(std::span<const ResourceRef> resources) { ahead_.expect(resources); }

std::optional<AlbumId> ICloudPhotos::spelled(const std::optional<AlbumId>& album) const {
  if (!album) return std::nullopt;
  return AlbumId{spellings_.of(album->value)};
}

std::unique_ptr<Photos> make_icloud_photos(net::Http& http, auth::Gateway& gateway, Clock& clock,
                                           PhotosOptions options) {
  return std::make_unique<ICloudPhotos>(http, gateway, clock, options);
}

}  // namespace icloudphotos::cloud
