// SPDX-License-Identifier: MIT
#include "cloud/fields.h"

#include <algorithm>
#include <array>
#include <span>

namespace icloudphotos::cloud {
namespace {

using Names = std::span<const std::string_view>;

bool has(Names names, std::string_view name) { return std::find(names.begin(), names.end(), name) != names.end(); }

constexpr auto kOfOriginals =
    std::to_array<std::string_view>({field::kFileName, field::kItemType, field::kDataClass, field::kFileCreated});
constexpr auto kOfAssets = std::to_array<std::string_view>({
    field::kMaster,      field::kCaptured,   field::kAdded,    field::kUtcOffset,  field::kFavorite,
    field::kHidden,      field::kDeleted,    field::kExpunged, field::kSubtype,    field::kSubtypeV2,
    field::kRenderType,  field::kAdjustment, field::kBurst,    field::kBurstFlags, field::kTitle,
    field::kDescription, field::kKeywords,   field::kLocation, field::kLatitude,   field::kLongitude,
});
constexpr auto kOfAlbums = std::to_array<std::string_view>(
    {field::kAlbumName, field::kAlbumType, field::kParent, field::kPosition, field::kDeleted, field::kExpunged});
constexpr auto kOfRelations =
    std::to_array<std::string_view>({field::kItem, field::kContainer, field::kPosition, field::kDeleted});
constexpr auto kOfShares = std::to_array<std::string_view>({field::kShareTitle});
constexpr auto kOfCounts = std::to_array<std::string_view>({field::kItemCount});
constexpr auto kOfStates = std::to_array<std::string_view>({field::kState});

/// What is read of the records of a type.
Names read_of(std::string_view record_type) {
  if (record_type == "CPLMaster") return kOfOriginals;
  if (record_type == "CPLAsset") return kOfAssets;
  if (record_type == "CPLAlbum") return kOfAlbums;
  if (record_type == "CPLContainerRelation") return kOfRelations;
  if (record_type == "cloudkit.share") return kOfShares;
  if (record_type == "IndexCountResult") return kOfCounts;
  if (record_type == "CheckIndexingState") return kOfStates;
  return {};
}

// The file itself says it: size in pixels, how it was made, what the camera wrote into it.
constexpr auto kSaidByTheFile = std::to_array<std::string_view>({
    "originalOrientation",
    "orientation",
    "mediaMetaDataEnc",
    "mediaMetaDataType",
    "adjustedMediaMetaDataEnc",
    "adjustedMediaMetaDataType",
    "fullSizeJPEGSource",
    "videoFrameRate",
    "codec",
    "duration",
    "assetHDRType",
    "adjustedMediaMetaDataStrType",
    "customRenderedValue",
    "rank",
    "timeZoneNameEnc",
});
// How a Live Photo plays, and more about frames of bursts than who picked them: no file comes of it.
constexpr auto kPlayback = std::to_array<std::string_view>({
    "vidComplDurValue",
    "vidComplDurScale",
    "vidComplDispValue",
    "vidComplDispScale",
    "vidComplVisibilityState",
    "burstFlagsExt",
});
// How an edit was made. Its result is a resource.
constexpr auto kEditing = std::to_array<std::string_view>({
    "adjustmentSourceType",
    "adjustmentCreatorCode",
    "adjustmentCompoundVersion",
    "adjustmentTimestampEnc",
    "adjustmentSimpleDataEnc",
    "originalChoice",
    "similarToOriginalAdjustmentsFingerprint",
    "otherAdjustmentsFingerprint",
});
// When and by whom a record was imported, changed or thrown away. The record's own dates are the server's and enough.
constexpr auto kHistory = std::to_array<std::string_view>({
    "importDate",
    "importGroupId",
    "importedBy",
    "importedByBundleIdentifierEnc",
    "importedByDisplayNameEnc",
    "recordModificationDate",
    "mostRecentAddedDate",
    "userModificationDate",
    "dateExpunged",
    "trashReason",
    "remappedRef",
    "originatingFingerprint",
});
// People, groups and sharing; what was seen how often; what devices computed.
constexpr auto kSharing = std::to_array<std::string_view>({
    "contributors",
    "contributedBy",
    "deletedBy",
    "lastSharedDate",
    "shareCount",
    "sharedSyncSharingStateEnc",
    "facesVersion",
    "faces",
    "facesAdjustmentsFingerprint",
    "people",
    "syndicationId",
    "mediaGroupId",
    "playCount",
    "viewCount",
    "lastViewedDateEnc",
    "viewPresentationTypeEnc",
    "computeStateVersion",
    "computeStateAdjustmentFingerprintEnc",
    "computeStateLastUpdatedDateEnc",
    "accessibilityDescEnc",
    "placeInfoEnc",
});
// What an original repeats of its asset, which is the one to be believed; what relations repeat of both.
constexpr auto kOfOriginalsToo = std::to_array<std::string_view>({"isDeleted", "isExpunged", "isHidden", "isFavorite"});
constexpr auto kOfAssetsToo =
    std::to_array<std::string_view>({"itemType", "dataClassType", "filenameEnc", "originalCreationDate"});
constexpr auto kOfRelationsToo = std::to_array<std::string_view>({"masterRef", "isExpunged"});
// A newer, opaque form of a place that is read from its older one.
constexpr auto kOpaquePlace = std::to_array<std::string_view>({"locationV2Enc"});
// Twins of plain fields that only the account's own devices can decrypt; the web is meant to read the plain ones.
constexpr auto kForDevices = std::to_array<std::string_view>({
    "adjustmentTypeEnc",
    "assetDateEnc",
    "burstIdEnc",
    "codecEnc",
    "customRenderedValueEnc",
    "durationEnc",
    "itemTypeEnc",
    "mediaGroupIdEnc",
    "originalCreationDateEnc",
    "originatingFingerprintEnc",
    "timeZoneOffsetEnc",
    "videoFrameRateEnc",
});
// How an album is shown: directories are sorted by whoever lists them.
constexpr auto kAlbumLook =
    std::to_array<std::string_view>({"sortType", "sortTypeExt", "sortAscending", "isKeyAsset", "keyAssetId"});
// How far indexing has come: its state is enough.
constexpr auto kProgress = std::to_array<std::string_view>({"progress"});
// Members of the record that some clients ask for as if they were fields.
constexpr auto kEnvelopeAsField =
    std::to_array<std::string_view>({"recordName", "recordType", "recordChangeTag", "zoneID"});

constexpr auto kIgnoredTypes = std::to_array<std::string_view>({
    "CPLLibraryInfo",
    "CPLFaceCrop",
    "CPLPerson",
    "CPLMemory",
    "CPLSuggestion",
    "CPLSharedLibraryQuota",
    "CPLTextComment",
    "CPLSocialGroup",
    "CPLScopeChange",
    "CPLProject",
    "cloudkit.zoneshare",
});

constexpr auto kMembersOfAnswers = std::to_array<std::string_view>(
    {"records", "zones", "batch", "syncToken", "moreComing", "continuationMarker", "serverErrorCode", "reason"});
constexpr auto kMembersOfZones = std::to_array<std::string_view>(
    {"zoneID", "syncToken", "moreComing", "records", "deleted", "serverErrorCode", "reason"});
// Whether changes of several records are all or none; repetitions of the error.
constexpr auto kIgnoredOfZones =
    std::to_array<std::string_view>({"atomic", "uuid", "error", "errorClass", "retryAfter"});
constexpr auto kMembersOfRecords = std::to_array<std::string_view>(
    {"recordName", "recordType", "fields", "deleted", "created", "modified", "serverErrorCode", "reason"});
// Needed for writing; the zone that was asked; when the server forgets what was thrown away; repetitions of the error.
constexpr auto kIgnoredOfRecords =
    std::to_array<std::string_view>({"recordChangeTag", "pluginFields", "zoneID", "expirationTime", "uuid", "error",
                                     "errorClass", "retryAfter", "redirectURL"});
// Of shares, and of records that hang below another.
constexpr auto kMembersOfShares = std::to_array<std::string_view>(
    {"share", "parent", "stableUrl", "shortGUID", "displayedHostname", "publicPermission", "participants", "owner",
     "currentUserParticipant", "requesters", "blocked", "invitedPCS", "chainParentKey", "chainPrivateKey",
     "chainProtectionInfo", "protectionInfo", "protectionInfoTag", "publicProtectionInfo", "publicProtectionInfoTag"});
constexpr auto kMembersOfFields = std::to_array<std::string_view>({"value", "type"});
constexpr auto kMembersOfFiles = std::to_array<std::string_view>({"fileChecksum", "size", "downloadURL"});
// For those who decrypt the bytes themselves.
constexpr auto kIgnoredOfFiles = std::to_array<std::string_view>({"wrappingKey", "referenceChecksum"});

/// `name` is a field of a resource: a base name we may not know, and one of the endings all resources share.
bool ends_like_a_resource(std::string_view name) {
  constexpr auto kEndings =
      std::to_array<std::string_view>({"Res", "FileType", "Width", "Height", "Fingerprint", "FileSize"});
  return name.starts_with("res") && std::any_of(kEndings.begin(), kEndings.end(), [&](std::string_view ending) {
           return name.size() > ending.size() + 3 && name.ends_with(ending);
         });
}

bool is_read_of_resource(Owner owner, std::string_view name) {
  return std::any_of(kResourceFields.begin(), kResourceFields.end(), [&](const ResourceFields& resource) {
    if (!name.starts_with(resource.base) || (resource.owner != owner && resource.owner != Owner::Either)) return false;
    const auto ending = name.substr(resource.base.size());
    return ending == "Res" || ending == "FileType" || ending == "FileSize";
  });
}

bool is_read(std::string_view record_type, std::string_view name) {
  if (has(read_of(record_type), name)) return true;
  if (record_type == "CPLMaster") return is_read_of_resource(Owner::Original, name);
  return record_type == "CPLAsset" && is_read_of_resource(Owner::Asset, name);
}

bool repeats_another(std::string_view record_type, std::string_view name) {
  if (record_type == "CPLMaster") return has(kOfOriginalsToo, name);
  if (record_type == "CPLAsset") return has(kOfAssetsToo, name);
  return record_type == "CPLContainerRelation" && has(kOfRelationsToo, name);
}

std::vector<std::string> strings(Names names) { return {names.begin(), names.end()}; }

}  // namespace

std::vector<std::string> photo_fields() {
  auto names = strings(kOfOriginals);
  std::erase(names, field::kFileCreated);  // only shared albums need it, and they are not asked for fields
  for (const auto name : kOfAssets) names.emplace_back(name);
  for (const auto& resource : kResourceFields) {
    names.push_back(std::string{resource.base} + "Res");
    names.push_back(std::string{resource.base} + "FileType");
    names.push_back(std::string{resource.base} + "FileSize");
  }
  return names;
}

std::vector<std::string> album_fields() { return strings(kOfAlbums); }

std::vector<std::string> relation_fields() { return strings(kOfRelations); }

std::vector<std::string> share_fields() { return strings(kOfShares); }

std::vector<std::string> resource_fields() {
  std::vector<std::string> names;
  for (const auto& resource : kResourceFields) names.push_back(std::string{resource.base} + "Res");
  return names;
}

bool is_ignored_type(std::string_view record_type) { return has(kIgnoredTypes, record_type); }

std::optional<FieldUse> use_of_field(std::string_view record_type, std::string_view name) {
  if (is_read(record_type, name)) return FieldUse::Read;
  if (is_ignored_type(record_type) || record_type == "cloudkit.share" || repeats_another(record_type, name))
    return FieldUse::Ignored;
  // Sizes in pixels and second copies of the checksum, and resources of which no file is made.
  if (ends_like_a_resource(name)) return FieldUse::Ignored;
  for (const Names ignored :
       {Names{kSaidByTheFile}, Names{kPlayback}, Names{kEditing}, Names{kHistory}, Names{kSharing}, Names{kOpaquePlace},
        Names{kForDevices}, Names{kAlbumLook}, Names{kProgress}, Names{kEnvelopeAsField}})
    if (has(ignored, name)) return FieldUse::Ignored;
  return std::nullopt;
}

std::optional<FieldUse> use_of_member(Place place, std::string_view name) {
  const auto use = [name](Names read, Names ignored) -> std::optional<FieldUse> {
    if (has(read, name)) return FieldUse::Read;
    if (has(ignored, name)) return FieldUse::Ignored;
    return std::nullopt;
  };
  switch (place) {
    case Place::Answer:
      return use(kMembersOfAnswers, {});
    case Place::Zone:
      return use(kMembersOfZones, kIgnoredOfZones);
    case Place::Record:
      return has(kMembersOfShares, name) ? FieldUse::Ignored : use(kMembersOfRecords, kIgnoredOfRecords);
    case Place::Field:
      return use(kMembersOfFields, {});
    case Place::File:
      return use(kMembersOfFiles, kIgnoredOfFiles);
  }
  return std::nullopt;
}

}  // namespace icloudphotos::cloud
