// SPDX-License-Identifier: MIT
#include "cloud/shared_streams.h"

#include <algorithm>
#include <set>

#include "icloudphotos/base/json.h"
#include "icloudphotos/base/log.h"
#include "icloudphotos/net/http.h"

#include "cloud/download.h"
#include "cloud/stream_token.h"
#include "cloud/zone.h"

namespace icloudphotos::cloud {
namespace {

constexpr Log kLog{"cloud"};

constexpr std::int64_t kWindow = 100;
constexpr std::int64_t kMaxPhotos = 100'000;  ///< Apple allows 5,000; more is a service that does not come to an end.
constexpr int kMaxMoves = 3;
constexpr int kMoved = 330;
/// One list of the albums serves a round that asks for each of them.
constexpr std::chrono::seconds kJustNow{20};

struct Authority {
  std::size_t begin = 0;
  std::size_t length = 0;
};

/// Where in a URL its host and port are.
std::optional<Authority> authority_in(std::string_view url) {
  const auto slashes = url.find("://");
  if (slashes == std::string_view::npos) return std::nullopt;
  const auto begin = slashes + 3;
  return Authority{begin, std::min(url.find_first_of("/?#", begin), url.size()) - begin};
}

bool is_host(std::string_view text) {
  return !text.empty() && text.size() < 256 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '.' ||
           c == ':';
  });
}

/// The host that an answer names to go on at.
std::string new_host(const net::Response& response) {
  constexpr std::string_view kName = "X-Apple-MMe-Host";
  if (const auto line = response.headers.get(kName); line && is_host(*line)) return std::string{*line};
  const auto document = JsonDocument::parse(response.body);
  const auto said = document ? document->root()[kName].text().value_or("") : std::string_view{};
  return is_host(said) ? std::string{said} : std::string{};
}

std::string question(const StreamAlbum& album, std::optional<std::int64_t> offset) {
  JsonWriter out;
  out.object().member("albumguid", album.guid);
  if (offset) {
    if (!album.tag.empty()) out.member("albumctag", album.tag);
    // The limit is where the window ends.
    out.member("offset", std::to_string(*offset)).member("limit", std::to_string(*offset + kWindow));
  }
  return out.end().take();
}

bool is_empty(const RecordsPage& page) { return page.delta.assets.empty() && page.delta.originals.empty(); }

/// Whether nothing comes after a window. What is said of the number of photos is believed only where the windows agree.
bool is_last(const RecordsPage& page, std::int64_t offset, std::optional<std::int64_t> count) {
  const bool counted_out = offset + kWindow >= std::min(count.value_or(0), kMaxPhotos);
  const auto photos = static_cast<std::int64_t>(page.delta.assets.size());
  if (is_empty(page)) return counted_out;
  return (counted_out && count && photos < kWindow) || offset + kWindow >= kMaxPhotos;
}

}  // namespace

std::string SharedStreams::root() const {
  const auto root = gateway_.account_root("sharedstreams");
  return root.empty() ? root : root + "/sharedstreams/";
}

Result<std::vector<Library>> SharedStreams::libraries(std::stop_token stop) {
  std::vector<Library> libraries;
  if (root().empty()) return libraries;
  for (const auto& album : TRY(list(std::move(stop)))) {
    Library library;
    library.id = library_id_of_stream(album.guid);
    library.kind = Library::Kind::SharedAlbum;
    library.name = album.name;
    library.has_lists = false;
    if (!album.tag.empty()) library.token = token_of({album.tag, true});
    libraries.push_back(std::move(library));
  }
  return libraries;
}

Result<SharedStreams::Page> SharedStreams::changes(const std::string& guid, const std::optional<SyncToken>& token,
                                                   std::stop_token stop) {
  const auto found = TRY(album(guid, Listed::JustNow, stop));
  StreamPlace place{found.tag};
  if (token && !token->empty()) {
    const auto known = place_of(*token);
    const bool is_same = known && known->at_end && known->tag == found.tag && !found.tag.empty();
    if (is_same) {
      Page nothing;
      nothing.records.delta.next = *token;
      return nothing;
    }
    if (!known || known->at_end) return Error{ErrorKind::StaleToken, "the shared album has changed"};
    place = *known;
  } else {
    place.count = TRY(count(found, stop));
  }
  auto page = TRY(window(found, place.offset, std::move(stop)));
  auto& delta = page.records.delta;
  place.at_end = is_last(page.records, place.offset, place.count);
  place.offset += kWindow;
  delta.more = !place.at_end;
  delta.next = token_of(place);
  return page;
}

