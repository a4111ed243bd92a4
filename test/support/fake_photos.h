// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "icloudphotos/base/mutex.h"
#include "icloudphotos/cloud/photos.h"

namespace icloudphotos {

/// How a far side may misbehave.
struct FakeQuirks {
  int short_every = 0;                   ///< Every so many windows come with a third of their photos.
  std::set<std::int64_t> empty_once;     ///< Ranks that come empty the first time they are asked for (in every list).
  int repeated = 0;                      ///< So many photos of the neighbours before come with every window.
  bool originals_late = false;           ///< Windows and changes come without originals.
  std::set<std::string> originals_lost;  ///< Originals that nobody can deliver.
  int count_error = 0;                   ///< Added to every count.
  bool no_counts = false;
  bool preparing = false;  ///< Libraries say that they are not yet prepared.
  bool albums_rejected = false;
  bool library_list_rejected = false;
  bool ignores_rank = false;  ///< Every window is the first.
  int empty_pages = 0;        ///< Empty pages with `more` before the changes, and before each page of the whole feed.
  bool endless_changes = false;  ///< `more` for ever, the token standing still.
  bool originals_cannot_be_asked_for = false;
  std::size_t feed_page = 0;              ///< Records in a page of the whole feed; 0: all of them in one.
  bool originals_last = false;            ///< The whole feed brings the originals after everything else.
  std::set<std::string> listless;         ///< Photos that no list shows.
  std::set<std::string> unfed;            ///< Records that the whole feed does not know.
  std::vector<std::string> redelivered;   ///< Tombstones that come with every page of the whole feed.
  std::size_t feed_breaks_off_after = 0;  ///< So many records are all the whole feed has; 0: no such thing.
};

/// iCloud Photos in memory. Threads: any. Rank 0 of a list is its newest photo.
class FakePhotos : public cloud::Photos {
 public:
  struct Calls {
    std::atomic<int> libraries = 0, news = 0, albums = 0, counts = 0, windows = 0, originals = 0, changes = 0,
                     downloads = 0;
    [[nodiscard]] int all() const {
      return libraries + news + albums + counts + windows + originals + changes + downloads;
    }
  };

  FakeQuirks quirks;
  Calls calls;
  /// Called before each window is made, under no lock: the library may change meanwhile.
  std::function<void(const cloud::ListQuery& query, std::int64_t rank)> before_window;
  /// Called before each page of changes is made, in the same way.
  std::function<void(const LibraryId& library, const std::optional<SyncToken>& since)> before_changes;

  static LibraryId personal() { return LibraryId{"personal"}; }

