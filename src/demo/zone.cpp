// SPDX-License-Identifier: MIT
#include "zone.h"

#include <algorithm>

#include "icloudphotos/base/text.h"

#include "indexes.h"

namespace icloudphotos::demo {
namespace {

// The feed hands out assets of this many photos before their masters: five pages of the one, then five of the other.
constexpr Seq kGroup = 960;

std::vector<RecordKey> others_of(const Seed& seed, const std::string& zone) {
  std::vector<RecordKey> others;
  others.push_back({RecordKind::Other, 0, zone.substr(0, zone.find('-')) + "-0000-LI"});
  if (zone.starts_with("SharedCollection-")) {
    others.push_back({RecordKind::Other, 0, std::string{kShareRecord}});
    others.push_back({RecordKind::Other, 0, "C0330000-0000-4000-8000-00000000C033"});
  }
  // A relation may come before its album as well as after it.
  for (const Album& album : seed.albums()) {
    for (std::size_t i = 0; i < album.members.size() / 2; ++i)
      others.push_back({RecordKind::Relation, 0, relation_name(album.members[i].asset, album.id)});
    others.push_back({RecordKind::Album, 0, album.id});
    for (std::size_t i = album.members.size() / 2; i < album.members.size(); ++i)
      others.push_back({RecordKind::Relation, 0, relation_name(album.members[i].asset, album.id)});
  }
  others.push_back({RecordKind::Other, 0, "FACE0000-0000-4000-8000-00000000FACE"});
  return others;
}

}  // namespace

std::string relation_name(std::string_view asset, std::string_view album) {
  return std::string{asset} + "-IN-" + std::string{album};
}

Zone::Zone(std::string name, std::string owner, std::shared_ptr<const Seed> seed, std::string title)
    : name_{std::move(name)},
      owner_{std::move(owner)},
      title_{std::move(title)},
      seed_{std::move(seed)},
      seed_others_{std::make_shared<std::vector<RecordKey>>(others_of(*seed_, name_))},
      end_{seed_->count()} {
  for (const Album& album : seed_->albums()) albums_.emplace(album.id, std::make_shared<Album>(album));
  last_seq_ = seed_seqs();
}

Zone::Zone(const Zone& other)
    : name_{other.name_},
      owner_{other.owner_},
      title_{other.title_},
      seed_{other.seed_},
      seed_others_{other.seed_others_},
      end_{other.end_},
      photos_{other.photos_},
      added_assets_{other.added_assets_},
      purged_{other.purged_},
      albums_{other.albums_},
      log_{other.log_},
      changed_{other.changed_},
      last_seq_{other.last_seq_} {}

std::shared_ptr<const Zone> Zone::owned_by(std::string_view owner) const {
  std::shared_ptr<Zone> copy{new Zone{*this}};
  copy->owner_ = owner;
  return copy;
}

Photo Zone::photo(PhotoId id) const {
  const auto changed = photos_.find(id);
  return changed == photos_.end() ? seed_->photo(id) : *changed->second;
}

Traits Zone::traits(PhotoId id) const {
  const auto changed = photos_.find(id);
  return changed == photos_.end() ? seed_->traits(id) : traits_of(*changed->second);
}

std::optional<PhotoId> Zone::find_asset(std::string_view name) const {
  auto id = seed_->find_asset(name);
  if (!id) {
    const auto added = added_assets_.find(ascii_upper(name));
    if (added == added_assets_.end()) return std::nullopt;
    id = added->second;
  }
  return exists(*id) ? id : std::nullopt;
}

std::optional<PhotoId> Zone::find_master(std::string_view name) const {
  if (const auto id = seed_->find_master(name); id && exists(*id)) return id;
  for (const auto& [id, photo] : photos_) {
    if (photo->master == name && exists(id)) return id;
  }
  return std::nullopt;
}

PhotoId Zone::master_owner(PhotoId id) const {
  if (id < seed_->count()) {
    const PhotoId first = seed_->first_with_master_of(id);
    return exists(first) ? first : id;
  }
  return find_master(photo(id).master).value_or(id);
}

std::shared_ptr<const Album> Zone::album(std::string_view id) const {
  const auto found = albums_.find(std::string{id});
  return found == albums_.end() ? nullptr : found->second;
}

std::shared_ptr<const Index> Zone::index(const std::string& name, Listing listing) const {
  {
    const Lock lock{mutex_};
    if (const auto known = indexes_.find({name, listing}); known != indexes_.end()) return known->second;
  }
  auto made = make_index(*this, name, listing);  // two at once make the same
  const Lock lock{mutex_};
  indexes_[{name, listing}] = made;
  return made;
}

std::optional<Seq> Zone::changed_at(const RecordKey& key) const {
  const auto found = changed_.find(key);
  return found == changed_.end() ? std::nullopt : std::optional{found->second};
}

Seq Zone::seed_seqs() const { return Seq{2} * seed_->count() + seed_others_->size(); }

std::optional<RecordKey> Zone::seed_record(Seq seq) const {
  const Seq photos = seed_->count(), early = seed_others_->size() / 2;
  if (seq <= early) return (*seed_others_)[seq - 1];
  const Seq position = seq - 1 - early;
  if (position >= 2 * photos) return (*seed_others_)[early + position - 2 * photos];
  const Seq group = position / (2 * kGroup);
  const Seq first = group * kGroup;
  const Seq size = std::min(kGroup, photos - first);
  const Seq inside = position - 2 * first;
  const auto id = static_cast<PhotoId>(first + inside % size);
  if (inside < size) return RecordKey{RecordKind::Asset, id, {}};
  if (seed_->first_with_master_of(id) != id) return std::nullopt;  // its sibling's place has it
  return RecordKey{RecordKind::Master, id, {}};
}

Zone::Changes Zone::changes(Seq since, std::size_t limit) const {
  Changes page;
  page.up_to = since;
  for (Seq seq = since + 1; seq <= seed_seqs(); ++seq) {
    if (page.records.size() == limit) return page.more = true, page;
    if (auto record = seed_record(seq); record && !changed_.contains(*record))
      page.records.push_back(std::move(*record));
    page.up_to = seq;
  }
  for (auto entry = log_.upper_bound(page.up_to); entry != log_.end(); ++entry) {
    if (page.records.size() == limit) return page.more = true, page;
    page.records.push_back(entry->second);
    page.up_to = entry->first;
  }
  page.up_to = std::max(page.up_to, last_seq_);
  return page;
}

void ZoneEditor::log(RecordKey key) {
  const Seq seq = ++next_;
  if (const auto before = zone_->changed_.find(key); before != zone_->changed_.end()) zone_->log_.erase(before->second);
  zone_->changed_[key] = seq;
  zone_->log_.emplace(seq, std::move(key));
  zone_->last_seq_ = seq;
}

void ZoneEditor::put_photo(PhotoId id, Photo photo, Touch touch) {
  zone_->photos_[id] = std::make_shared<Photo>(std::move(photo));
  log({RecordKind::Asset, id, {}});
  if (touch == Touch::AssetAndMaster) log({RecordKind::Master, zone_->master_owner(id), {}});
}

PhotoId ZoneEditor::add_photo(Photo photo) {
  const PhotoId id = zone_->end_++;
  zone_->added_assets_.emplace(ascii_upper(photo.asset), id);
  zone_->photos_[id] = std::make_shared<Photo>(std::move(photo));
  if (const PhotoId owner = zone_->master_owner(id); owner == id) log({RecordKind::Master, id, {}});
  log({RecordKind::Asset, id, {}});
  return id;
}

void ZoneEditor::purge_photo(PhotoId id) {
  const Photo photo = zone_->photo(id);
  const PhotoId owner = zone_->master_owner(id);
  for (const auto& [name, album] : std::map{zone_->albums_}) remove_member(name, photo.asset);
  zone_->photos_[id] = std::make_shared<Photo>(photo);  // its names are needed for the tombstones
  zone_->purged_.insert(id);
  log({RecordKind::Asset, id, {}});
  if (!zone_->find_master(photo.master)) log({RecordKind::Master, owner, {}});
}

void ZoneEditor::rename(std::string title) {
  zone_->title_ = std::move(title);
  log({RecordKind::Other, 0, std::string{kShareRecord}});
}

void ZoneEditor::put_album(Album album) {
  const std::string id = album.id;
  zone_->albums_[id] = std::make_shared<Album>(std::move(album));
  log({RecordKind::Album, 0, id});
}

void ZoneEditor::erase_album(const std::string& id) {
  const auto album = zone_->album(id);
  if (!album) return;
  for (const Member& member : album->members) log({RecordKind::Relation, 0, relation_name(member.asset, id)});
  zone_->albums_.erase(id);
  log({RecordKind::Album, 0, id});
}

void ZoneEditor::add_member(const std::string& album, const std::string& asset, std::int64_t position) {
  const auto before = zone_->album(album);
  if (!before) return;
  Album after = *before;
  std::erase_if(after.members, [&](const Member& member) { return ascii_iequals(member.asset, asset); });
  after.members.push_back({asset, position});
  zone_->albums_[album] = std::make_shared<Album>(std::move(after));
  log({RecordKind::Relation, 0, relation_name(asset, album)});
}

void ZoneEditor::remove_member(const std::string& album, const std::string& asset) {
  const auto before = zone_->album(album);
  if (!before) return;
  Album after = *before;
  const auto removed =
      std::erase_if(after.members, [&](const Member& member) { return ascii_iequals(member.asset, asset); });
  if (removed == 0) return;
  zone_->albums_[album] = std::make_shared<Album>(std::move(after));
  log({RecordKind::Relation, 0, relation_name(asset, album)});
}

}  // namespace icloudphotos::demo
