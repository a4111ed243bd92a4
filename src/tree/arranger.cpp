// SPDX-License-Identifier: MIT
#include "arranger.h"

#include <algorithm>
#include <utility>

#include "icloudphotos/base/digest.h"
#include "icloudphotos/base/text.h"

#include "album_paths.h"
#include "icloudpd_names.h"
#include "keys.h"
#include "names.h"
#include "sidecar.h"

namespace icloudphotos::tree {
namespace {

std::string join(const std::vector<std::string>& names) {
  std::string path;
  for (const std::string& name : names) path += (path.empty() ? "" : "/") + name;
  return path;
}

std::int64_t seconds_of(TimePoint time) {
  return std::max<std::int64_t>(1, std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count());
}

/// The stem a photo would like to have.
std::string wished_stem(const catalog::Photo& photo) {
  const Original& imported = *photo.original;
  if (imported.file_name.empty()) return nameless_stem(photo.asset.id.value);
  const Resource* original = find_resource(imported.resources, ResourceKind::Original);
  const std::string& type = original == nullptr || original->type.empty() ? imported.type : original->type;
  const FileName parts = take_apart(imported.file_name, type);
  return clean(parts.stem, parts.end);
}

/// Month and day of a moment at its place, as 100 * month + day.
std::optional<std::int64_t> day_of(const Moment& moment, const Asset& asset, const Layout& day) {
  if (!moment.time) return std::nullopt;
  const auto text = day.fill(*moment.time, asset.utc_offset);
  if (text.size() != 4) return std::nullopt;
  return (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 + (text[3] - '0');
}

bool is_edit(const Resource& resource) {
  return resource.kind == ResourceKind::EditedStill || resource.kind == ResourceKind::EditedVideo;
}

}  // namespace

std::int64_t claim_hash(std::string_view key) {
  // FNV-1a: the same on every machine and in every version, because it is stored.
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : key) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3ULL;
  return static_cast<std::int64_t>(hash);
}

std::int64_t claim_hash_of_file(std::string_view name, Role role, const TreeOptions& options) {
  const bool own_names = options.naming == TreeOptions::Naming::Icloudpd && role == Role::AllPhotos;
  return claim_hash(own_names ? std::string{name} : key_of_file_name(name, options.xmp));
}

std::string sidecar_of(const Asset& asset, const std::vector<AlbumPath>& albums, TreeOptions::Sidecars sidecars) {
  using Flavour = SidecarSource::Flavour;
  const auto flavour = sidecars == TreeOptions::Sidecars::Lightroom ? Flavour::Lightroom
                       : sidecars == TreeOptions::Sidecars::Tree    ? Flavour::Tree
                                                                    : Flavour::On;
  return sidecar_text({asset, albums, flavour});
}

bool shows(const CardPlace& place, const CardFile& file, Role role) {
  return place.present() && (place.part == kWholePhoto || place.part == file.part) &&
         (file.where & shown_in(role)) != 0;
}

std::uint32_t links_of(const Card& card, const CardFile& file,
                       const std::function<Role(std::int64_t directory)>& role_of) {
  std::uint32_t links = 0;
  for (const CardPlace& place : card.places) {
    const Role role = role_of(place.directory);
    for (const CardFile& name : card.files) links += name.inode == file.inode && shows(place, name, role) ? 1 : 0;
  }
  return links;
}

Result<void> Arranger::arrange(catalog::TreeWriter& writer, const std::vector<std::int64_t>& photos) {
  writer_ = &writer;
  for (const auto photo : photos) TRY(arrange(photo));
  return {};
}

Result<std::unordered_set<std::int64_t>> Arranger::arrange_newest(catalog::TreeWriter& writer,
                                                                  const std::vector<std::int64_t>& photos,
                                                                  TimePoint known_since) {
  known_since_ = known_since;
  TRY(arrange(writer, photos));
  known_since_.reset();
  return std::exchange(whole_, {});
}

Result<void> Arranger::arrange_album(catalog::TreeWriter& writer, const std::vector<std::int64_t>& photos,
                                     std::int64_t directory) {
  album_ = directory;
  TRY(arrange(writer, photos));
  album_.reset();
  return {};
}

Result<void> Arranger::arrange(std::int64_t photo) {
  const auto row = TRY(writer_->photo(photo));
  // When all are arranged, all are settled at the end.
  if (news_ != nullptr) TRY(writer_->settle(photo));
  if (!row) return {};
  Subject subject{*row, Versions{row->photo, setting_.options}, {}, {}, {}, {}};
  if (row->card) subject.before = unpack_card(row->card->files, row->card->places);
  subject.moment = moment_of(*row, subject.before);
  if (known_since_ && !is_among_newest(subject)) return {};
  subject.now.places = subject.before.places;
  TRY(describe(subject));
  TRY(place(subject, TRY(wanted(subject))));
  if (news_ != nullptr) TRY(tell(subject));
  return save(subject);
}

Moment Arranger::moment_of(const catalog::PhotoRow& row, const Card& before) {
  if (like_icloudpd()) return icloudpd_moment(row.photo.asset, setting_.layout);
  return tree::moment_of(row.photo.asset, setting_.layout, setting_.now, [&](const std::string& filled) {
    const auto* directory = draft_.find(all_photos_key(places_.id, join(path_of(filled))));
    return directory != nullptr && std::any_of(before.places.begin(), before.places.end(), [&](const CardPlace& place) {
             return place.directory == directory->number;
           });
  });
}

/// Which files there are of a photo.
Result<void> Arranger::describe(Subject& subject) {
  const catalog::Photo& photo = subject.row.photo;
  const Asset& asset = photo.asset;
  Card& card = subject.now;
  if (!subject.row.exists) return {};
  card.waiting = !asset.hidden && !asset.deleted && !subject.versions.has_original();
  if (subject.versions.empty()) return {};
  const std::int64_t taken_s = file_time(subject.moment.time.value_or(asset.created));
  const std::int64_t edited_s = asset.changed == TimePoint{} ? taken_s : file_time(asset.changed);
  card.changed_s = file_time(std::max(asset.changed, photo.original->changed));
  for (const Version& version : subject.versions) {
    const Resource& resource = *version.resource;
    CardFile file;
    file.part = part_of(resource.kind);
    file.where = version.where;
    file.size = resource.size;
    file.modified_s = is_edit(resource) && !like_icloudpd() ? edited_s : taken_s;
    file.suffix = version.suffix;
    file.inode = TRY(inode_of(subject, file.part, file_key(places_.id, asset.id, resource)));
    card.files.push_back(std::move(file));
  }
  if (like_icloudpd()) name_like_icloudpd(subject);
  if (setting_.options.xmp != TreeOptions::Sidecars::Off) return add_sidecar(subject);
  return {};
}

void Arranger::name_like_icloudpd(Subject& subject) {
  for (CardFile& file : subject.now.files) file.where &= static_cast<std::uint8_t>(~InAllPhotos);
  for (const IcloudpdFile& wished : icloudpd_files(subject.row.photo, setting_.options)) {
    const Part part = part_of(wished.resource->kind);
    for (CardFile& file : subject.now.files) {
      if (file.part == part && file.where != InJpeg) file.where |= InAllPhotos;
    }
    subject.own_names.emplace(part, wished.name);
  }
}

/// One for all files of the photo, called after the first of them.
Result<void> Arranger::add_sidecar(Subject& subject) {
  const Asset& asset = subject.row.photo.asset;
  const auto albums = album_paths(
      places_.id, subject.row.albums, [this](const std::string& key) { return draft_.find(std::string_view{key}); },
      [this](std::int64_t number) { return std::as_const(draft_).find(number); });
  const auto text = sidecar_of(asset, albums, setting_.options.xmp);
  const bool whole_name = setting_.options.xmp != TreeOptions::Sidecars::Lightroom;
  CardFile sidecar;
  sidecar.part = kSidecar;
  sidecar.where = InAllPhotos | InEverything;
  sidecar.size = text.size();
  sidecar.modified_s = file_time(asset.changed);
  sidecar.suffix = (whole_name ? subject.versions.begin()->suffix : "") + std::string{kSidecarSuffix};
  const auto key = sidecar_key(places_.id, asset.id, hex_encode(sha1(as_bytes(text))));
  sidecar.inode = TRY(inode_of(subject, kSidecar, key));
  subject.now.files.push_back(std::move(sidecar));
  if (subject.own_names.empty()) return {};
  std::string name = subject.own_names.begin()->second;
  if (!whole_name) name.resize(std::min(name.rfind('.'), name.size()));
  subject.own_names.emplace(kSidecar, name + std::string{kSidecarSuffix});
  return {};
}

Result<Inode> Arranger::inode_of(const Subject& subject, Part part, const std::string& key) {
  Number number = digests_.digest(key);
  const auto same_part = [part](const CardFile& file) { return file.part == part; };
  for (const Card* card : {&subject.now, &subject.before}) {
    const auto known = std::find_if(card->files.begin(), card->files.end(), same_part);
    if (known == card->files.end()) continue;
    if (known->inode == Inode{number.inode}) return known->inode;
    // It may have had to give way once: then it stays where it is.
    const auto row = TRY(writer_->take_inode({known->inode, subject.row.number, part, number.check}));
    if (row && row->asset == subject.row.number && row->part == part && row->check == number.check) return known->inode;
    if (!row) TRY(writer_->free_inode(known->inode));
  }
  for (;; number = Inodes::after(number)) {
    const auto row = TRY(writer_->take_inode({Inode{number.inode}, subject.row.number, part, number.check}));
    if (!row || (row->asset == subject.row.number && row->part == part && row->check == number.check)) break;
  }
  return Inode{number.inode};
}

/// Photos without a date that can be believed are filed by when they were added, and the list has them at its end: nobody
/// knows them yet, and they come to where they belong as new photos do.
bool Arranger::is_among_newest(const Subject& subject) const {
  const Asset& asset = subject.row.photo.asset;
  if (!subject.moment.time || subject.moment.time != asset.captured) return false;
  const auto begin = setting_.layout.none_before(*subject.moment.time, asset.utc_offset);
  return begin && *begin > *known_since_;
}

/// Where the photo shall be shown. Only places where something of it is to be seen.
Result<std::vector<Arranger::Wanted>> Arranger::wanted(const Subject& subject) {
  std::vector<Wanted> all;
  if (!subject.row.exists || subject.now.files.empty()) return all;
  const Asset& asset = subject.row.photo.asset;
  const auto add = [&](std::int64_t directory) {
    const auto where = shown_in(draft_.role_of(directory));
    const auto& files = subject.now.files;
    if (std::any_of(files.begin(), files.end(), [&](const CardFile& file) { return (file.where & where) != 0; }))
      all.push_back({directory, kWholePhoto, {}, 0});
  };
  const auto add_dated = [&](std::int64_t directory) {
    if (!like_icloudpd()) return add(directory);
    for (const auto& [part, name] : subject.own_names) {
      const auto is_part = [part = part](const CardFile& file) { return file.part == part; };
      const auto file = std::find_if(subject.now.files.begin(), subject.now.files.end(), is_part);
      if (file != subject.now.files.end()) all.push_back({directory, part, name, file->size});
    }
  };
  const auto add_whole = [&](std::int64_t directory) {
    whole_.insert(directory);
    add(directory);
  };
  if (album_) {
    add(*album_);
  } else if (known_since_) {
    add_whole(TRY(date_directory(subject.moment, places_.all_photos, Role::AllPhotos)));
    if (places_.jpeg) add_whole(TRY(date_directory(subject.moment, *places_.jpeg, Role::Jpeg)));
  } else if (places_.kind == Library::Kind::SharedAlbum) {
    if (!asset.deleted) add(places_.top);
  } else if (asset.deleted) {
    if (places_.deleted) add(*places_.deleted);
  } else if (asset.hidden) {
    if (places_.hidden) add(*places_.hidden);
  } else {
    add_dated(TRY(date_directory(subject.moment, places_.all_photos, Role::AllPhotos)));
    if (asset.favorite) add(places_.favorites);
    if (chosen_.recents.contains(subject.row.number)) add(places_.recents);
    if (is_of_this_day(subject)) add(places_.on_this_day);
    const std::uint32_t types = media_types(subject.row.photo, subject.versions);
    for (std::size_t i = 0; i < kMediaTypes.size(); ++i) {
      if ((types & 1U << i) != 0) add(places_.media_types[i]);
    }
    for (const AlbumId& album : subject.row.albums) {
      const auto* directory = draft_.find(album_key(places_.id, album));
      if (directory != nullptr && directory->present) add(directory->number);
    }
    if (places_.jpeg) add(TRY(date_directory(subject.moment, *places_.jpeg, Role::Jpeg)));
  }
  return all;
}

/// Taken on this day of an earlier year.
bool Arranger::is_of_this_day(const Subject& subject) const {
  const Asset& asset = subject.row.photo.asset;
  if (day_of(subject.moment, asset, setting_.day) != chosen_.today) return false;
  const auto year = setting_.day.year(*subject.moment.time, asset.utc_offset);
  return year && year < setting_.day.year(setting_.now, std::nullopt);
}

Result<std::int64_t> Arranger::date_directory(const Moment& moment, std::int64_t top, Role role) {
  const std::string filled = moment.time ? moment.filled : "Undated";
  const auto known = date_directories_.find(std::to_string(top) + '/' + filled);
  if (known != date_directories_.end()) return known->second;
  std::int64_t here = top;
  std::string path;
  for (const std::string& name : path_of(filled)) {
    path += (path.empty() ? "" : "/") + name;
    const auto key = role == Role::Jpeg ? jpeg_key(places_.id, path) : all_photos_key(places_.id, path);
    here = TRY(draft_.put(*writer_, places_.number, here, key, role, name));
  }
  date_directories_.emplace(std::to_string(top) + '/' + filled, here);
  return here;
}

Result<void> Arranger::place(Subject& subject, const std::vector<Wanted>& wanted) {
  auto& places = subject.now.places;
  const auto is = [](const Wanted& want) {
    return [&want](const CardPlace& place) { return place.directory == want.directory && place.part == want.part; };
  };
  for (const Wanted& want : wanted) {
    const auto known = std::find_if(places.begin(), places.end(), is(want));
    if (known != places.end() && known->present()) continue;
    if (known != places.end()) {
      auto row = TRY(writer_->claim(known->directory, known->slot));
      if (row && row->asset == subject.row.number && row->part == want.part) {
        row->released.reset();
        TRY(writer_->put(*row));
        known->released_s = 0;
        ++draft_.change(known->directory).photos;
        continue;
      }
      places.erase(known);  // another has that name by now
    }
    Wanted claimed = want;
    if (claimed.part == kWholePhoto) claimed.wish = wished_stem(subject.row.photo);
    places.push_back(TRY(claim(subject.row.number, claimed)));
  }
  if (!knows_all()) return {};  // the other places are those of another part of the library
  for (CardPlace& place : places) {
    const auto keeps = [&](const Wanted& want) { return is(want)(place); };
    if (place.present() && std::none_of(wanted.begin(), wanted.end(), keeps)) TRY(release(place));
  }
  std::erase_if(places, [&](const CardPlace& place) {
    return !place.present() && setting_.now - TimePoint{std::chrono::seconds{place.released_s}} > kQuarantine * 2;
  });
  return {};
}

Result<CardPlace> Arranger::claim(std::int64_t photo, const Wanted& wanted) {
  const auto hint = next_number_.find({wanted.directory, wanted.wish});
  for (std::uint32_t n = hint == next_number_.end() ? 1 : hint->second;; ++n) {
    const bool own_name = wanted.part != kWholePhoto;
    const std::string stem =
        own_name ? icloudpd_candidate(wanted.wish, wanted.bytes, n) : candidate(wanted.wish, n, Naming::Photo);
    const auto key = claim_hash(own_name ? stem : claim_key(stem, Naming::Photo));
    if (const auto taken = TRY(writer_->claim_by_key(wanted.directory, key))) {
      if (!taken->released || setting_.now - *taken->released < kQuarantine) continue;
      TRY(writer_->remove_claim(taken->directory, taken->slot));
    }
    if (n > 1 && !own_name) next_number_[{wanted.directory, wanted.wish}] = n + 1;
    auto& directory = draft_.change(wanted.directory);
    const auto slot = directory.next_slot++;
    ++directory.photos;
    TRY(writer_->put(catalog::ClaimRow{wanted.directory, slot, photo, wanted.part, stem, key, std::nullopt}));
    return CardPlace{wanted.directory, slot, wanted.part, 0};
  }
}

Result<void> Arranger::release(CardPlace& place) {
  place.released_s = seconds_of(setting_.now);
  const auto* directory = draft_.find(place.directory);
  if (directory == nullptr) return {};
  auto& row = draft_.change(place.directory);
  --row.photos;
  row.newest_s = std::max(row.newest_s, place.released_s);  // as unlink(2) would
  if (auto claim = TRY(writer_->claim(place.directory, place.slot))) {
    claim->released = setting_.now;
    TRY(writer_->put(*claim));
  }
  return {};
}

/// Tells which names came and went, and which files look different now.
Result<void> Arranger::tell(const Subject& subject) {
  const auto role = [this](std::int64_t directory) { return draft_.role_of(directory); };
  const auto find = [](const Card& card, Inode inode) {
    return std::find_if(card.files.begin(), card.files.end(),
                        [inode](const CardFile& file) { return file.inode == inode; });
  };
  for (const CardPlace& place : subject.now.places) {
    const auto old = std::find_if(
        subject.before.places.begin(), subject.before.places.end(),
        [&](const CardPlace& each) { return each.directory == place.directory && each.slot == place.slot; });
    const CardPlace was = old == subject.before.places.end() ? CardPlace{0, 0, 0, 1} : *old;
    if (!place.present() && !was.present()) continue;
    const Role here = role(place.directory);
    std::map<std::string, std::pair<std::optional<Inode>, std::optional<Inode>>> names;
    for (const auto& file : subject.before.files) {
      if (shows(was, file, here)) names[file.suffix].first = file.inode;
    }
    for (const auto& file : subject.now.files) {
      if (shows(place, file, here)) names[file.suffix].second = file.inode;
    }
    std::erase_if(names, [](const auto& name) { return name.second.first == name.second.second; });
    if (names.empty()) continue;
    const auto claim = TRY(writer_->claim(place.directory, place.slot));
    const auto* directory = draft_.find(place.directory);
    if (!claim || directory == nullptr) continue;
    for (const auto& [suffix, change] : names) {
      const auto name = place.part == kWholePhoto ? claim->stem + suffix : claim->stem;
      news_->name(directory->inode, name, change.first, change.second);
    }
  }
  for (const CardFile& file : subject.now.files) {
    const auto old = find(subject.before, file.inode);
    if (old == subject.before.files.end()) continue;
    const auto links = links_of(subject.now, file, role);
    const auto links_before = links_of(subject.before, *old, role);
    const bool same = old->size == file.size && old->modified_s == file.modified_s && links == links_before &&
                      subject.now.changed_s == subject.before.changed_s;
    if (!same && links > 0 && links_before > 0) news_->attributes(file.inode);
  }
  return {};
}

Result<void> Arranger::save(const Subject& subject) {
  const Card& now = subject.now;
  const Card& before = subject.before;
  const auto sum = [](const Card& card, catalog::Shown& sums, std::int64_t sign) {
    sums.waiting += card.waiting ? sign : 0;
    if (std::none_of(card.places.begin(), card.places.end(), [](const CardPlace& place) { return place.present(); }))
      return;
    std::unordered_set<std::uint64_t> counted;
    for (const CardFile& file : card.files) {
      if (!counted.insert(file.inode.value).second) continue;
      sums.files += sign;
      if (file.part == part_of(ResourceKind::Original)) sums.bytes += sign * static_cast<std::int64_t>(file.size);
    }
  };
  sum(before, sums_, -1);
  sum(now, sums_, 1);
  for (const CardFile& file : before.files) {
    const bool stays = std::any_of(now.files.begin(), now.files.end(),
                                   [&](const CardFile& other) { return other.inode == file.inode; });
    if (!stays) TRY(writer_->free_inode(file.inode));
  }
  for (const CardPlace& place : now.places) {
    if (!place.present() || now.files.empty()) continue;
    const auto* directory = draft_.find(place.directory);
    const bool is_new = std::find(before.places.begin(), before.places.end(), place) == before.places.end();
    if (directory == nullptr || directory->newest_s >= now.changed_s) continue;
    if (is_new || now.changed_s != before.changed_s) draft_.change(place.directory).newest_s = now.changed_s;
  }
  catalog::CardRow row{subject.row.number, places_.number, std::nullopt, pack_files(now), pack_places(now)};
  if (!now.files.empty() && !subject.row.photo.asset.hidden && !subject.row.photo.asset.deleted)
    row.day = day_of(subject.moment, subject.row.photo.asset, setting_.day);
  if (now.files.empty() && now.places.empty() && !now.waiting) {
    return subject.row.exists ? writer_->remove_card(row.asset) : writer_->forget(row.asset);
  }
  if (subject.row.card && *subject.row.card == row) return {};
  return writer_->put(row);
}

}  // namespace icloudphotos::tree
