// SPDX-License-Identifier: MIT
#include "cloud/queries.h"

#include <vector>

#include "icloudphotos/base/json.h"

#include "cloud/fields.h"

namespace icloudphotos::cloud {
namespace {

// A multiple of the two or three records a photo comes with, so that none is cut off by the limit of 200.
constexpr int kListRecords = 198;

void zone_id(JsonWriter& out, const Zone& zone) {
  out.key("zoneID").object().member("zoneName", zone.name);
  if (!zone.owner.empty()) out.member("ownerRecordName", zone.owner).member("zoneType", "REGULAR_CUSTOM_ZONE");
  out.end();
}

void names(JsonWriter& out, std::string_view member, std::span<const std::string> values) {
  out.key(member).array();
  for (const auto& value : values) out.value(value);
  out.end();
}

template <class T>
void filter(JsonWriter& out, std::string_view field, std::string_view type, const T& value) {
  out.object().member("fieldName", field).member("comparator", "EQUALS");
  out.key("fieldValue").object().member("type", type).member("value", value).end().end();
}

std::string count_index(const std::optional<AlbumId>& album) {
  if (album) return "CPLContainerRelationNotDeletedByAssetDate:" + album->value;
  return "CPLAssetByAssetDateWithoutHiddenOrDeleted";
}

}  // namespace

std::string path_of(Database database, std::string_view operation) {
  std::string path = "/database/1/com.apple.photos.cloud/production/";
  path += database == Database::Private ? "private/" : "shared/";
  return path.append(operation);
}

std::string zones_query(const std::optional<std::string>& database_token) {
  JsonWriter out;
  out.object();
  if (database_token && !database_token->empty()) out.member("syncToken", *database_token);
  return out.end().take();
}

std::string indexing_query(const Zone& zone) {
  JsonWriter out;
  out.object().key("query").object().member("recordType", "CheckIndexingState").end();
  zone_id(out, zone);
  return out.end().take();
}

std::string albums_query(const Zone& zone, const std::optional<AlbumId>& folder,
                         const std::optional<std::string>& marker) {
  JsonWriter out;
  out.object().key("query").object().member("recordType", "CPLAlbumByPositionLive");
  if (folder) {
    out.key("filterBy").array();
    filter(out, field::kParent, "STRING", folder->value);
    out.end();
  }
  out.end();
  if (marker) out.member("continuationMarker", *marker);
  out.member("resultsLimit", static_cast<std::int64_t>(kMaxRecords));
  names(out, "desiredKeys", album_fields());
  zone_id(out, zone);
  return out.end().take();
}

std::string list_query(const Zone& zone, const std::optional<AlbumId>& album, std::int64_t rank) {
  JsonWriter out;
  out.object().key("query").object();
  out.member("recordType",
             album ? "CPLContainerRelationLiveByAssetDate" : "CPLAssetAndMasterByAssetDateWithoutHiddenOrDeleted");
  out.key("filterBy").array();
  filter(out, "startRank", "INT64", rank);
  filter(out, "direction", "STRING", "ASCENDING");
  if (album) filter(out, "parentId", "STRING", album->value);
  out.end().end();
  out.member("resultsLimit", kListRecords);
  auto fields = photo_fields();
  if (album)
    for (auto& name : relation_fields()) fields.push_back(std::move(name));
  names(out, "desiredKeys", fields);
  zone_id(out, zone);
  return out.end().take();
}

std::string counts_query(std::span<const CountOf> lists) {
  JsonWriter out;
  out.object().key("batch").array();
  for (const auto& list : lists) {
    out.object().member("resultsLimit", 1);
    out.key("query").object().member("recordType", "HyperionIndexCountLookup");
    out.key("filterBy").object().member("fieldName", "indexCountID").member("comparator", "IN");
    out.key("fieldValue").object().member("type", "STRING_LIST");
    out.key("value").array().value(count_index(list.album)).end();
    out.end().end().end();
    out.member("zoneWide", true);
    zone_id(out, list.zone);
    out.end();
  }
  return out.end().end().take();
}

std::string lookup_query(const Zone& zone, std::span<const std::string> record_names,
                         std::span<const std::string> fields) {
  JsonWriter out;
  out.object().key("records").array();
  for (const auto& name : record_names) out.object().member("recordName", name).end();
  out.end();
  names(out, "desiredKeys", fields);
  zone_id(out, zone);
  return out.end().take();
}

std::string changes_query(const Zone& zone, const std::optional<SyncToken>& token) {
  auto fields = photo_fields();
  for (const auto& more : {album_fields(), relation_fields()}) fields.insert(fields.end(), more.begin(), more.end());
  if (kind_of(zone.name) == Library::Kind::SharedAlbum)
    for (auto& name : share_fields()) fields.push_back(std::move(name));
  JsonWriter out;
  out.object().key("zones").array().object();
  zone_id(out, zone);
  if (token && !token->empty()) out.member("syncToken", token->value);
  names(out, "desiredKeys", fields);
  out.member("resultsLimit", static_cast<std::int64_t>(kMaxRecords));
  return out.end().end().end().take();
}

}  // namespace icloudphotos::cloud
