// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "icloudphotos/catalog/catalog.h"

#include "fake_clock.h"

// Small records for the tests of the catalog.
namespace icloudphotos::catalog {

inline TimePoint at(std::int64_t seconds) { return TimePoint{std::chrono::seconds{seconds}}; }

inline Library library(const std::string& id, const std::string& token = "T0") {
  return {LibraryId{id}, Library::Kind::Personal, SyncToken{token}};
}

inline Original original(const std::string& id, const std::string& name = "IMG_0001.HEIC") {
  Original original{OriginalId{id}, name, "public.heic", {}, at(100)};
  original.resources.push_back({ResourceKind::Original, "public.heic", 1234, "AW2cWT2PxzWixMKuuNMTHJ8CJ3sH"});
  return original;
}

inline Asset asset(const std::string& id, const std::string& original, std::int64_t added = 50) {
  Asset asset;
  asset.id = AssetId{id};
  asset.original = OriginalId{original};
  asset.captured = at(10);
  asset.added = at(added);
  asset.created = at(20);
  asset.changed = at(30);
  return asset;
}

inline Album album(const std::string& id, const std::string& name = "Trip") {
  Album album;
  album.id = AlbumId{id};
  album.name = name;
  return album;
}

inline Delta delta(const std::string& library = "L") {
  Delta delta;
  delta.library = LibraryId{library};
  return delta;
}

inline std::vector<Photo> photos_of(const Catalog& catalog, const std::string& library = "L") {
  std::vector<Photo> photos;
  EXPECT_TRUE(catalog.each_photo(LibraryId{library}, [&](const Photo& photo) { photos.push_back(photo); }));
  return photos;
}

inline std::vector<std::string> ids_of(const Catalog& catalog, const std::string& library = "L") {
  std::vector<std::string> ids;
  for (const auto& photo : photos_of(catalog, library)) ids.push_back(photo.asset.id.value);
  return ids;
}

inline std::vector<std::string> members_of(const Catalog& catalog, const std::string& album) {
  std::vector<std::string> assets;
  EXPECT_TRUE(catalog.each_membership(LibraryId{"L"}, [&](const Membership& member) {
    if (member.album.value == album) assets.push_back(member.asset.value);
  }));
  return assets;
}

}  // namespace icloudphotos::catalog
