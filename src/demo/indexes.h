// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "zone.h"

namespace icloudphotos::demo {

/// The names of indexes: those of the counts (photos.md 4), which say it all. Albums in manual order have one more.
inline constexpr std::string_view kLibraryIndex = "CPLAssetByAssetDateWithoutHiddenOrDeleted";
inline constexpr std::string_view kAlbumByDate = "CPLContainerRelationNotDeletedByAssetDate:";
inline constexpr std::string_view kAlbumByPosition = "CPLContainerRelationNotDeletedByPosition:";
inline constexpr std::string_view kSmartAlbum = "CPLAssetInSmartAlbumByAssetDate:";

[[nodiscard]] bool is_index(const Zone& zone, std::string_view name);
/// The index behind a list: its record type, and the smart album or album it was asked for.
[[nodiscard]] std::optional<std::string> index_of_list(std::string_view record_type, std::string_view smart_album,
                                                       std::string_view parent);
/// `listing` Partial leaves out the photos that are in no index.
[[nodiscard]] std::shared_ptr<const Index> make_index(const Zone& zone, std::string_view name, Listing listing);
/// Whether a partial listing leaves it out.
[[nodiscard]] bool is_unlisted(PhotoId id);
/// The lists a photo is in, by the names Photos gives them, whether or not they show it.
[[nodiscard]] std::vector<std::string_view> lists_of(const Traits& traits);

}  // namespace icloudphotos::demo