  void add_library(const LibraryId& id = personal(), Library::Kind kind = Library::Kind::Personal) {
    const Lock lock{mutex_};
    shelves_[id].kind = kind;
  }
  /// A shared album: a library without lists.
  void add_shared_album(const LibraryId& id, const std::string& name) {
    const Lock lock{mutex_};
    auto& shelf = shelves_[id];
    shelf.kind = Library::Kind::SharedAlbum;
    shelf.name = name;
    shelf.has_lists = false;
  }
  /// The list of libraries knows the new name; with `Told::InChanges` only the changes do.
  enum class Told { InLibraries, InChanges };
  void rename_library(const LibraryId& id, const std::string& name, Told told) {
    const Lock lock{mutex_};
    auto& shelf = shelves_[id];
    if (told == Told::InLibraries) {
      shelf.name = name;
      return;
    }
    Delta news;
    news.library_name = name;
    shelf.history.push_back(std::move(news));
  }
  void remove_library(const LibraryId& id) {
    const Lock lock{mutex_};
    shelves_.erase(id);
    removed_[id] = places_.size();
  }
  /// Puts a photo first. Its original is made up unless it is known.
  void add(const Asset& asset, const LibraryId& library = personal()) {
    const Lock lock{mutex_};
    auto& shelf = changing(library);
    Delta news;
    if (!asset.original.empty() && !shelf.originals.contains(asset.original)) {
      const Original original{asset.original,
                              asset.original.value + ".HEIC",
                              "public.heic",
                              {{ResourceKind::Original, "public.heic", 1000, asset.original.value}},
                              TimePoint{}};
      shelf.originals[asset.original] = original;
      shelf.touch(asset.original.value);
      news.originals = {original};
    }
    shelf.assets.push_front(asset);
    shelf.touch(asset.id.value);
    news.assets = {asset};
    shelf.history.push_back(std::move(news));
  }
  /// Photos "PREFIX-0", "PREFIX-1", ..., the last one newest, each with its original.
  void add_many(int count, const std::string& prefix = "photo", const LibraryId& library = personal()) {
    for (int i = 0; i < count; ++i) add(photo(prefix + "-" + std::to_string(i), i), library);
  }
  static Asset photo(const std::string& id, int number = 0) {
    Asset asset;
    asset.id = AssetId{id};
    asset.original = OriginalId{"original of " + id};
    asset.captured = asset.added = asset.created = asset.changed = TimePoint{std::chrono::minutes{number}};
    return asset;
  }
  /// Replaces a photo by one of the same id; its place in the lists is the same.
  void change(const Asset& asset, const LibraryId& library = personal()) {
    const Lock lock{mutex_};
    auto& shelf = changing(library);
    for (auto& known : shelf.assets) {
      if (known.id == asset.id) known = asset;
    }
    shelf.touch(asset.id.value);
    Delta news;
    news.assets = {asset};
    shelf.history.push_back(std::move(news));
  }
  /// Removes a photo with its memberships, and its original when no other photo names it.
  void remove(const AssetId& id, const LibraryId& library = personal()) {
    const Lock lock{mutex_};
    auto& shelf = changing(library);
    Delta news;
    news.gone = {id.value};
    const auto asset =
        std::find_if(shelf.assets.begin(), shelf.assets.end(), [&](const auto& a) { return a.id == id; });
    if (asset == shelf.assets.end()) return;
    const auto original = asset->original;
    shelf.assets.erase(asset);
    if (std::none_of(shelf.assets.begin(), shelf.assets.end(), [&](const auto& a) { return a.original == original; })) {
      shelf.originals.erase(original);
      news.gone.push_back(original.value);
    }
    for (auto& [album, members] : shelf.members) {
      if (std::erase(members, id) > 0) news.gone.push_back(id.value + "-IN-" + album.value);
    }
    for (const auto& name : news.gone) shelf.touch(name);
    shelf.history.push_back(std::move(news));
  }
  void add_album(const Album& album, std::vector<AssetId> members, const LibraryId& library = personal()) {
    const Lock lock{mutex_};
    auto& shelf = changing(library);
    shelf.albums.push_back(album);
    Delta news;
    news.albums = {album};
    shelf.touch(album.id.value);
    std::int64_t position = 0;
    for (const auto& member : members) {
      news.memberships.push_back({album.id, member, position++});
      shelf.touch(member.value + "-IN-" + album.id.value);
    }
    shelf.members[album.id] = std::move(members);
    shelf.history.push_back(std::move(news));
  }
  static Album album(const std::string& id) {
    Album album;
    album.id = AlbumId{id};
    album.name = "Album " + id;
    return album;
  }
  void remove_album(const AlbumId& id, const LibraryId& library = personal()) {
    const Lock lock{mutex_};
    auto& shelf = changing(library);
    std::erase_if(shelf.albums, [&](const auto& album) { return album.id == id; });
    Delta news;
    news.gone = {id.value};
    for (const auto& member : shelf.members[id]) news.gone.push_back(member.value + "-IN-" + id.value);
    shelf.members.erase(id);
    for (const auto& name : news.gone) shelf.touch(name);
    shelf.history.push_back(std::move(news));
  }
  /// From now on all tokens given out before are stale, and what happened before is in no feed.
  void forget_tokens() {
    const Lock lock{mutex_};
    ++epoch_;
    for (auto& [id, shelf] : shelves_) {
      shelf.history.clear();
      const Contents contents{shelf};
      std::erase_if(shelf.feed, [&](const auto& entry) {
        Delta record;
        contents.put(entry.second, record);
        return !record.gone.empty();
      });
    }
  }
  /// An original that no photo names.
  void add_orphan(const std::string& name, const LibraryId& library = personal()) {
    const Lock lock{mutex_};
    auto& shelf = changing(library);
    shelf.originals[OriginalId{name}] = {OriginalId{name}, name + ".HEIC", "public.heic", {}, TimePoint{}};
    shelf.touch(name);
    Delta news;
    news.originals = {shelf.originals[OriginalId{name}]};
    shelf.history.push_back(std::move(news));
  }
  /// From now on no list shows these, and no count counts them.
  void unlist(const std::vector<AssetId>& photos) {
    const Lock lock{mutex_};
    for (const auto& photo : photos) quirks.listless.insert(photo.value);
    for (auto& [id, shelf] : shelves_) shelf.lists.clear();
  }
  /// All there is, whoever shows it.
  [[nodiscard]] Delta contents(const LibraryId& library = personal()) {
    const Lock lock{mutex_};
    Delta all;
    everything(shelves_[library], all);
    return all;
  }
  /// What `download` delivers for resources of this checksum.
  void put_bytes(const std::string& checksum, std::string bytes) {
    const Lock lock{mutex_};
    bytes_[checksum] = std::move(bytes);
  }

