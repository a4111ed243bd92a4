// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "zone.h"

namespace icloudphotos::demo {

/// A place in the history of a zone or of a database, opaque to clients and the same for the same place.
struct SyncPlace {
  Seq seq = 0;
  std::uint64_t pause =
      0;  ///< how many empty pages were served at this place; for a database a number that only differs
};

[[nodiscard]] std::string sync_token(std::string_view scope, const SyncPlace& place);

enum class BadToken { Unknown, Truncated };
/// `scope` is the zone's name, or "database/private".
[[nodiscard]] std::variant<SyncPlace, BadToken> read_sync_token(std::string_view scope, std::string_view token);

}  // namespace icloudphotos::demo
