// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "icloudphotos/base/result.h"
#include "icloudphotos/model/id.h"
#include "icloudphotos/model/library.h"

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

/// What kind of library zones of that name hold; nothing: none. Links and images that apps made are no libraries.
[[nodiscard]] std::optional<Library::Kind> kind_of(std::string_view zone_name);

/// "private/PrimarySync", "shared/SharedSync-…/_owner".
[[nodiscard]] LibraryId library_id_of(const Zone& zone);
[[nodiscard]] std::optional<Zone> zone_of(const LibraryId& library);
/// The same where there has to be one. Errors: NotFound.
[[nodiscard]] Result<Zone> zone_for(const LibraryId& library);

/// "stream/…": a shared album of the classic service, which knows no zones, by its id there.
[[nodiscard]] LibraryId library_id_of_stream(std::string_view guid);
[[nodiscard]] std::optional<std::string> stream_of(const LibraryId& library);

}  // namespace icloudphotos::cloud