  Result<std::vector<Library>> libraries(std::stop_token) override {
    ++calls.libraries;
    const Lock lock{mutex_};
    std::vector<Library> libraries;
    for (const auto& [id, shelf] : shelves_) {
      libraries.push_back({id, shelf.kind, token(shelf), !quirks.preparing, shelf.name, shelf.has_lists});
    }
    return libraries;
  }

  /// A place says how many changes there were in each library.
  Result<cloud::News> news(const std::optional<SyncToken>& place, std::stop_token) override {
    ++calls.news;
    const Lock lock{mutex_};
    cloud::News news;
    const auto before = place ? places_[place->value] : std::map<LibraryId, std::string>{};
    auto& now = places_[news.next.value = std::to_string(places_.size())];
    for (const auto& [id, shelf] : shelves_) {
      now[id] = token(shelf).value;
      const auto known = before.find(id);
      if (known != before.end() && known->second == now[id] && !quirks.endless_changes) continue;
      const auto at = quirks.endless_changes ? std::nullopt : std::optional{token(shelf)};
      news.libraries.push_back({id, shelf.kind, at, !quirks.preparing, shelf.name, shelf.has_lists});
    }
    for (const auto& [id, places] : removed_) {
      if (place && std::stoul(place->value) < places && !shelves_.contains(id))
        news.libraries.push_back({id, Library::Kind::Personal, std::nullopt});
    }
    return news;
  }
  bool is_in_news(const LibraryId&) const override { return true; }

  Result<std::vector<Album>> albums(const LibraryId& library, std::stop_token) override {
    ++calls.albums;
    const Lock lock{mutex_};
    if (!shelves_.contains(library)) return no_library();
    if (quirks.albums_rejected || !shelves_[library].has_lists) return Error{ErrorKind::Rejected, "no such index"};
    return shelves_[library].albums;
  }

  Result<std::vector<std::optional<std::int64_t>>> counts(std::span<const cloud::ListQuery> queries,
                                                          std::stop_token) override {
    ++calls.counts;
    const Lock lock{mutex_};
    std::vector<std::optional<std::int64_t>> counts;
    for (const auto& query : queries) {
      counts.emplace_back(static_cast<std::int64_t>(list(query).size()) + quirks.count_error);
      if (quirks.no_counts) counts.back().reset();
    }
    return counts;
  }

  Result<Delta> window(const cloud::ListQuery& query, std::int64_t rank, std::stop_token) override {
    const int call = ++calls.windows;
    if (before_window) before_window(query, rank);
    const Lock lock{mutex_};
    if (!shelves_.contains(query.library)) return no_library();
    if ((query.album ? quirks.albums_rejected : quirks.library_list_rejected) || !shelves_[query.library].has_lists) {
      return Error{ErrorKind::Rejected, "no such index"};
    }
    Delta window;
    window.library = query.library;
    if (quirks.empty_once.contains(rank) && emptied_.insert({query.album.value_or(AlbumId{}), rank}).second)
      return window;
    const auto& assets = list(query);
    auto length = stride(query);
    const auto size = static_cast<std::int64_t>(assets.size());
    if (quirks.ignores_rank) rank = 0;
    if (quirks.short_every > 0 && call % quirks.short_every == 0) length = std::max<std::int64_t>(length / 3, 1);
    if (rank >= size) return window;
    auto& shelf = shelves_[query.library];
    for (auto i = std::max<std::int64_t>(rank - quirks.repeated, 0); i < std::min(rank + length, size); ++i) {
      const auto& asset = *assets[static_cast<std::size_t>(i)];
      window.assets.push_back(asset);
      if (query.album) window.memberships.push_back({*query.album, asset.id, i});
      put_original(shelf, asset, window);
    }
    return window;
  }

