// SPDX-License-Identifier: MIT
#include "shared_albums.h"

#include <fmt/format.h>

#include "icloudphotos/base/json.h"

#include "computed.h"
#include "listed_seed.h"
#include "mix.h"
#include "shared_streams.h"
#include "truth.h"

namespace icloudphotos::demo {
namespace {

constexpr std::uint64_t kFamilySeries = 3, kPicnicSeries = 4, kCousinsSeries = 5;
constexpr std::uint64_t kFamilyPhotos = 130;  // more than a window of 100
constexpr std::size_t kOwnPhotos = 6;
constexpr std::uint64_t kFileBytes = 3'000;

std::string stem_of(const std::string& name) { return name.substr(0, name.rfind('.')); }

/// What becomes of a photo that is put into a shared album: a JPEG of moderate size, under a name of its own.
std::optional<Photo> shared_copy(const Photo& photo, PhotoId id) {
  if (photo.is_video() || photo.hidden || photo.deleted_ms || !photo.name || photo.no_download_url) return std::nullopt;
  if (photo.name_encoding != NameEncoding::Base64) return std::nullopt;
  const auto& medium = photo.at(Slot::JpegMed);
  if (!medium) return std::nullopt;
  Photo copy;
  copy.asset = fmt::format("{:08X}-0000-4000-8000-5AA5{:08X}", mix(id) & 0xffffffffU, id + 1);
  copy.at(Slot::Original) = medium;
  copy.at(Slot::JpegThumb) = photo.at(Slot::JpegThumb);
  copy.master = medium->media.checksum();
  copy.item_type = medium->type;
  copy.name = stem_of(*photo.name) + ".JPG";
  copy.captured_ms = photo.captured_ms;
  copy.added_ms = copy.modified_ms = photo.added_ms + 86'400'000;
  copy.offset_s = photo.offset_s;
  copy.title = photo.title;
  return copy;
}

std::unique_ptr<Seed> own_pictures(const Seed& personal) {
  std::vector<Photo> photos;
  for (PhotoId id = 0; id < personal.count() && photos.size() < kOwnPhotos; ++id) {
    if (auto copy = shared_copy(personal.photo(id), id)) photos.push_back(std::move(*copy));
  }
  return make_listed_seed(std::move(photos));
}

/// Of the photos the last was taken out again; it keeps coming.
std::unique_ptr<Seed> with_one_removed(std::uint64_t assets, std::uint64_t series) {
  const auto computed =
      make_computed_seed({.assets = assets, .file_bytes = kFileBytes, .has_albums = false, .series = series});
  std::vector<Photo> photos;
  for (PhotoId id = 0; id < computed->count(); ++id) {
    photos.push_back(computed->photo(id));
    photos.back().hidden = false;
    photos.back().deleted_ms.reset();
  }
  photos.back().deleted_ms = photos.back().added_ms + 86'400'000;
  return make_listed_seed(std::move(photos));
}

ZoneEntry entry_of(Database database, std::string name, std::string_view owner, std::string title,
                   std::unique_ptr<Seed> seed) {
  return {database, std::make_shared<Zone>(std::move(name), std::string{owner}, std::move(seed), std::move(title))};
}

std::string stream(std::string_view guid) { return std::string{kStreamPrefix} + std::string{guid}; }

bool is_shared_album(const Zone& zone) { return zone.is_stream() || zone.is_collection(); }

void write_album(JsonWriter& out, const ZoneEntry& entry, const Quirks& quirks, Digests digests) {
  const Zone& zone = *entry.zone;
  out.object().member("id", zone.is_stream() ? guid_of(zone) : std::string_view{zone.name()});
  out.member("kind", zone.is_stream() ? "stream" : "collection").member("name", zone.title());
  out.member("sharing", zone.owner() == kAccountOwner ? "owned" : "subscribed");
  out.member("database", name_of(entry.database)).key("photos").array();
  for (PhotoId id = 0; id < zone.end(); ++id) {
    if (zone.exists(id)) write_true_photo(out, zone, id, quirks, digests);
  }
  out.end().end();
}

}  // namespace

std::vector<ZoneEntry> make_shared_albums(const Seed& personal) {
  std::vector<ZoneEntry> albums;
  albums.push_back(entry_of(Database::Streams, stream("5EA00000-0000-4000-8000-0000000000D3"), kAccountOwner,
                            "Rivers / Lakes", own_pictures(personal)));
  albums.push_back(
      entry_of(Database::Streams, stream("FA300000-0000-4000-8000-0000000000D3"), kOtherOwner, "Family",
               make_computed_seed(
                   {.assets = kFamilyPhotos, .file_bytes = kFileBytes, .has_albums = false, .series = kFamilySeries})));
  albums.push_back(entry_of(Database::Streams, stream("E3970000-0000-4000-8000-0000000000D3"), kOtherOwner, "Family",
                            make_listed_seed({})));
  albums.push_back(entry_of(Database::Private, "SharedCollection-22222222-0000-4000-8000-0000000000D3", kAccountOwner,
                            "Picnic", with_one_removed(5, kPicnicSeries)));
  albums.push_back(entry_of(Database::Shared, "SharedCollection-44444444-0000-4000-8000-0000000000D3", kOtherOwner,
                            "Family", with_one_removed(4, kCousinsSeries)));
  return albums;
}

std::shared_ptr<const Zone> shared_album(const Library& library, std::string_view id) {
  for (const ZoneEntry& entry : library.zones()) {
    const Zone& zone = *entry.zone;
    if (is_shared_album(zone) && (zone.name() == id || (zone.is_stream() && guid_of(zone) == id))) return entry.zone;
  }
  return nullptr;
}

std::string truth_of_shared_albums(const Library& library, const Quirks& quirks, Digests digests) {
  JsonWriter out;
  out.object().key("albums").array();
  for (const ZoneEntry& entry : library.zones()) {
    if (entry.left_at == 0 && is_shared_album(*entry.zone)) write_album(out, entry, quirks, digests);
  }
  return out.end().end().take();
}

}  // namespace icloudphotos::demo
