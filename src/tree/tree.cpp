// SPDX-License-Identifier: MIT
#include "icloudphotos/tree/tree.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "icloudphotos/base/digest.h"
#include "icloudphotos/base/log.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/text.h"

#include "album_paths.h"
#include "arranger.h"
#include "draft.h"
#include "extended_attributes.h"
#include "keys.h"
#include "library_places.h"
#include "listing.h"
#include "news.h"
#include "recent_contents.h"
#include "recent_listings.h"
#include "skeleton.h"

namespace icloudphotos::tree {
namespace {

constexpr Log kLog{"tree"};

/// Photos arranged in one transaction: few enough that nobody waits long, many enough to be quick.
constexpr std::int64_t kTogether = 1000;
constexpr std::int64_t kRecents = 1000;
constexpr std::chrono::hours kSweepEvery{24};

/// What decides how photos are arranged: when it differs from last time, all of them are looked at again.
std::string description_of(const TreeOptions& options) {
  return fmt::format("1|{}|{}|{}|{}|{}|{}|{}{}{}|{}", options.layout, options.zone, static_cast<int>(options.naming),
                     static_cast<int>(options.versions), static_cast<int>(options.live),
                     static_cast<int>(options.unicode), options.hidden ? 'h' : '-', options.deleted ? 'd' : '-',
                     options.jpeg ? 'j' : '-', static_cast<int>(options.xmp));
}

std::vector<AlbumPath> albums_of(const Skeleton& skeleton, const LibraryId& library,
                                 const std::vector<AlbumId>& albums) {
  const auto row = [](const Bone* bone) { return bone == nullptr ? nullptr : &bone->row; };
  return album_paths(
      library, albums, [&](const std::string& key) { return row(skeleton.find(key)); },
      [&](std::int64_t number) { return row(skeleton.numbered(number)); });
}

/// The tree of a catalog.
class CatalogTree final : public Tree {
 public:
  CatalogTree(catalog::Catalog& catalog, Clock& clock, TreeOptions options, TimeZone zone, TimeZone local)
      : catalog_{catalog},
        clock_{clock},
        options_{std::move(options)},
        layout_{options_.layout, zone},
        day_{"%m%d", zone},
        today_{"%m%d", local} {}

  [[nodiscard]] Result<std::shared_ptr<const Directory>> directory(Inode inode) const override;
  [[nodiscard]] Result<std::optional<Node>> look_up(Inode directory, std::string_view name) const override;
  [[nodiscard]] Result<std::optional<Node>> node(Inode inode) const override;
  [[nodiscard]] std::optional<Inode> parent(Inode directory) const override;
  [[nodiscard]] Result<std::optional<Content>> content(Inode file) const override;
  [[nodiscard]] Result<std::vector<Inode>> directories_of(Inode file) const override;
  [[nodiscard]] Result<std::optional<Inode>> file_of(const ResourceRef& resource) const override;
  [[nodiscard]] Result<Attributes> attributes(Inode file) const override;
  [[nodiscard]] Totals totals() const override;
  [[nodiscard]] std::uint64_t generation() const override { return listings_.generation(); }
  [[nodiscard]] std::optional<Source> source_of(Inode directory) const override;
  void known_since(const LibraryId& library, TimePoint then) override { known_since_[library] = then; }
  void known_albums(const LibraryId& library) override { known_albums_.try_emplace(library); }
  void known_album(const LibraryId& library, const AlbumId& album) override { known_albums_[library].push_back(album); }
  [[nodiscard]] Result<Stale> refresh() override;

 private:
  struct Member {
    LibraryPlaces places;
    LibraryPart part;
    bool was_complete = false;  ///< Once complete it is shown, also while it is read anew.
  };

