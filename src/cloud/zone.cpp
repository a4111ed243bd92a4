// SPDX-License-Identifier: MIT
#include "cloud/zone.h"

#include <algorithm>

#include "icloudphotos/base/text.h"

namespace icloudphotos::cloud {
namespace {

constexpr std::string_view kSharedPrefix = "SharedSync-";

}  // namespace

bool is_library(std::string_view zone_name) {
  if (zone_name == kPersonalZone) return true;
  const auto is_plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
  };
  return zone_name.starts_with(kSharedPrefix) && zone_name.size() > kSharedPrefix.size() && zone_name.size() <= 128 &&
         std::all_of(zone_name.begin(), zone_name.end(), is_plain);
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

}  // namespace icloudphotos::cloud
