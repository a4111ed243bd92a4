// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "icloudphotos/catalog/tree_tables.h"

#include "database.h"

namespace icloudphotos::catalog {

/// The columns `photo_of` reads, of `asset LEFT JOIN original`.
inline constexpr std::string_view kPhotoColumns =
    "asset.id, captured, added, utc_offset, created, asset.changed, favorite, hidden, subtype, subtype_v2, "
    "render_type, adjustment_type, burst, title, description, keywords, asset.resources, original.id, original.state, "
    "original.file_name, original.type, original.changed, original.resources, location, deleted ";

[[nodiscard]] Photo photo_of(const Query& row);

/// What `asset.deleted` says.
enum class AssetState : std::int64_t {
  There = 0,
  Deleted = 1,  ///< In Recently Deleted, or purged.
  Gone = 2,     ///< Only its names are kept.
};

}  // namespace icloudphotos::catalog