  [[nodiscard]] std::shared_ptr<const Skeleton> skeleton() const EXCLUDES(mutex_) {
    const Lock lock{mutex_};
    return skeleton_;
  }
  [[nodiscard]] Result<void> change(const std::function<Result<void>(catalog::TreeWriter&)>& work);
  [[nodiscard]] Result<Stale> bring_up_to_date();
  [[nodiscard]] Result<void> meet(const std::vector<catalog::LibraryState>& states);
  [[nodiscard]] Result<void> arrange_albums(catalog::TreeWriter& writer, const LibraryPlaces& places,
                                            std::vector<Album> albums);
  [[nodiscard]] Result<void> show_newest(Member& member);
  [[nodiscard]] Result<void> show_albums(Member& member);
  [[nodiscard]] Result<void> build(Member& member);
  [[nodiscard]] Result<void> catch_up(Member& member);
  [[nodiscard]] Result<Chosen> choose(catalog::TreeWriter& writer, const LibraryPlaces& places, bool mark);
  [[nodiscard]] Result<void> sweep();
  [[nodiscard]] ArrangeSetting setting() const { return {options_, layout_, day_, clock_.now()}; }

  catalog::Catalog& catalog_;
  Clock& clock_;
  const TreeOptions options_;
  const Layout layout_;
  const Layout day_;
  const Layout today_;

  // Of whoever refreshes.
  std::optional<Draft> draft_;  ///< Nothing: it is to be read from the catalog (again).
  std::map<std::int64_t, Member> members_;
  std::map<LibraryId, TimePoint> known_since_;  ///< Until that is arranged.
  /// Of libraries whose albums are known: those whose photos are, and that are not arranged since.
  std::map<LibraryId, std::vector<AlbumId>> known_albums_;
  News news_;  ///< Also of a refresh that failed: what it stored before is not news to the next one.
  std::optional<TimePoint> swept_;