  Result<Delta> originals(const LibraryId& library, std::span<const OriginalId> ids, std::stop_token) override {
    ++calls.originals;
    const Lock lock{mutex_};
    if (!shelves_.contains(library)) return no_library();
    if (quirks.originals_cannot_be_asked_for) return Error{ErrorKind::Rejected, "nothing to look up"};
    Delta answer;
    answer.library = library;
    for (const auto& id : ids) {
      const auto found = shelves_[library].originals.find(id);
      if (found != shelves_[library].originals.end() && !quirks.originals_lost.contains(id.value)) {
        answer.originals.push_back(found->second);
      }
    }
    return answer;
  }

  Result<Delta> changes(const LibraryId& library, const std::optional<SyncToken>& since, std::stop_token) override {
    ++calls.changes;
    if (before_changes) before_changes(library, since);
    const Lock lock{mutex_};
    if (!shelves_.contains(library)) return no_library();
    auto& shelf = shelves_[library];
    if (!since || since->value.starts_with(kFeedToken)) return whole_feed(shelf, library, since);
    Delta page;
    page.library = library;
    if (quirks.endless_changes) {
      page.next = since;
      page.more = true;
      return page;
    }
    const auto parts = parse(since->value);
    if (parts.epoch != epoch_) return Error{ErrorKind::StaleToken, "an old token"};
    page.next = since;
    if (parts.empties < quirks.empty_pages && parts.at < shelf.history.size()) {
      page.next = SyncToken{std::to_string(parts.epoch) + ":" + std::to_string(parts.at) + ":" +
                            std::to_string(parts.empties + 1)};
      page.more = true;
      return page;
    }
    if (parts.at < shelf.history.size()) {
      page = shelf.history[parts.at];  // one event a page
      page.library = library;
      if (quirks.originals_late) page.originals.clear();
      page.next = SyncToken{std::to_string(epoch_) + ":" + std::to_string(parts.at + 1)};
      page.more = parts.at + 1 < shelf.history.size();
    }
    return page;
  }

  Result<void> download(const ResourceRef& resource, Range range, cloud::ByteSink& sink, std::stop_token) override {
    ++calls.downloads;
    std::string bytes;
    {
      const Lock lock{mutex_};
      const auto found = bytes_.find(resource.checksum);
      if (found == bytes_.end()) return Error{ErrorKind::Gone, "no such bytes"};
      const auto part = range.within(found->second.size());
      bytes = found->second.substr(part.offset, part.length);
    }
    constexpr std::size_t kPiece = 16384;
    for (std::size_t at = 0; at < bytes.size(); at += kPiece) {
      sink.write(std::as_bytes(std::span{bytes}.subspan(at, std::min(kPiece, bytes.size() - at))));
    }
    return {};
  }

 private:
  struct Shelf {
    Library::Kind kind = Library::Kind::Personal;
    std::deque<Asset> assets;  ///< Newest first.
    std::map<AlbumId, std::vector<const Asset*>>
        lists;  ///< As asked for; the whole library under no id. Made on demand.
    std::map<OriginalId, Original> originals;
    std::vector<Album> albums;
    std::map<AlbumId, std::vector<AssetId>> members;
    std::vector<Delta> history;
    std::string name;
    bool has_lists = true;
    std::map<std::size_t, std::string> feed;  ///< Names of records by when they changed last.
    std::map<std::string, std::size_t> changed;
    std::size_t changes = 0;

    void touch(const std::string& record) {
      if (const auto before = changed.find(record); before != changed.end()) feed.erase(before->second);
      changed[record] = ++changes;
      feed[changes] = record;
    }
  };
  /// The records of a shelf by name.
  class Contents {
   public:
    explicit Contents(const Shelf& shelf) : shelf_{shelf} {
      for (const auto& asset : shelf.assets) assets_[asset.id.value] = &asset;
      for (const auto& [album, members] : shelf.members) {
        std::int64_t position = 0;
        for (const auto& member : members) {
          relations_[member.value + "-IN-" + album.value] = {album, member, position++};
        }
      }
    }
    /// What the record of this name is now: something, or gone.
    void put(const std::string& name, Delta& page) const {
      const auto original = shelf_.originals.find(OriginalId{name});
      const auto album = std::find_if(shelf_.albums.begin(), shelf_.albums.end(),
                                      [&](const auto& candidate) { return candidate.id.value == name; });
      if (assets_.contains(name)) {
        page.assets.push_back(*assets_.at(name));
      } else if (original != shelf_.originals.end()) {
        page.originals.push_back(original->second);
      } else if (album != shelf_.albums.end()) {
        page.albums.push_back(*album);
      } else if (relations_.contains(name)) {
        page.memberships.push_back(relations_.at(name));
      } else {
        page.gone.push_back(name);
      }
    }