Result<void> SharedStreams::look_for(const std::string& guid, const std::vector<std::string>& records,
                                     const std::function<void(const Page&)>& visit, std::stop_token stop) {
  const auto found = TRY(album(guid, Listed::Ever, stop));
  std::set<std::string_view> wanted{records.begin(), records.end()};
  const auto see = [&](const Page& page) {
    for (const auto& one : page.records.delta.originals) wanted.erase(one.id.value);
    for (const auto& one : page.records.delta.assets) wanted.erase(one.id.value);
    visit(page);
  };
  // Whoever reads the album file by file finds the next ones where the last ones were.
  const auto begin = [&] {
    const Lock lock{mutex_};
    return found_at_[guid];
  }();
  const auto read = [&](std::int64_t from, std::int64_t to) -> Result<void> {
    for (auto offset = from; offset < to && !wanted.empty(); offset += kWindow) {
      const auto page = TRY(window(found, offset, stop));
      see(page);
      if (wanted.empty()) {
        const Lock lock{mutex_};
        found_at_[guid] = offset;
      }
      if (is_empty(page.records)) break;
    }
    return {};
  };
  TRY(read(begin, kMaxPhotos));
  return read(0, begin);
}

Result<SharedStreams::Albums> SharedStreams::list(std::stop_token stop) {
  const auto url = root();
  if (url.empty()) return Albums{};
  auto albums = TRY(service_.ask_by([&] { return post(url + "webgetalbumslist", "{}", stop); }, stop,
                                    [](const Answer& answer) { return decode_stream_albums(answer.document.root()); }));
  const Lock lock{mutex_};
  albums_ = albums;
  listed_at_ = clock_.monotonic();
  return albums;
}

Result<StreamAlbum> SharedStreams::album(const std::string& guid, Listed when, std::stop_token stop) {
  const auto in = [&](const Albums& albums) -> std::optional<StreamAlbum> {
    const auto found = std::find_if(albums.begin(), albums.end(), [&](const auto& one) { return one.guid == guid; });
    if (found == albums.end()) return std::nullopt;
    return *found;
  };
  {
    const auto now = clock_.monotonic();
    const Lock lock{mutex_};
    if (listed_at_ && (when == Listed::Ever || now - *listed_at_ < kJustNow))
      if (auto known = in(albums_)) return *std::move(known);
  }
  if (auto found = in(TRY(list(std::move(stop))))) return *std::move(found);
  return Error{ErrorKind::NotFound, "the shared album is not there any more"};
}

Result<SharedStreams::Page> SharedStreams::window(const StreamAlbum& album, std::int64_t offset, std::stop_token stop) {
  return service_.ask_by([&] { return post(url_of(album, "webgetassets"), question(album, offset), stop); }, stop,
                         [](const Answer& answer) -> Result<Page> {
                           return Page{TRY(decode_stream_window(answer.document.root())), answer.date};
                         });
}

/// A hint only, that its absence must not keep anybody from the photos.
Result<std::optional<std::int64_t>> SharedStreams::count(const StreamAlbum& album, std::stop_token stop) {
  const auto counted = service_.ask_by(
      [&] { return post(url_of(album, "webgetassetcount"), question(album, std::nullopt), stop); }, stop,
      [](const Answer& answer) -> Result<std::optional<std::int64_t>> {
        return decode_stream_count(answer.document.root());
      });
  if (counted) return *counted;
  if (counted.error().kind() == ErrorKind::Cancelled || counted.error().kind() == ErrorKind::NeedsSignIn)
    return counted.error();
  return std::optional<std::int64_t>{};
}

std::string SharedStreams::url_of(const StreamAlbum& album, std::string_view call) const {
  const auto& where = is_allowed(album.location, hosts_) ? album.location : root();
  return where + std::string{call};
}

Result<net::Response> SharedStreams::post(const std::string& known_url, const std::string& body, std::stop_token stop) {
  const auto known = authority_in(known_url);
  if (!known) return Error{ErrorKind::Protocol, "iCloud does not say where the shared albums are"};
  const auto known_host = known_url.substr(known->begin, known->length);
  const auto at = [&](std::string_view host) {
    auto url = known_url;
    return url.replace(known->begin, known->length, host);
  };
  auto host = where_it_moved(known_host);
  for (int moves = 0; moves <= kMaxMoves; ++moves) {
    auto response = gateway_.post_to(at(host), body, stop);
    if (!response) {
      stay(known_host);
      return std::move(response).error();
    }
    const auto status = response->status;
    // The session is good for photos, so this is the service's own affair, and nothing that signing in would mend.
    if (status == 401 || status == 403 || status == 421 || status == 450)
      return Error{ErrorKind::Rejected, "iCloud's service of shared albums does not let us in"};
    if (status != kMoved) return response;
    host = new_host(*response);
    if (host.empty()) break;
    if (!is_allowed(at(host), hosts_))
      return Error{ErrorKind::Protocol, "iCloud names a host for shared albums that is not one of Apple's"};
    kLog.debug("shared albums have moved host={}", host);
    const Lock lock{mutex_};
    moved_[known_host] = host;
  }
  stay(known_host);
  return Error{ErrorKind::Protocol, "iCloud sends us from one host to the next for shared albums"};
}

std::string SharedStreams::where_it_moved(const std::string& host) const {
  const Lock lock{mutex_};
  const auto moved = moved_.find(host);
  return moved == moved_.end() ? host : moved->second;
}

void SharedStreams::stay(const std::string& host) {
  const Lock lock{mutex_};
  moved_.erase(host);
}

}  // namespace icloudphotos::cloud
