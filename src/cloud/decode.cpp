// SPDX-License-Identifier: MIT
#include "cloud/decode.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "icloudphotos/base/log.h"
#include "icloudphotos/base/text.h"

#include "cloud/answer.h"
#include "cloud/fields.h"
#include "cloud/plist.h"
#include "cloud/record_fields.h"

namespace icloudphotos::cloud {
namespace {

constexpr Log kLog{"cloud"};

constexpr std::string_view kRootFolder = "----Root-Folder----";
constexpr std::string_view kProjectRootFolder = "----Project-Root-Folder----";
constexpr std::int64_t kAlbumType = 0;
constexpr std::int64_t kFolderType = 3;
constexpr std::string_view kSlowMotion = "com.apple.video.slomo";
constexpr std::size_t kMaxName = 1024;
constexpr std::string_view kChecksumOfNothing = "AW2cWT2PxzWixMKuuNMTHJ8CJ3sH";  // photos.md 11

bool is_root_folder(std::string_view name) { return name == kRootFolder || name == kProjectRootFolder; }

std::optional<std::string> some_text(JsonView value) {
  const auto text = value.text();
  if (!text || text->empty()) return std::nullopt;
  return std::string{*text};
}

std::optional<SyncToken> token_in(JsonView answer) {
  auto text = some_text(answer["syncToken"]);
  if (!text) return std::nullopt;
  return SyncToken{*std::move(text)};
}

/// A record's name, if it can be one.
std::string name_in(JsonView record) {
  const auto name = record["recordName"].text().value_or("");
  return name.size() <= kMaxName && name.find('\0') == std::string_view::npos ? std::string{name} : std::string{};
}

TimePoint stamp(JsonView record, std::string_view which) {
  return time_of(record[which]["timestamp"]).value_or(TimePoint{});
}

/// The size of a file, if it is told. Shared albums are seen to say 0 of files that are not empty.
std::optional<std::uint64_t> size_of(JsonView value, std::optional<std::int64_t> beside, std::string_view checksum) {
  const auto size = value["size"].integer();
  if (size.value_or(0) > 0) return static_cast<std::uint64_t>(*size);
  if (beside.value_or(0) > 0) return static_cast<std::uint64_t>(*beside);
  return size == 0 && checksum == kChecksumOfNothing ? std::optional<std::uint64_t>{0} : std::nullopt;
}

/// The resources on a record; notes where their bytes are.
std::vector<Resource> resources_of(const RecordFields& fields, Owner owner, const std::string& record,
                                   RecordsPage& page) {
  std::vector<Resource> resources;
  for (const auto& known : kResourceFields) {
    if (known.owner != owner && known.owner != Owner::Either) continue;
    const auto value = fields.value(std::string{known.base} + "Res");
    if (!value.is_object()) continue;
    Resource resource{known.kind, fields.plain(std::string{known.base} + "FileType"), 0,
                      std::string{value["fileChecksum"].text().value_or("")}};
    const auto size = size_of(value, fields.integer(std::string{known.base} + "FileSize"), resource.checksum);
    resource.size = size.value_or(0);
    page.urls.push_back(
        {record, resource, Secret{std::string{value["downloadURL"].text().value_or("")}}, size.has_value()});
    if (size) resources.push_back(std::move(resource));
  }
  return resources;
}

/// What the item is when nobody named its type exactly.
std::string vague_type(std::optional<std::int64_t> data_class) {
  if (data_class == 1) return "public.image";
  if (data_class == 2) return "public.movie";
  return {};
}

void decode_master(JsonView record, const std::string& name, const RecordFields& fields, RecordsPage& page) {
  Original original;
  original.id = OriginalId{name};
  original.file_name = fields.text(field::kFileName);
  original.resources = resources_of(fields, Owner::Original, name, page);
  original.changed = stamp(record, "modified");
  original.type = fields.plain(field::kItemType);
  if (original.type.empty() && !original.resources.empty() && original.resources.front().kind == ResourceKind::Original)
    original.type = original.resources.front().type;
  if (original.type.empty()) original.type = vague_type(fields.integer(field::kDataClass));
  page.delta.originals.push_back(std::move(original));
}

std::optional<Location> location_of(const RecordFields& fields) {
  auto place = plist_location(fields.bytes(field::kLocation));
  if (!place) {
    const auto latitude = fields.value(field::kLatitude).number();
    const auto longitude = fields.value(field::kLongitude).number();
    if (latitude && longitude) place = Location{*latitude, *longitude, std::nullopt};
  }
  // Also false for what is not a number.
  if (place && !(std::abs(place->latitude) <= 90 && std::abs(place->longitude) <= 180)) return std::nullopt;
  return place;
}

std::optional<std::chrono::seconds> utc_offset_of(const RecordFields& fields) {
  constexpr std::int64_t kFurthest = 18 * 3600;  // no clock on Earth is further away
  const auto seconds = fields.integer(field::kUtcOffset);
  if (!seconds || *seconds < -kFurthest || *seconds > kFurthest) return std::nullopt;
  return std::chrono::seconds{*seconds};
}

void decode_asset(JsonView record, const std::string& name, const RecordFields& fields, RecordsPage& page) {
  Asset asset;
  asset.resources = resources_of(fields, Owner::Asset, name, page);
  asset.original = OriginalId{fields.reference(field::kMaster)};
  if (asset.original.empty()) ++page.incomplete;
  asset.id = AssetId{name};
  asset.captured = fields.time(field::kCaptured);
  asset.added = fields.time(field::kAdded);
  asset.utc_offset = utc_offset_of(fields);
  asset.created = stamp(record, "created");
  asset.changed = stamp(record, "modified");
  asset.favorite = fields.flag(field::kFavorite);
  asset.hidden = fields.flag(field::kHidden);
  asset.deleted = fields.flag(field::kDeleted) || fields.flag(field::kExpunged);
  asset.subtype = fields.integer(field::kSubtype).value_or(0);
  asset.subtype_v2 = fields.integer(field::kSubtypeV2).value_or(0);
  asset.render_type = fields.integer(field::kRenderType).value_or(0);
  asset.adjustment_type = fields.plain(field::kAdjustment);
  asset.burst = fields.plain(field::kBurst);
  asset.burst_flags = fields.integer(field::kBurstFlags).value_or(0);
  asset.title = fields.text(field::kTitle);
  asset.description = fields.text(field::kDescription);
  asset.keywords = plist_texts(fields.bytes(field::kKeywords));
  asset.location = location_of(fields);
  if (asset.adjustment_type == kSlowMotion) {  // only says where it plays slowly; nothing was rendered
    std::erase_if(asset.resources, [](const Resource& resource) {
      return resource.kind == ResourceKind::EditedStill || resource.kind == ResourceKind::EditedVideo;
    });
  }
  page.delta.assets.push_back(std::move(asset));
}

void decode_album(JsonView record, const std::string& name, const RecordFields& fields, RecordsPage& page) {
  if (is_root_folder(name)) return;
  const auto type = fields.integer(field::kAlbumType).value_or(kAlbumType);
  if (type != kAlbumType && type != kFolderType) {  // smart albums of a Mac, projects: nobody tells what is in them
    kLog.debug("an album of another kind is left out type={} album={}", type, name);
    return;
  }
  Album album;
  album.id = AlbumId{name};
  album.kind = type == kFolderType ? Album::Kind::Folder : Album::Kind::Album;
  album.name = fields.text(field::kAlbumName);
  if (auto parent = fields.plain(field::kParent); !parent.empty() && !is_root_folder(parent) && parent != name)
    album.parent = AlbumId{canonical_id(std::move(parent))};
  album.position = fields.integer(field::kPosition).value_or(0);
  album.created = stamp(record, "created");
  album.deleted = fields.flag(field::kDeleted) || fields.flag(field::kExpunged);
  page.delta.albums.push_back(std::move(album));
}

void decode_relation(const std::string& name, const RecordFields& fields, RecordsPage& page) {
  Membership membership = membership_of_name(name).value_or(Membership{});
  if (auto asset = fields.plain(field::kItem); !asset.empty())
    membership.asset = AssetId{canonical_id(std::move(asset))};
  if (auto album = fields.plain(field::kContainer); !album.empty())
    membership.album = AlbumId{canonical_id(std::move(album))};
  if (membership.asset.empty() || membership.album.empty()) {
    ++page.incomplete;
    return;
  }
  membership.position = fields.integer(field::kPosition).value_or(0);
  (fields.flag(field::kDeleted) ? page.delta.left : page.delta.memberships).push_back(std::move(membership));
}

void decode_share(const RecordFields& fields, RecordsPage& page) {
  if (auto title = fields.text(field::kShareTitle); !title.empty()) page.delta.library_name = std::move(title);
}

void decode_tombstone(std::string name, RecordsPage& page) {
  if (auto membership = membership_of_name(name)) page.delta.left.push_back(*std::move(membership));
  // Of what type it was nobody says: an original keeps its spelling.
  if (auto canonical = canonical_id(name); canonical != name) page.delta.gone.push_back(std::move(canonical));
  page.delta.gone.push_back(std::move(name));
}

Error not_an_answer(std::string_view to) {
  return Error{ErrorKind::Protocol, "iCloud's answer does not say what was asked for: " + std::string{to}};
}

/// The type of a record, by what it says where it does not say the type. Nothing: it says nothing.
std::string_view type_of(JsonView record, const RecordFields& fields) {
  if (const auto type = record["recordType"].text(); type && !type->empty()) return *type;
  if (fields.has(field::kItem) && fields.has(field::kContainer)) return "CPLContainerRelation";
  if (fields.has(field::kMaster)) return "CPLAsset";
  if (fields.has(field::kAlbumType) || fields.has(field::kAlbumName)) return "CPLAlbum";
  if (fields.has("resOriginalRes") || fields.has(field::kItemType)) return "CPLMaster";
  return {};
}

}  // namespace

std::optional<Membership> membership_of_name(std::string_view record_name) {
  constexpr std::string_view kBetween = "-IN-";
  const auto at = ascii_upper(record_name).rfind(kBetween);
  if (at == std::string::npos || at == 0 || at + kBetween.size() == record_name.size()) return std::nullopt;
  return Membership{AlbumId{canonical_id(std::string{record_name.substr(at + kBetween.size())})},
                    AssetId{canonical_id(std::string{record_name.substr(0, at)})}, 0};
}

Result<ZonesPage> decode_zones(JsonView answer) {
  if (auto error = error_in(answer)) return *std::move(error);
  if (!answer["zones"].is_array()) return not_an_answer("the photo libraries");
  ZonesPage page;
  page.token = some_text(answer["syncToken"]);
  page.more = is_true(answer["moreComing"]);
  answer["zones"].each([&](JsonView zone) {
    auto name = some_text(zone["zoneID"]["zoneName"]);
    if (!name || error_in(zone)) return;
    page.zones.push_back({*std::move(name), some_text(zone["zoneID"]["ownerRecordName"]).value_or(std::string{}),
                          token_in(zone), is_true(zone["deleted"])});
  });
  return page;
}

void decode_record(JsonView record, RecordsPage& page) {
  auto name = name_in(record);
  if (name.empty()) {
    ++page.incomplete;
    return;
  }
  if (const auto error = error_in(record)) {
    if (error->kind() == ErrorKind::NotFound) page.missing.push_back(std::move(name));
    return;
  }
  const RecordFields fields{record["fields"]};
  if (is_true(record["deleted"])) return decode_tombstone(std::move(name), page);
  const auto type = type_of(record, fields);
  if (type.empty()) {  // that it was deleted is said otherwise
    ++page.incomplete;
    return;
  }
  if (type == "CPLContainerRelation") return decode_relation(name, fields, page);
  const bool is_ours = type == "CPLMaster" || type == "CPLAsset" || type == "CPLAlbum";
  if (is_ours && fields.empty()) {  // all that it says is that it exists
    if (!is_root_folder(name)) ++page.incomplete;
    return;
  }
  if (type == "CPLMaster") decode_master(record, name, fields, page);
  if (type == "CPLAsset" || type == "CPLAlbum") {
    const auto id = canonical_id(name);
    if (id != name) page.spelled.push_back(name);
    type == "CPLAsset" ? decode_asset(record, id, fields, page) : decode_album(record, id, fields, page);
  }
  if (type == "cloudkit.share") decode_share(fields, page);
}

void add_resource(const ContentUrl& found, Delta& delta) {
  const auto add = [&](std::vector<Resource>& resources) {
    const auto at = std::find_if(resources.begin(), resources.end(),
                                 [&](const Resource& one) { return one.kind >= found.resource.kind; });
    if (at == resources.end() || at->kind != found.resource.kind) resources.insert(at, found.resource);
  };
  for (auto& original : delta.originals) {
    if (original.id.value != found.record) continue;
    add(original.resources);
    if (original.type.empty() && found.resource.kind == ResourceKind::Original) original.type = found.resource.type;
  }
  const bool is_edit =
      found.resource.kind == ResourceKind::EditedStill || found.resource.kind == ResourceKind::EditedVideo;
  for (auto& asset : delta.assets)
    if (asset.id.value == found.record && !(is_edit && asset.adjustment_type == kSlowMotion)) add(asset.resources);
}

void decode_original(JsonView record, const std::string& id, RecordsPage& page) {
  decode_master(record, id, RecordFields{record["fields"]}, page);
}

Result<RecordsPage> decode_records(JsonView answer) {
  if (auto error = error_in(answer)) return *std::move(error);
  if (!answer["records"].is_array()) return not_an_answer("records");
  RecordsPage page;
  page.marker = some_text(answer["continuationMarker"]);
  page.token = token_in(answer);
  answer["records"].each([&](JsonView record) { decode_record(record, page); });
  return page;
}

Result<RecordsPage> decode_changes(JsonView answer, std::string_view zone_name) {
  if (auto error = error_in(answer)) return *std::move(error);
  const auto zones = answer["zones"];
  JsonView zone;
  zones.each([&](JsonView one) {
    const auto name = one["zoneID"]["zoneName"].text();
    if (!zone.exists() && (name == zone_name || (!name && zones.size() == 1))) zone = one;
  });
  if (auto error = error_in(zone)) return *std::move(error);
  if (!zone.is_object()) return not_an_answer("the changes of a library");
  RecordsPage page;
  page.token = token_in(zone);
  page.delta.next = page.token;
  page.delta.more = is_true(zone["moreComing"]);
  if (page.delta.more && !page.delta.next) return not_an_answer("where more changes are");
  zone["records"].each([&](JsonView record) { decode_record(record, page); });
  return page;
}

Result<std::vector<std::optional<std::int64_t>>> decode_counts(JsonView answer) {
  if (auto error = error_in(answer)) return *std::move(error);
  if (!answer["batch"].is_array()) return not_an_answer("how many photos there are");
  std::vector<std::optional<std::int64_t>> counts;
  answer["batch"].each([&](JsonView entry) {
    const RecordFields fields{entry["records"].at(0)["fields"]};
    auto count = fields.integer(field::kItemCount);
    if (count && *count < 0) count.reset();
    counts.push_back(count);
  });
  return counts;
}

Result<IndexingState> decode_indexing_state(JsonView answer) {
  if (auto error = error_in(answer)) return *std::move(error);
  const RecordFields fields{answer["records"].at(0)["fields"]};
  const auto state = fields.plain(field::kState);
  if (state.empty()) return not_an_answer("whether the library is indexed");
  return IndexingState{state == "FINISHED", token_in(answer)};
}

}  // namespace icloudphotos::cloud
