// SPDX-License-Identifier: MIT
#include "completeness.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "icloudphotos/base/log.h"
#include "icloudphotos/base/text.h"

namespace icloudphotos {
namespace {

constexpr Log kLog{"status"};

std::string_view kind_of(Library::Kind kind) {
  switch (kind) {
    case Library::Kind::Personal:
      return "personal";
    case Library::Kind::Shared:
      return "shared";
    case Library::Kind::SharedAlbum:
      break;
  }
  return "shared-album";
}

/// Every list was walked, and the change feed has decided what exists.
bool is_whole(const catalog::LibraryState& state) { return state.listed && state.read_through; }

Result<std::int64_t> waiting_in(catalog::Catalog& catalog, std::int64_t library) {
  std::int64_t waiting = 0;
  TRY(catalog.change_tree([&](catalog::TreeWriter& tables) -> Result<void> {
    waiting = TRY(tables.shown(library)).waiting;
    return {};
  }));
  return waiting;
}

/// Of a shared album only its changes tell what is in it.
bool has_lists(const Library& library) { return library.has_lists && library.kind != Library::Kind::SharedAlbum; }

void put(JsonWriter& out, std::string_view name, std::optional<std::int64_t> number) {
  out.key(name);
  number ? out.value(*number) : out.null();
}

/// The albums of which the three do not say the same.
void write_albums(JsonWriter& out, const Library& library, const std::vector<catalog::AlbumBalance>& albums) {
  out.key("albums").array();
  for (const auto& [album, photos] : albums) {
    if (!differ(library, photos)) continue;
    out.object().member("name", album.name).member("listed", photos.listed).member("fed", photos.fed);
    put(out, "counted", photos.counted);
    out.end();
  }
  out.end();
}

}  // namespace

std::string_view library_name(const Library& library) {
  switch (library.kind) {
    case Library::Kind::Personal:
      return "Personal Library";
    case Library::Kind::Shared:
      return "Shared Library";
    case Library::Kind::SharedAlbum:
      break;
  }
  return library.name.empty() ? "Untitled Album" : std::string_view{library.name};
}

bool differ(const Library& library, const catalog::Balance& photos) {
  if (has_lists(library) && photos.listed != photos.fed) return true;
  return photos.counted.value_or(photos.fed) != photos.fed;
}

void Completeness::published() {
  const auto states = catalog_.libraries();
  if (!states) return kLog.warn("the libraries cannot be read reason={}", states.error().message());
  std::vector<LibraryId> whole;
  for (const auto& state : *states) {
    if (is_whole(state)) whole.push_back(state.library.id);
  }
  const Lock lock{mutex_};
  shown_whole_ = std::move(whole);
}

Result<std::string> Completeness::write() const {
  std::vector<LibraryId> shown_whole;
  {
    const Lock lock{mutex_};
    shown_whole = shown_whole_;
  }
  JsonWriter out;
  out.array();
  for (const auto& state : TRY(catalog_.libraries())) {
    const auto& library = state.library;
    const auto photos = TRY(catalog_.balance(library.id));
    const bool shown = std::find(shown_whole.begin(), shown_whole.end(), library.id) != shown_whole.end();
    out.object().member("name", library_name(library)).member("kind", kind_of(library.kind));
    put(out, "listed", has_lists(library) ? std::optional{photos.listed} : std::nullopt);
    put(out.member("fed", photos.fed), "counted", photos.counted);
    out.member("waiting", TRY(waiting_in(catalog_, state.number)));
    out.member("complete", shown && is_whole(state));
    write_albums(out, library, TRY(catalog_.album_balances(library.id)));
    out.end();
  }
  return out.end().take();
}

std::string describe_library(JsonView library) {
  const auto number = [&](std::string_view name) { return library[name].integer().value_or(0); };
  std::string text = printable(library["name"].text().value_or(""));
  if (library["kind"].text() == "shared-album") text = fmt::format("Shared album \"{}\"", text);
  text += ": ";
  if (const auto listed = library["listed"].integer()) text += fmt::format("{} listed, ", *listed);
  text += fmt::format("{} in the change feed", number("fed"));
  if (const auto counted = library["counted"].integer()) text += fmt::format(", Apple counts {}", *counted);
  if (const auto albums = library["albums"].size(); albums > 0)
    text += fmt::format("; {} {} (see --json)", albums, albums == 1 ? "album differs" : "albums differ");
  if (!library["complete"].boolean().value_or(false)) text += "; still being read";
  const auto waiting = number("waiting");
  if (waiting == 1) text += "; 1 photo waits for its bytes";
  if (waiting > 1) text += fmt::format("; {} photos wait for their bytes", waiting);
  return text;
}

}  // namespace icloudphotos