   private:
    const Shelf& shelf_;
    std::map<std::string, const Asset*> assets_;
    std::map<std::string, Membership> relations_;
  };
  struct TokenParts {
    int epoch = 0;
    std::size_t at = 0;
    int empties = 0;
  };

  static constexpr std::string_view kFeedToken = "feed:";

  static Error no_library() { return Error{ErrorKind::NotFound, "no such library"}; }

  [[nodiscard]] SyncToken token(const Shelf& shelf) const {
    return SyncToken{std::to_string(epoch_) + ":" + std::to_string(shelf.history.size())};
  }
  static TokenParts parse(const std::string& token) {
    TokenParts parts;
    const auto first = token.find(':');
    const auto second = token.find(':', first + 1);
    parts.epoch = std::stoi(token);
    parts.at = std::stoul(token.substr(first + 1));
    if (second != std::string::npos) parts.empties = std::stoi(token.substr(second + 1));
    return parts;
  }

  Shelf& changing(const LibraryId& library) REQUIRES(mutex_) {
    auto& shelf = shelves_[library];
    shelf.lists.clear();
    return shelf;
  }

  [[nodiscard]] const std::vector<const Asset*>& list(const cloud::ListQuery& query) REQUIRES(mutex_) {
    auto& shelf = shelves_[query.library];
    const auto [entry, is_new] = shelf.lists.try_emplace(query.album.value_or(AlbumId{}));
    auto& assets = entry->second;
    if (!is_new) return assets;
    if (!query.album) {
      for (const auto& asset : shelf.assets) {
        if (!asset.hidden && !asset.deleted && !quirks.listless.contains(asset.id.value)) assets.push_back(&asset);
      }
      return assets;
    }
    std::map<AssetId, const Asset*> by_id;
    for (const auto& asset : shelf.assets) by_id[asset.id] = &asset;
    for (const auto& id : shelf.members[*query.album]) {
      if (by_id.contains(id)) assets.push_back(by_id[id]);
    }
    return assets;
  }

  void put_original(const Shelf& shelf, const Asset& asset, Delta& delta) const {
    const auto found = shelf.originals.find(asset.original);
    if (quirks.originals_late || found == shelf.originals.end()) return;
    if (quirks.originals_lost.contains(asset.original.value)) return;
    const bool there = std::any_of(delta.originals.begin(), delta.originals.end(),
                                   [&](const auto& original) { return original.id == asset.original; });
    if (!there) delta.originals.push_back(found->second);  // siblings share theirs
  }

