// SPDX-License-Identifier: MIT
#include "library_places.h"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>

#include "albums.h"
#include "keys.h"
#include "layout.h"
#include "names.h"

namespace icloudphotos::tree {
namespace {

/// Whether `name` is what a directory that wishes to be called `wish` may be called: it, or it with a number.
bool is_candidate(std::string_view name, std::string_view wish) {
  if (name == candidate(wish, 1, Naming::Directory)) return true;
  const auto open = name.rfind(" (");
  if (open == std::string_view::npos || !name.ends_with(')')) return false;
  const std::string_view digits = name.substr(open + 2, name.size() - open - 3);
  if (digits.empty() || digits.size() > 9 || digits.find_first_not_of("0123456789") != std::string_view::npos)
    return false;
  std::uint32_t number = 0;
  for (const char digit : digits) number = number * 10 + static_cast<std::uint32_t>(digit - '0');
  return number > 1 && name == candidate(wish, number, Naming::Directory);
}

/// The name a directory has, if it is one its wish may lead to, else a free one: who has a name keeps it.
std::string name_for(Draft& draft, std::int64_t parent, std::string_view key, std::string_view wish) {
  const auto* known = draft.find(key);
  if (known != nullptr && known->present && known->parent == parent && is_candidate(known->name, wish))
    return known->name;
  return draft.free_name(parent, wish, key);
}

Result<std::int64_t> shared_albums(catalog::TreeWriter& writer, Draft& draft) {
  return draft.put(writer, 0, 0, kSharedAlbumsKey, Role::Fixed, "Shared Albums");
}

/// What Photos calls albums without a name.
std::string album_wish(const Album& album) {
  if (!album.name.empty()) return clean(album.name);
  return album.kind == Album::Kind::Folder ? "Untitled Folder" : "Untitled Album";
}

std::string key_of(const LibraryId& library, const Album& album) {
  return album.kind == Album::Kind::Folder ? folder_key(library, album.id) : album_key(library, album.id);
}

}  // namespace

bool is_named(const catalog::LibraryState& state) {
  return state.library.kind != Library::Kind::SharedAlbum || state.listed || !state.library.name.empty();
}

Result<LibraryPlaces> put_library(catalog::TreeWriter& writer, Draft& draft, const catalog::LibraryState& state,
                                  const TreeOptions& options) {
  const Library& library = state.library;
  LibraryPlaces places;
  places.number = state.number;
  places.id = library.id;
  places.kind = library.kind;
  const auto put = [&](std::int64_t parent, const std::string& key, Role role, std::string_view name) {
    return draft.put(writer, state.number, parent, key, role, name);
  };
  const auto top_key = library_key(library.id);
  if (library.kind == Library::Kind::SharedAlbum) {
    const auto parent = TRY(shared_albums(writer, draft));
    if (!is_named(state)) return places;
    const auto wish = library.name.empty() ? std::string{"Untitled Album"} : clean(library.name);
    places.top = TRY(put(parent, top_key, Role::Everything, name_for(draft, parent, top_key, wish)));
    return places;
  }
  const bool personal = library.kind == Library::Kind::Personal;
  const std::string wish = personal ? "Personal Library" : "Shared Library";
  places.top = TRY(put(0, top_key, Role::Fixed, name_for(draft, 0, top_key, wish)));
  const auto below = [&](const std::string& key, Role role, std::string_view name) {
    return put(places.top, key, role, name);
  };
  places.all_photos = TRY(below(all_photos_key(library.id, ""), Role::AllPhotos, "All Photos"));
  if (personal) places.albums = TRY(below(albums_key(library.id), Role::Folder, "Albums"));
  places.favorites = TRY(below(favorites_key(library.id), Role::View, "Favorites"));
  places.recents = TRY(below(recents_key(library.id), Role::View, "Recents"));
  places.on_this_day = TRY(below(on_this_day_key(library.id), Role::View, "On This Day"));
  const auto types = TRY(below(media_types_key(library.id), Role::Fixed, "Media Types"));
  for (std::size_t i = 0; i < kMediaTypes.size(); ++i) {
    const bool raw = i == static_cast<std::size_t>(MediaType::Raw);
    places.media_types[i] =
        TRY(put(types, media_type_key(library.id, kMediaTypes[i]), raw ? Role::Raw : Role::View, kMediaTypes[i]));
  }
  const auto optional = [&](bool wanted, const std::string& key, Role role,
                            std::string_view name) -> Result<std::optional<std::int64_t>> {
    if (wanted) return std::optional{TRY(below(key, role, name))};
    if (const auto* known = draft.find(key); known != nullptr && known->present) draft.hide(known->number);
    return std::optional<std::int64_t>{};
  };
  places.jpeg = TRY(optional(options.jpeg, jpeg_key(library.id, ""), Role::Jpeg, "JPEG"));
  places.hidden = TRY(optional(options.hidden, hidden_key(library.id), Role::Everything, "Hidden"));
  places.deleted = TRY(optional(options.deleted, deleted_key(library.id), Role::Everything, "Recently Deleted"));
  return places;
}

Result<void> put_albums(catalog::TreeWriter& writer, Draft& draft, const LibraryPlaces& places,
                        std::vector<Album> albums) {
  if (!places.albums) return {};
  const std::vector<PlacedAlbum> placed = place_albums(std::move(albums));
  // Those that went, first: their names are free at once.
  std::unordered_set<std::string> there;
  for (const PlacedAlbum& here : placed) there.insert(key_of(places.id, here.album));
  std::vector<std::int64_t> gone;
  for (const auto& [number, row] : draft.rows()) {
    if (row.library == places.number && row.present && is_album_key(places.id, row.key) && !there.contains(row.key))
      gone.push_back(number);
  }
  for (const auto number : gone) draft.hide(number);
  // Parents before children, but among those of one folder the order in which names are claimed.
  std::vector<std::int64_t> numbers(placed.size(), 0);
  for (std::size_t done = 0, before = SIZE_MAX; done < placed.size() && done != before;) {
    before = done;
    for (std::size_t i = 0; i < placed.size(); ++i) {
      const PlacedAlbum& here = placed[i];
      if (numbers[i] != 0 || (here.parent && numbers[*here.parent] == 0)) continue;
      const auto parent = here.parent ? numbers[*here.parent] : *places.albums;
      const bool folder = here.album.kind == Album::Kind::Folder;
      const auto key = key_of(places.id, here.album);
      numbers[i] = TRY(draft.put(writer, places.number, parent, key, folder ? Role::Folder : Role::View,
                                 name_for(draft, parent, key, album_wish(here.album))));
      if (draft.find(numbers[i])->title != here.album.name) draft.change(numbers[i]).title = here.album.name;
      if (draft.find(numbers[i])->newest_s == 0) draft.change(numbers[i]).newest_s = file_time(here.album.created);
      ++done;
    }
  }
  return {};
}

}  // namespace icloudphotos::tree
