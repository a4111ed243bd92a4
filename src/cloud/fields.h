// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "icloudphotos/model/photo.h"

/// The ledger of names: everything the service is known to say, and what becomes of it.
namespace icloudphotos::cloud {

namespace field {
// of originals
inline constexpr std::string_view kFileName = "filenameEnc";
inline constexpr std::string_view kItemType = "itemType";
inline constexpr std::string_view kDataClass = "dataClassType";
// of assets
inline constexpr std::string_view kMaster = "masterRef";
inline constexpr std::string_view kCaptured = "assetDate";
inline constexpr std::string_view kAdded = "addedDate";
inline constexpr std::string_view kUtcOffset = "timeZoneOffset";
inline constexpr std::string_view kFavorite = "isFavorite";
inline constexpr std::string_view kHidden = "isHidden";
inline constexpr std::string_view kDeleted = "isDeleted";  ///< of albums and relations too
inline constexpr std::string_view kExpunged = "isExpunged";
inline constexpr std::string_view kSubtype = "assetSubtype";
inline constexpr std::string_view kSubtypeV2 = "assetSubtypeV2";
inline constexpr std::string_view kRenderType = "adjustmentRenderType";
inline constexpr std::string_view kAdjustment = "adjustmentType";
inline constexpr std::string_view kBurst = "burstId";
inline constexpr std::string_view kBurstFlags = "burstFlags";
inline constexpr std::string_view kTitle = "captionEnc";
inline constexpr std::string_view kDescription = "extendedDescEnc";
inline constexpr std::string_view kKeywords = "keywordsEnc";
inline constexpr std::string_view kLocation = "locationEnc";
inline constexpr std::string_view kLatitude = "locationLatitude";
inline constexpr std::string_view kLongitude = "locationLongitude";
// of originals in shared albums
inline constexpr std::string_view kFileCreated = "originalCreationDate";
// of albums
inline constexpr std::string_view kAlbumName = "albumNameEnc";
inline constexpr std::string_view kAlbumType = "albumType";
inline constexpr std::string_view kParent = "parentId";
inline constexpr std::string_view kPosition = "position";  ///< of relations too
// of relations
inline constexpr std::string_view kItem = "itemId";
inline constexpr std::string_view kContainer = "containerId";
// of shares
inline constexpr std::string_view kShareTitle = "cloudkit.title";
// of answers to questions
inline constexpr std::string_view kItemCount = "itemCount";
inline constexpr std::string_view kState = "state";
}  // namespace field

/// On which records a resource's fields stand.
enum class Owner { Original, Asset, Either };

/// The fields of one resource: `<base>Res`, `<base>FileType`, and more that are not needed.
struct ResourceFields {
  std::string_view base;
  ResourceKind kind;
  Owner owner;
};
inline constexpr std::array kResourceFields{
    ResourceFields{"resOriginal", ResourceKind::Original, Owner::Original},
    ResourceFields{"resOriginalAlt", ResourceKind::Alternative, Owner::Original},
    ResourceFields{"resOriginalVidCompl", ResourceKind::LiveVideo, Owner::Original},
    ResourceFields{"resJPEGFull", ResourceKind::EditedStill, Owner::Asset},
    ResourceFields{"resVidFull", ResourceKind::EditedVideo, Owner::Asset},
    ResourceFields{"resJPEGMed", ResourceKind::Medium, Owner::Either},
    ResourceFields{"resJPEGThumb", ResourceKind::Thumbnail, Owner::Either},
    ResourceFields{"resVidMed", ResourceKind::MediumVideo, Owner::Either},
};

/// The fields that are read of photos, of albums and of their relations: what lists are asked for.
[[nodiscard]] std::vector<std::string> photo_fields();
[[nodiscard]] std::vector<std::string> album_fields();
[[nodiscard]] std::vector<std::string> relation_fields();
/// The fields that are read of what says with whom a library is shared, asked for where that is its name.
[[nodiscard]] std::vector<std::string> share_fields();
/// `<base>Res` of every resource: what a look-up for URLs is asked for.
[[nodiscard]] std::vector<std::string> resource_fields();

enum class FieldUse { Read, Ignored };
/// What becomes of a field of records of that type; nothing: it was never heard of. Types of records that are ignored
/// ignore all their fields.
[[nodiscard]] std::optional<FieldUse> use_of_field(std::string_view record_type, std::string_view name);
/// Where a member stands that is no field.
enum class Place {
  Answer,  ///< At the top of a page.
  Zone,    ///< Of one of an answer's zones or batches.
  Record,  ///< Beside the fields.
  Field,   ///< Beside the value.
  File,    ///< In the value that tells of a file.
};
/// The same for such members.
[[nodiscard]] std::optional<FieldUse> use_of_member(Place place, std::string_view name);
/// Types of records that are known and say nothing we need.
[[nodiscard]] bool is_ignored_type(std::string_view record_type);

}  // namespace icloudphotos::cloud
