// SPDX-License-Identifier: MIT
#include "cloud/zone.h"

#include <algorithm>

#include "icloudphotos/base/text.h"

namespace icloudphotos::cloud {
namespace {

constexpr std::string_view kSharedPrefix = "SharedSync-";
constexpr std::string_view kAlbumPrefix = "SharedCollection-";
constexpr std::string_view kStream = "stream/";

bool is_named(std::string_view zone_name, std::string_view prefix) {
  const auto is_plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
  };
  return zone_name.starts_with(prefix) && zone_name.size() > prefix.size() && zone_name.size() <= 128 &&
         std::all_of(zone_name.begin(), zone_name.end(), is_plain);
}

}  // namespace

std::optional<Library::Kind> kind_of(std::string_view zone_name) {
  if (zone_name == kPersonalZone) return Library::Kind::Personal;
  if (is_named(zone_name, kSharedPrefix)) return Library::Kind::Shared;
  if (is_named(zone_name, kAlbumPrefix)) return Library::Kind::SharedAlbum;
  return std::nullopt;
}

LibraryId library_id_of(const Zone& zone) {
  std::string id = zone.database == Database::Private ? "private/" : "shared/";
  id += percent_encode(zone.name);
  if (!zone.owner.empty()) id += "/" + percent_encode(zone.owner);
  return LibraryId{std::move(id)};
}

std::optional<Zone> zone_of(const LibraryId& library) {
  const auto parts = split(library.value, '/');
  if (parts.size() < 2 || parts.size() > 3 || parts[1].empty()) return std::nullopt;
  Zone zone;
  if (parts[0] == "shared") {
    zone.database = Database::Shared;
  } else if (parts[0] != "private") {
    return std::nullopt;
  }
  zone.name = percent_decode(parts[1]);
  if (parts.size() == 3) zone.owner = percent_decode(parts[2]);
  return zone;
}

Result<Zone> zone_for(const LibraryId& library) {
  auto zone = zone_of(library);
  if (!zone) return Error{ErrorKind::NotFound, "there is no such photo library"};
  return *std::move(zone);
}

LibraryId library_id_of_stream(std::string_view guid) { return LibraryId{std::string{kStream} + percent_encode(guid)}; }

std::optional<std::string> stream_of(const LibraryId& library) {
  if (!library.value.starts_with(kStream) || library.value.size() == kStream.size()) return std::nullopt;
  return percent_decode(library.value.substr(kStream.size()));
}

}  // namespace icloudphotos::cloud
