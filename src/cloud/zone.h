// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "icloudphotos/model/id.h"

namespace icloudphotos::cloud {

/// Zones of one's own, or zones that others share with us.
enum class Database { Private, Shared };

/// A library as the far side names it.
struct Zone {
  Database database = Database::Private;
  std::string name;
  std::string owner;  ///< Empty for one's own.
  bool operator==(const Zone&) const = default;
};

/// The zone of the personal library.
inline constexpr std::string_view kPersonalZone = "PrimarySync";

/// Whether zones of that name hold a photo library. Others (links, shared collections, app images) have no usable
/// index.
[[nodiscard]] bool is_library(std::string_view zone_name);

/// "private/PrimarySync", "shared/SharedSync-…/_owner".
[[nodiscard]] LibraryId library_id_of(const Zone& zone);
[[nodiscard]] std::optional<Zone> zone_of(const LibraryId& library);

}  // namespace icloudphotos::cloud