  mutable RecentListings listings_;
  mutable RecentContents contents_;
  mutable Mutex mutex_;  ///< for the pointer only: whoever looks something up copies it and lets go
  std::shared_ptr<const Skeleton> skeleton_ GUARDED_BY(mutex_) = std::make_shared<const Skeleton>(
      std::unordered_map<std::int64_t, catalog::DirectoryRow>{}, std::map<std::int64_t, LibraryPart>{});
};

Result<std::shared_ptr<const Directory>> CatalogTree::directory(Inode inode) const {
  if (auto known = listings_.find(inode)) return known;
  const auto generation = listings_.generation();
  const auto bones = skeleton();
  const Bone* bone = bones->find(inode);
  if (bone == nullptr) return std::shared_ptr<const Directory>{};
  std::shared_ptr<Directory> listing;
  TRY(catalog_.read_tree([&](catalog::TreeReader& reader) -> Result<void> {
    listing = TRY(list(reader, *bones, *bone));
    return {};
  }));
  listing->generation = generation;
  listings_.keep(listing);
  return std::shared_ptr<const Directory>{std::move(listing)};
}

Result<std::optional<Node>> CatalogTree::look_up(Inode directory, std::string_view name) const {
  const auto bones = skeleton();
  std::optional<Node> found;
  const Bone* bone = bones->find(directory);
  if (bone == nullptr) return found;
  if (const Bone* child = Skeleton::child(*bone, name)) return std::optional{child->node()};
  TRY(catalog_.read_tree([&](catalog::TreeReader& reader) -> Result<void> {
    found = TRY(find_file(reader, *bones, *bone, name, options_));
    return {};
  }));
  return found;
}

Result<std::optional<Node>> CatalogTree::node(Inode inode) const {
  const auto bones = skeleton();
  if (const Bone* bone = bones->find(inode)) return std::optional{bone->node()};
  std::optional<Node> found;
  TRY(catalog_.read_tree([&](catalog::TreeReader& reader) -> Result<void> {
    const auto row = TRY(reader.inode(inode));
    const auto stored = row ? TRY(reader.card(row->asset)) : std::nullopt;
    if (!stored) return {};
    const Card card = unpack_card(stored->files, stored->places);
    for (const CardFile& file : card.files) {
      if (file.inode == inode) found = node_of(card, file, *bones, stored->library);
    }
    if (found && found->links == 0) found.reset();
    return {};
  }));
  return found;
}

std::optional<Inode> CatalogTree::parent(Inode directory) const {
  const auto bones = skeleton();
  const Bone* bone = bones->find(directory);
  return bone == nullptr ? std::nullopt : std::optional{bones->parent_of(*bone)};
}

Result<std::optional<Content>> CatalogTree::content(Inode file) const {
  const auto generation = this->generation();
  if (const auto known = contents_.find(file, generation)) return std::optional<Content>{*known};
  const auto bones = skeleton();
  std::optional<Content> found;
  TRY(catalog_.read_tree([&](catalog::TreeReader& reader) -> Result<void> {
    const auto row = TRY(reader.inode(file));
    const auto photo = row ? TRY(reader.photo(row->asset)) : std::nullopt;
    if (!photo || !photo->photo.original) return {};
    const auto library = bones->libraries().find(photo->library);
    if (library == bones->libraries().end()) return {};
    const auto& [asset, original] = photo->photo;
    if (row->part == kSidecar) {
      auto text = sidecar_of(asset, albums_of(*bones, library->second.id, photo->albums), options_.xmp);
      const auto key = sidecar_key(library->second.id, asset.id, hex_encode(sha1(as_bytes(text))));
      if (Inodes{}.digest(key).check == row->check) found = std::move(text);
      return {};
    }
    const Resource* resource = resource_of(photo->photo, static_cast<ResourceKind>(row->part));
    if (resource == nullptr) return {};
    // Other bytes by now, which the tree will show in a moment: under another inode.
    if (Inodes{}.digest(file_key(library->second.id, asset.id, *resource)).check != row->check) return {};
    found = ResourceRef{library->second.id, asset.id, original->id, resource->kind, resource->size, resource->checksum};
    return {};
  }));
  if (const auto* resource = found ? std::get_if<ResourceRef>(&*found) : nullptr)
    contents_.keep(file, *resource, generation);
  return found;
}

Result<std::vector<Inode>> CatalogTree::directories_of(Inode file) const {
  const auto bones = skeleton();
  std::vector<Inode> found;
  TRY(catalog_.read_tree([&](catalog::TreeReader& reader) -> Result<void> {
    const auto row = TRY(reader.inode(file));
    const auto stored = row ? TRY(reader.card(row->asset)) : std::nullopt;
    if (!stored) return {};
    const Card card = unpack_card(stored->files, stored->places);
    for (const CardPlace& place : card.places) {
      const Bone* bone = bones->numbered(place.directory);
      const auto is_here = [&](const CardFile& name) { return name.inode == file && shows(place, name, bone->role()); };
      if (bone != nullptr && std::any_of(card.files.begin(), card.files.end(), is_here))
        found.push_back(bone->row.inode);
    }
    return {};
  }));
  return found;
}

std::optional<Tree::Source> CatalogTree::source_of(Inode directory) const {
  const auto bones = skeleton();
  const Bone* bone = bones->find(directory);
  const auto library = bone == nullptr ? bones->libraries().end() : bones->libraries().find(bone->row.library);
  if (library == bones->libraries().end()) return std::nullopt;
  Source source{library->second.id, std::nullopt};
  const auto album = album_key(source.library, AlbumId{});
  if (bone->row.key.starts_with(album)) source.album = AlbumId{bone->row.key.substr(album.size())};
  return source;
}

Result<std::optional<Inode>> CatalogTree::file_of(const ResourceRef& resource) const {
  const Resource about{resource.kind, {}, resource.size, resource.checksum};
  auto number = Inodes{}.digest(file_key(resource.library, resource.asset, about));
  std::optional<Inode> found;
  TRY(catalog_.read_tree([&](catalog::TreeReader& reader) -> Result<void> {
    auto row = TRY(reader.inode(Inode{number.inode}));
    while (row && row->check != number.check) {
      number = Inodes::after(number);
      row = TRY(reader.inode(Inode{number.inode}));
    }
    if (row) found = row->inode;
    return {};
  }));
  return found;
}

Result<Attributes> CatalogTree::attributes(Inode file) const {
  Attributes found;
  if (!options_.xattr) return found;
  const auto bones = skeleton();
  TRY(catalog_.read_tree([&](catalog::TreeReader& reader) -> Result<void> {
    const auto row = TRY(reader.inode(file));
    const auto photo = row ? TRY(reader.photo(row->asset)) : std::nullopt;
    if (!photo) return {};
    const auto library = bones->libraries().find(photo->library);
    const Resource* resource = resource_of(photo->photo, static_cast<ResourceKind>(row->part));
    if (resource == nullptr || library == bones->libraries().end()) return {};
    const auto& id = library->second.id;
    const Bone* top = bones->find(library_key(id));
    const auto& [asset, original] = photo->photo;
    found =
        extended_attributes({asset, original ? &*original : nullptr, *resource, albums_of(*bones, id, photo->albums),
                             top == nullptr ? std::string_view{} : std::string_view{top->row.name}});
    return {};
  }));
  return found;
}

Totals CatalogTree::totals() const {
  Totals sum;
  for (const auto bones = skeleton(); const auto& [number, library] : bones->libraries()) {
    sum.bytes += static_cast<std::uint64_t>(library.shown.bytes);
    sum.files += static_cast<std::uint64_t>(library.shown.files);
    sum.waiting += static_cast<std::uint64_t>(library.shown.waiting);
  }
  return sum;
}

Result<Stale> CatalogTree::refresh() {
  auto stale = bring_up_to_date();
  if (!stale) draft_.reset();  // it may have changes that were not stored
  return stale;
}

Result<Stale> CatalogTree::bring_up_to_date() {
  auto states = TRY(catalog_.libraries());
  // Who comes first among equal names does not depend on who was found first.
  std::sort(states.begin(), states.end(), [](const catalog::LibraryState& a, const catalog::LibraryState& b) {
    return std::tie(a.library.kind, a.library.id) < std::tie(b.library.kind, b.library.id);
  });
  TRY(meet(states));
  for (const auto& state : states) {
    Member& member = members_.at(state.number);
    if (!state.listed && !member.was_complete) {
      TRY(show_newest(member));
      TRY(show_albums(member));
      continue;
    }
    TRY(member.part.complete ? catch_up(member) : build(member));
    if (!std::exchange(member.part.complete, true)) TRY(catch_up(member));
  }
  TRY(sweep());
  std::map<std::int64_t, LibraryPart> parts;
  for (const auto& [number, member] : members_) parts.emplace(number, member.part);
  auto after = std::make_shared<const Skeleton>(draft_->rows(), parts);
  const auto before = skeleton();
  Stale stale = std::exchange(news_, {}).take(*before, *after);
  {
    const Lock lock{mutex_};
    skeleton_ = std::move(after);
  }
  listings_.forget();
  return stale;
}

/// Learns which libraries there are, and which directories they have.
Result<void> CatalogTree::meet(const std::vector<catalog::LibraryState>& states) {
  std::map<std::int64_t, std::vector<Album>> albums;
  for (const auto& state : states) {
    if (state.listed || known_albums_.contains(state.library.id))
      albums.emplace(state.number, TRY(catalog_.albums(state.library.id)));
  }
  return change([&](catalog::TreeWriter& writer) -> Result<void> {
    const auto is_there = [&](std::int64_t library) {
      return std::any_of(states.begin(), states.end(), [&](const auto& state) { return state.number == library; });
    };
    std::erase_if(members_, [&](const auto& member) { return !is_there(member.first); });
    std::vector<std::int64_t> gone;
    for (const auto& [number, row] : draft_->rows()) {
      if (row.library != 0 && !is_there(row.library)) gone.push_back(row.library);
    }
    for (const auto library : gone) draft_->drop_library(library);
    bool shared_albums = false;
    for (const auto& state : states) {
      Member& member = members_[state.number];
      member.places = TRY(put_library(writer, *draft_, state, options_));
      member.part.id = state.library.id;
      member.part.kind = state.library.kind;
      member.part.named = is_named(state);
      member.part.fed = member.part.fed || state.read_through;  // and stays so while it is read anew
      member.part.shown = TRY(writer.shown(state.number));
      const auto shown_with = TRY(writer.shown_with(state.number));
      member.was_complete = shown_with.has_value();
      member.part.complete = shown_with == description_of(options_);
      shared_albums = shared_albums || state.library.kind == Library::Kind::SharedAlbum;
      if (auto mine = albums.find(state.number); mine != albums.end())
        TRY(arrange_albums(writer, member.places, std::move(mine->second)));
    }
    if (const auto* row = draft_->find(kSharedAlbumsKey); row != nullptr && row->present && !shared_albums)
      draft_->hide(row->number);
    return {};
  });
}

/// Sidecars name albums with the folders above them: where one of those changed, they are written anew.
Result<void> CatalogTree::arrange_albums(catalog::TreeWriter& writer, const LibraryPlaces& places,
                                         std::vector<Album> albums) {
  const auto paths = [&] {
    std::map<std::int64_t, std::tuple<std::int64_t, std::string, std::string>> all;
    for (const auto& [number, row] : draft_->rows()) {
      if (row.present && is_album_key(places.id, row.key))
        all.emplace(number, std::tuple{row.parent, row.name, row.title});
    }
    return all;
  };
  if (options_.xmp == TreeOptions::Sidecars::Off) return put_albums(writer, *draft_, places, std::move(albums));
  const auto before = paths();
  TRY(put_albums(writer, *draft_, places, std::move(albums)));
  const auto after = paths();
  if (before == after) return {};
  for (const auto& [number, path] : after) TRY(writer.touch(places.number, TRY(writer.claimants(number))));
  return {};
}

/// Until a library is known whole: what is known of it from its newest photo on. Names come out as they will when all
/// photos are arranged, because all that share a directory are arranged together.
Result<void> CatalogTree::show_newest(Member& member) {
  const auto since = known_since_.find(member.part.id);
  if (since == known_since_.end() || options_.naming == TreeOptions::Naming::Icloudpd) return {};
  Arranger arranger{*draft_, setting(), member.places, member.part.shown, nullptr};
  TRY(change([&](catalog::TreeWriter& writer) -> Result<void> {
    const auto photos = TRY(writer.taken_since(member.places.number, since->second));
    member.part.whole = TRY(arranger.arrange_newest(writer, photos, since->second));
    return writer.set_shown(member.places.number, member.part.shown);
  }));
  known_since_.erase(since);
  return {};
}

/// The folders of such a library, and albums that somebody waited for.
Result<void> CatalogTree::show_albums(Member& member) {
  const auto known = known_albums_.find(member.part.id);
  if (known == known_albums_.end() || options_.naming == TreeOptions::Naming::Icloudpd) return {};
  member.part.foldered = true;
  if (known->second.empty()) return {};
  Arranger arranger{*draft_, setting(), member.places, member.part.shown, nullptr};
  TRY(change([&](catalog::TreeWriter& writer) -> Result<void> {
    for (const auto& album : known->second) {
      const auto* directory = draft_->find(album_key(member.part.id, album));
      if (directory == nullptr || !directory->present) continue;
      const auto number = directory->number;
      TRY(arranger.arrange_album(writer, TRY(writer.members(member.places.number, album)), number));
      member.part.whole_albums.insert(number);
    }
    return writer.set_shown(member.places.number, member.part.shown);
  }));
  known->second.clear();
  return {};
}

/// Puts all photos of a library in their places. Killed on the way it begins anew and finds what it did.
Result<void> CatalogTree::build(Member& member) {
  const auto library = member.places.number;
  // Whose names decide who is first: ours by date added, icloudpd's by date taken.
  const bool like_icloudpd = options_.naming == TreeOptions::Naming::Icloudpd;
  const auto order =
      like_icloudpd ? catalog::TreeWriter::Order::NewestCaptured : catalog::TreeWriter::Order::OldestAdded;
  catalog::TreeWriter::Cursor cursor;
  Arranger arranger{*draft_, setting(), member.places, member.part.shown, nullptr};
  // Sorting the whole library is too much to be done again for every few photos.
  const auto together = like_icloudpd ? INT64_MAX : kTogether;
  for (bool more = true; more;) {
    TRY(change([&](catalog::TreeWriter& writer) -> Result<void> {
      if (!cursor.begun) arranger.choose(TRY(choose(writer, member.places, false)));
      const auto photos = TRY(writer.photos_after(library, order, together, cursor));
      TRY(arranger.arrange(writer, photos));
      more = !photos.empty();
      TRY(writer.set_shown(library, member.part.shown));
      if (more) return {};
      TRY(writer.settle_all(library));
      return writer.set_shown_with(library, description_of(options_));
    }));
  }
  kLog.debug("library arranged files={} waiting={}", member.part.shown.files, member.part.shown.waiting);
  return {};
}

/// Arranges what `apply` has touched, and who came into or left the views that follow the calendar.
Result<void> CatalogTree::catch_up(Member& member) {
  const auto library = member.places.number;
  Arranger arranger{*draft_, setting(), member.places, member.part.shown, &news_};
  TRY(change([&](catalog::TreeWriter& writer) -> Result<void> {
    arranger.choose(TRY(choose(writer, member.places, true)));
    return {};
  }));
  for (bool more = true; more;) {
    TRY(change([&](catalog::TreeWriter& writer) -> Result<void> {
      const auto photos = TRY(writer.touched(library, kTogether));
      TRY(arranger.arrange(writer, photos));
      more = !photos.empty();
      if (more) TRY(writer.set_shown(library, member.part.shown));
      return {};
    }));
  }
  return {};
}

/// Who is among the newest and who was taken on this day. With `mark` those for whom that is news are touched.
Result<Chosen> CatalogTree::choose(catalog::TreeWriter& writer, const LibraryPlaces& places, bool mark) {
  Chosen chosen;
  if (places.kind == Library::Kind::SharedAlbum) return chosen;
  const auto newest = TRY(writer.newest(places.number, kRecents));
  chosen.recents.insert(newest.begin(), newest.end());
  for (const char digit : today_.fill(clock_.now(), std::nullopt)) chosen.today = chosen.today * 10 + (digit - '0');
  if (!mark) return chosen;
  const auto touch_difference = [&](std::vector<std::int64_t> wanted, std::int64_t directory) -> Result<void> {
    auto shown = TRY(writer.claimants(directory));
    std::sort(wanted.begin(), wanted.end());
    std::sort(shown.begin(), shown.end());
    std::vector<std::int64_t> news;
    std::set_symmetric_difference(wanted.begin(), wanted.end(), shown.begin(), shown.end(), std::back_inserter(news));
    return writer.touch(places.number, news);
  };
  TRY(touch_difference(newest, places.recents));
  TRY(touch_difference(TRY(writer.taken_on(places.number, chosen.today)), places.on_this_day));
  return chosen;
}

/// Once a day: names that were kept long enough are forgotten.
Result<void> CatalogTree::sweep() {
  const auto now = clock_.now();
  if (swept_ && now - *swept_ < kSweepEvery) return {};
  TRY(change([&](catalog::TreeWriter& writer) -> Result<void> {
    TRY(writer.expire_claims(now - kQuarantine));
    return {};
  }));
  swept_ = now;
  return {};
}

/// One transaction, with the draft as it is in the catalog at its beginning and its end.
Result<void> CatalogTree::change(const std::function<Result<void>(catalog::TreeWriter&)>& work) {
  return catalog_.change_tree([&](catalog::TreeWriter& writer) -> Result<void> {
    if (!draft_) draft_.emplace(TRY(Draft::load(writer)));
    TRY(work(writer));
    return draft_->store(writer);
  });
}

}  // namespace

std::vector<Entry>::const_iterator Directory::after(std::uint64_t place) const {
  return std::upper_bound(entries.begin(), entries.end(), place,
                          [](std::uint64_t wanted, const Entry& entry) { return wanted < entry.place; });
}

Result<std::unique_ptr<Tree>> Tree::load(catalog::Catalog& catalog, Clock& clock, TreeOptions options) {
  auto zone = TRY(TimeZone::open(options.zone));
  auto local = TRY(TimeZone::open("local"));
  auto tree = std::make_unique<CatalogTree>(catalog, clock, std::move(options), zone, local);
  TRY(tree->refresh());
  return std::unique_ptr<Tree>{std::move(tree)};
}

}  // namespace icloudphotos::tree
