// SPDX-License-Identifier: MIT
#include "builder.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "keys.h"

namespace icloudphotos::tree {
namespace {

bool same(const Directory& a, const Directory& b) {
  return a.parent == b.parent && a.complete == b.complete &&
         std::equal(
             a.entries.begin(), a.entries.end(), b.entries.begin(), b.entries.end(),
             [](const Entry& x, const Entry& y) { return x.inode == y.inode && x.kind == y.kind && x.name == y.name; });
}

std::string join(const std::vector<std::string>& names) {
  std::string path;
  for (const std::string& name : names) path += (path.empty() ? "" : "/") + name;
  return path;
}

std::string path_in_key(std::string_view filled) { return join(path_of(filled)); }

/// The stem a photo would like to have.
std::string wished_stem(const catalog::Photo& photo) {
  const Original& imported = *photo.original;
  if (imported.file_name.empty()) return nameless_stem(photo.asset.id.value);
  const Resource* original = find_resource(imported.resources, ResourceKind::Original);
  const std::string& type = original == nullptr || original->type.empty() ? imported.type : original->type;
  const FileName parts = take_apart(imported.file_name, type);
  return clean(parts.stem, parts.end);
}

}  // namespace

LibraryBuilder::LibraryBuilder(const BuildSetting& setting, const Library& library, std::string name,
                               const LibraryTree* before)
    : setting_{setting},
      library_{library},
      name_{std::move(name)},
      before_{before},
      tree_{std::make_shared<LibraryTree>(library.id)} {}

std::shared_ptr<const LibraryTree> LibraryBuilder::build_incomplete() {
  add_fixed_directories();
  for (Draft& draft : drafts_) {
    const bool listed_whole = draft.links > 2;  // the library's own and Media Types, which never have other entries
    draft.directory.complete = listed_whole;
  }
  return finish();
}

Result<std::shared_ptr<const LibraryTree>> LibraryBuilder::build() {
  setting_.claims.begin();
  add_fixed_directories();
  if (library_.kind == Library::Kind::Personal) TRY(add_albums());
  TRY(setting_.catalog.each_photo(library_.id, [this](const catalog::Photo& photo) { add_photo(photo); }));
  setting_.claims.finish(setting_.now);
  return finish();
}

void LibraryBuilder::add_fixed_directories() {
  const Place top = add_directory(0, name_, library_key(library_.id));
  all_photos_ = add_directory(top, "All Photos", all_photos_key(library_.id, ""));
  if (library_.kind == Library::Kind::Personal) {  // the service has no albums in shared libraries
    albums_ = add_directory(top, "Albums", albums_key(library_.id), Naming::Directory);
  }
  favorites_ = add_directory(top, "Favorites", favorites_key(library_.id));
  const Place types = add_directory(top, "Media Types", media_types_key(library_.id));
  for (std::size_t i = 0; i < kMediaTypes.size(); ++i) {
    media_types_[i] = add_directory(types, std::string{kMediaTypes[i]}, media_type_key(library_.id, kMediaTypes[i]));
  }
  date_paths_.emplace(drafts_[all_photos_].key, all_photos_);
}

Result<void> LibraryBuilder::add_albums() {
  const std::vector<PlacedAlbum> placed = place_albums(TRY(setting_.catalog.albums(library_.id)));
  // Names first, in the order in which they are claimed; then directories, parents before children.
  std::vector<std::string> names;
  for (const PlacedAlbum& here : placed) {
    const std::string parent =
        here.parent ? folder_key(library_.id, placed[*here.parent].album.id) : albums_key(library_.id);
    const auto directory = setting_.claims.directory(parent, Naming::Directory);
    names.push_back(setting_.claims.claim(directory, here.album.id.value, setting_.now, [&] {
      const bool folder = here.album.kind == Album::Kind::Folder;
      // What Photos calls them.
      return clean(!here.album.name.empty() ? here.album.name : folder ? "Untitled Folder" : "Untitled Album");
    }));
  }
  std::vector<Place> places(placed.size(), 0);  // 0, the library's own, stands for: not yet
  std::unordered_map<AlbumId, Place> albums;
  std::vector<std::size_t> waiting;
  for (std::size_t i = 0; i < placed.size(); ++i) {
    for (std::optional<std::size_t> up = i; up && places[*up] == 0; up = placed[*up].parent) waiting.push_back(*up);
    for (; !waiting.empty(); waiting.pop_back()) {
      const PlacedAlbum& here = placed[waiting.back()];
      const bool folder = here.album.kind == Album::Kind::Folder;
      const Place place =
          add_directory(here.parent ? places[*here.parent] : albums_, names[waiting.back()],
                        folder ? folder_key(library_.id, here.album.id) : album_key(library_.id, here.album.id),
                        folder ? Naming::Directory : Naming::Photo);
      drafts_[place].newest_s = file_time(here.album.created);
      places[waiting.back()] = place;
      if (!folder) albums.emplace(here.album.id, place);
    }
  }
  return read_members(albums);
}

Result<void> LibraryBuilder::read_members(const std::unordered_map<AlbumId, Place>& places) {
  TRY(setting_.catalog.each_membership(library_.id, [&](const Membership& membership) {
    const auto place = places.find(membership.album);
    if (place == places.end()) return;
    const std::string& id = membership.asset.value;
    members_.push_back(
        {static_cast<std::uint32_t>(member_ids_.size()), static_cast<std::uint32_t>(id.size()), place->second});
    member_ids_ += id;
  }));
  const auto order = [this](const Member& member) { return std::tuple{member_id(member), member.album}; };
  std::sort(members_.begin(), members_.end(), [&](const Member& a, const Member& b) { return order(a) < order(b); });
  const auto twice = std::unique(members_.begin(), members_.end(),
                                 [&](const Member& a, const Member& b) { return order(a) == order(b); });
  members_.erase(twice, members_.end());
  return {};
}

void LibraryBuilder::add_photo(const catalog::Photo& photo) {
  const Asset& asset = photo.asset;
  if (asset.hidden || asset.deleted) return;
  const Versions files{photo};
  if (!files.has_original()) ++totals_.waiting;
  if (files.empty()) return;

  const Moment moment = moment_of(asset, setting_.layout, setting_.now, [&](const std::string& filled) {
    return setting_.claims.holds(all_photos_key(library_.id, path_in_key(filled)), asset.id.value);
  });
  const std::int64_t taken_s = moment.time ? file_time(*moment.time) : file_time(asset.created);
  const std::int64_t changed_s = file_time(std::max(asset.changed, photo.original->changed));
  const std::int64_t edited_s = asset.changed == TimePoint{} ? taken_s : file_time(asset.changed);

  const std::uint32_t owner = tree_->add_photo(asset.id, asset.original);
  const auto first = static_cast<std::uint32_t>(tree_->files().size());
  for (const Version& file : files) {
    const Resource& resource = *file.resource;
    const bool edit = resource.kind == ResourceKind::EditedStill || resource.kind == ResourceKind::EditedVideo;
    const Number given = number(file_key(library_.id, asset.id, resource));
    tree_->add_file({.inode = given.inode,
                     .size = resource.size,
                     .modified_s = edit ? edited_s : taken_s,
                     .changed_s = changed_s,
                     .check = given.check,
                     .photo = owner,
                     .kind = resource.kind},
                    resource.checksum);
    ++totals_.files;
    if (resource.kind == ResourceKind::Original) totals_.bytes += resource.size;
  }

  const auto current = [](const Version& file) { return file.current; };
  show(date_directory(moment), photo, files, first, [](const Version&) { return true; });
  if (asset.favorite) show(favorites_, photo, files, first, current);
  const std::uint32_t types = media_types(photo, files);
  for (std::size_t i = 0; i < kMediaTypes.size(); ++i) {
    if ((types & 1U << i) == 0) continue;
    // Whoever opens RAW wants the RAW file, also where the camera's JPEG or an edit is what the phone shows.
    const bool raw = i == static_cast<std::size_t>(MediaType::Raw);
    show(media_types_[i], photo, files, first,
         [raw](const Version& file) { return file.current || (raw && file.raw); });
  }
  const auto in_albums =
      std::lower_bound(members_.begin(), members_.end(), std::string_view{asset.id.value},
                       [this](const Member& member, std::string_view id) { return member_id(member) < id; });
  for (auto member = in_albums; member != members_.end() && member_id(*member) == asset.id.value; ++member) {
    show(member->album, photo, files, first, current);
  }
}

LibraryBuilder::Place LibraryBuilder::date_directory(const Moment& moment) {
  const std::string filled = moment.time ? moment.filled : "Undated";
  if (const auto known = date_directories_.find(filled); known != date_directories_.end()) return known->second;
  Place here = all_photos_;
  std::string path;
  for (std::string& name : path_of(filled)) {
    path += (path.empty() ? "" : "/") + name;
    std::string key = all_photos_key(library_.id, path);
    const auto known = date_paths_.find(key);
    here = known != date_paths_.end() ? known->second : add_directory(here, std::move(name), key);
    date_paths_.emplace(std::move(key), here);
  }
  return date_directories_.emplace(filled, here).first->second;
}

template <class Which>
void LibraryBuilder::show(Place place, const catalog::Photo& photo, const Versions& files, std::uint32_t first,
                          Which which) {
  Draft& draft = drafts_[place];
  const std::string stem =
      setting_.claims.claim(draft.claims, photo.asset.id.value, setting_.now, [&] { return wished_stem(photo); });
  std::uint32_t file = first;
  for (const Version& version : files) {
    if (which(version)) {
      tree_->add_link(file);
      draft.directory.entries.push_back({stem + version.suffix, Inode{tree_->files()[file].inode}, NodeKind::File});
      draft.newest_s = std::max(draft.newest_s, tree_->files()[file].changed_s);
    }
    ++file;
  }
}

std::shared_ptr<const LibraryTree> LibraryBuilder::finish() {
  for (Place place = static_cast<Place>(drafts_.size()); place-- > 1;) {
    const Draft& draft = drafts_[place];
    Draft& parent = drafts_[draft.parent];
    parent.newest_s = std::max(parent.newest_s, draft.newest_s);
  }
  tree_->set_top(drafts_.front().directory.inode);
  for (Draft& draft : drafts_) {
    Directory& directory = draft.directory;
    std::sort(directory.entries.begin(), directory.entries.end(),
              [](const Entry& a, const Entry& b) { return a.name < b.name; });
    directory.entries.shrink_to_fit();
    const DirectoryNode* before = before_ == nullptr ? nullptr : before_->find_directory(directory.inode);
    const Inode inode = directory.inode;
    auto listing = before != nullptr && same(*before->listing, directory)
                       ? before->listing
                       : std::make_shared<const Directory>(std::move(directory));
    tree_->add_directory(inode, {.listing = std::move(listing),
                                 .links = draft.links,
                                 .check = draft.check,
                                 .depth = draft.depth,
                                 .newest_s = draft.newest_s});
  }
  tree_->set_totals(totals_);
  tree_->shrink();
  return std::move(tree_);
}

LibraryBuilder::Place LibraryBuilder::add_directory(Place parent, std::string name, std::string key, Naming naming) {
  const Number given = number(key);
  checks_.emplace(given.inode, given.check);
  Draft draft;
  draft.directory.inode = Inode{given.inode};
  draft.check = given.check;
  draft.claims = setting_.claims.directory(key, naming);
  draft.key = std::move(key);
  if (drafts_.empty()) {
    draft.directory.parent = kRootInode;
  } else {
    Draft& above = drafts_[parent];
    draft.parent = parent;
    draft.depth = above.depth + 1;
    draft.directory.parent = above.directory.inode;
    above.directory.entries.push_back({std::move(name), draft.directory.inode, NodeKind::Directory});
    ++above.links;
  }
  drafts_.push_back(std::move(draft));
  return static_cast<Place>(drafts_.size() - 1);
}

Number LibraryBuilder::number(std::string_view key) {
  return setting_.inodes.number(key, [this](const Number& wished) {
    const auto directory = checks_.find(wished.inode);
    if (directory != checks_.end() && directory->second != wished.check) return true;
    return tree_->taken(wished) || setting_.taken(wished);
  });
}

}  // namespace icloudphotos::tree
