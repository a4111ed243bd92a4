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
/// Of so many parts of the time no more than one goes into counting while a library is being read.
constexpr int kRest = 20;

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
bool has_all(const catalog::LibraryState& state) { return state.listed && state.read_through; }

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

void write_albums(JsonWriter& out, const std::vector<catalog::AlbumBalance>& albums) {
  out.key("albums").array();
  for (const auto& [album, photos] : albums) {
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
  std::map<LibraryId, Known> known;
  for (const auto& state : *states) known[state.library.id] = {state.library, has_all(state)};
  const Lock lock{mutex_};
  known_ = std::move(known);
  ++news_;
}

void Completeness::reading(const LibraryId& library, std::int64_t records) {
  const Lock lock{mutex_};
  records_[library] = records;
  ++news_;
}

bool Completeness::is_whole() const {
  const Lock lock{mutex_};
  return !known_.empty() &&
         std::all_of(known_.begin(), known_.end(), [](const auto& one) { return one.second.shown_whole; });
}

std::string Completeness::name_of(const LibraryId& library) const {
  const Lock lock{mutex_};
  const auto found = known_.find(library);
  return found == known_.end() ? "the library" : std::string{library_name(found->second.library)};
}

bool Completeness::is_due(const std::vector<catalog::LibraryState>& states) const {
  const bool all_read = std::all_of(states.begin(), states.end(), has_all);
  const bool any_new = std::any_of(states.begin(), states.end(), [&](const auto& state) REQUIRES(mutex_) {
    return !numbers_.contains(state.library.id);
  });
  return any_new || (counted_news_ != news_ && (all_read || clock_.monotonic() >= count_again_));
}

Result<void> Completeness::count_if_due(const std::vector<catalog::LibraryState>& states) {
  std::uint64_t news = 0;
  {
    const Lock lock{mutex_};
    if (!is_due(states)) return {};
    news = news_;
  }
  const auto began = clock_.monotonic();
  std::map<LibraryId, Numbers> numbers;
  for (const auto& state : states) numbers.emplace(state.library.id, TRY(count(state)));
  const auto ended = clock_.monotonic();
  const Lock lock{mutex_};
  numbers_ = std::move(numbers);
  counted_news_ = news;
  count_again_ = ended + kRest * (ended - began);
  return {};
}

Result<Completeness::Numbers> Completeness::count(const catalog::LibraryState& state) const {
  const auto& library = state.library;
  Numbers numbers;
  numbers.photos = TRY(catalog_.balance(library.id));
  numbers.waiting = TRY(waiting_in(catalog_, state.number));
  numbers.albums = TRY(catalog_.album_balances(library.id));
  std::erase_if(numbers.albums, [&](const auto& album) { return !differ(library, album.photos); });
  return numbers;
}

Result<std::string> Completeness::write() {
  const auto states = TRY(catalog_.libraries());
  TRY(count_if_due(states));
  const Lock lock{mutex_};
  JsonWriter out;
  out.array();
  for (const auto& state : states) {
    const auto& library = state.library;
    const auto known = known_.find(library.id);
    const auto& numbers = numbers_[library.id];
    const bool complete = has_all(state) && known != known_.end() && known->second.shown_whole;
    out.object().member("name", library_name(library)).member("kind", kind_of(library.kind));
    put(out, "listed", has_lists(library) ? std::optional{numbers.photos.listed} : std::nullopt);
    put(out.member("fed", numbers.photos.fed), "counted", numbers.photos.counted);
    out.member("waiting", numbers.waiting).member("complete", complete);
    if (const auto records = records_.find(library.id); !state.read_through && records != records_.end())
      out.member("records_read", records->second);
    write_albums(out, numbers.albums);
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
  if (!library["complete"].boolean().value_or(false)) {
    text += "; still being read";
    if (const auto records = library["records_read"].integer()) text += fmt::format(" ({} records so far)", *records);
  }
  const auto waiting = number("waiting");
  if (waiting == 1) text += "; 1 photo waits for its bytes";
  if (waiting > 1) text += fmt::format("; {} photos wait for their bytes", waiting);
  return text;
}

}  // namespace icloudphotos