  /// A page of the whole feed: each record as it is now, in the order of their last changes. The token of its end is
  /// one of changes.
  [[nodiscard]] Result<Delta> whole_feed(const Shelf& shelf, const LibraryId& library,
                                         const std::optional<SyncToken>& since) REQUIRES(mutex_) {
    TokenParts from{epoch_, 0, 0};
    if (since) from = parse(since->value.substr(kFeedToken.size()));
    if (from.epoch != epoch_) return Error{ErrorKind::StaleToken, "an old token"};
    Delta page;
    page.library = library;
    page.more = true;
    if (from.empties < quirks.empty_pages) {
      page.next = feed_token(from.at, from.empties + 1);
      return page;
    }
    const Contents contents{shelf};
    const auto records = feed_of(shelf, contents);
    auto next = records.upper_bound(from.at);
    for (std::size_t i = 0; next != records.end() && (quirks.feed_page == 0 || i < quirks.feed_page); ++i, ++next) {
      contents.put(next->second, page);
      page.next = feed_token(next->first, 0);
    }
    page.gone.insert(page.gone.end(), quirks.redelivered.begin(), quirks.redelivered.end());
    page.more = next != records.end();
    if (!page.more) page.next = token(shelf);
    if (!shelf.has_lists) page.library_name = shelf.name;
    return page;
  }
  /// Records by their place in the whole feed, from 1.
  [[nodiscard]] std::map<std::size_t, std::string> feed_of(const Shelf& shelf, const Contents& contents) const {
    constexpr std::size_t kLast = 1'000'000'000;
    std::map<std::size_t, std::string> records;
    for (const auto& [at, name] : shelf.feed) {
      if (quirks.unfed.contains(name) || quirks.originals_lost.contains(name)) continue;
      Delta record;
      contents.put(name, record);
      records[quirks.originals_last && !record.originals.empty() ? kLast + at : at] = name;
    }
    while (quirks.feed_breaks_off_after > 0 && records.size() > quirks.feed_breaks_off_after) {
      records.erase(std::prev(records.end()));
    }
    return records;
  }
  [[nodiscard]] SyncToken feed_token(std::size_t at, int empties) const {
    return SyncToken{std::string{kFeedToken} + std::to_string(epoch_) + ":" + std::to_string(at) + ":" +
                     std::to_string(empties)};
  }
  void everything(const Shelf& shelf, Delta& page) const {
    page.assets.assign(shelf.assets.begin(), shelf.assets.end());
    page.albums = shelf.albums;
    for (const auto& [id, original] : shelf.originals) {
      if (!quirks.originals_lost.contains(id.value)) page.originals.push_back(original);
    }
    for (const auto& [album, members] : shelf.members) {
      std::int64_t position = 0;
      for (const auto& member : members) page.memberships.push_back({album, member, position++});
    }
    page.next = token(shelf);
  }

  Mutex mutex_;  ///< for all below
  std::map<LibraryId, Shelf> shelves_;
  std::map<std::string, std::map<LibraryId, std::string>> places_;
  std::map<LibraryId, std::size_t> removed_;  ///< How many places were given out before.
  std::map<std::string, std::string> bytes_;
  std::set<std::pair<AlbumId, std::int64_t>> emptied_;
  int epoch_ = 1;
};

/// Passes calls on and fails those it is told to fail.
class FlakyPhotos : public cloud::Photos {
 public:
  /// `fails(n)` says whether the n-th call (from 1, of whatever kind) fails with `error`.
  FlakyPhotos(cloud::Photos& inner, std::function<bool(int)> fails, ErrorKind error = ErrorKind::Offline)
      : inner_{inner}, fails_{std::move(fails)}, error_{error} {}

  [[nodiscard]] int calls() const { return calls_; }

  Result<std::vector<Library>> libraries(std::stop_token stop) override {
    return pass([&] { return inner_.libraries(std::move(stop)); });
  }
  Result<cloud::News> news(const std::optional<SyncToken>& place, std::stop_token stop) override {
    return pass([&] { return inner_.news(place, std::move(stop)); });
  }
  bool is_in_news(const LibraryId& library) const override { return inner_.is_in_news(library); }
  Result<std::vector<Album>> albums(const LibraryId& library, std::stop_token stop) override {
    return pass([&] { return inner_.albums(library, std::move(stop)); });
  }
  Result<std::vector<std::optional<std::int64_t>>> counts(std::span<const cloud::ListQuery> queries,
                                                          std::stop_token stop) override {
    return pass([&] { return inner_.counts(queries, std::move(stop)); });
  }
  Result<Delta> window(const cloud::ListQuery& query, std::int64_t rank, std::stop_token stop) override {
    return pass([&] { return inner_.window(query, rank, std::move(stop)); });
  }
  Result<Delta> originals(const LibraryId& library, std::span<const OriginalId> ids, std::stop_token stop) override {
    return pass([&] { return inner_.originals(library, ids, std::move(stop)); });
  }
  Result<Delta> changes(const LibraryId& library, const std::optional<SyncToken>& token,
                        std::stop_token stop) override {
    return pass([&] { return inner_.changes(library, token, std::move(stop)); });
  }
  Result<void> download(const ResourceRef& resource, Range range, cloud::ByteSink& sink,
                        std::stop_token stop) override {
    return pass([&] { return inner_.download(resource, range, sink, std::move(stop)); });
  }

 private:
  template <class Call>
  auto pass(const Call& call) -> decltype(call()) {
    if (fails_(++calls_)) return Error{error_, "made to fail"};
    return call();
  }

  cloud::Photos& inner_;
  std::function<bool(int)> fails_;
  ErrorKind error_;
  std::atomic<int> calls_ = 0;
};

}  // namespace icloudphotos
