// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "icloudphotos/model/id.h"

#include "cloud/zone.h"

/// The questions of protocol/photos.md as paths and JSON.
namespace icloudphotos::cloud {

/// Most records an answer holds, and most names a look-up takes.
inline constexpr std::size_t kMaxRecords = 200;

/// "records/query" and the like below the service's root.
[[nodiscard]] std::string path_of(Database database, std::string_view operation);

/// `changes/database`: all zones.
[[nodiscard]] std::string zones_query(const std::optional<std::string>& database_token);
/// `records/query`: whether the lists are complete, and the zone's token.
[[nodiscard]] std::string indexing_query(const Zone& zone);
/// `records/query`: the albums at the top, or in a folder. `marker` is where the page before ended.
[[nodiscard]] std::string albums_query(const Zone& zone, const std::optional<AlbumId>& folder,
                                       const std::optional<std::string>& marker);
/// `records/query`: photos of the library or an album from a rank on, oldest rank first.
[[nodiscard]] std::string list_query(const Zone& zone, const std::optional<AlbumId>& album, std::int64_t rank);
/// `internal/records/query/batch`: how many photos each list has.
struct CountOf {
  Zone zone;
  std::optional<AlbumId> album;
};
[[nodiscard]] std::string counts_query(std::span<const CountOf> lists);
/// `records/lookup`: at most `kMaxRecords` names.
[[nodiscard]] std::string lookup_query(const Zone& zone, std::span<const std::string> names,
                                       std::span<const std::string> fields);
/// `changes/zone`. An empty token would mean "caught up" over there, so it counts as none.
[[nodiscard]] std::string changes_query(const Zone& zone, const std::optional<SyncToken>& token);

}  // namespace icloudphotos::cloud
