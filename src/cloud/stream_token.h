// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "icloudphotos/model/id.h"

namespace icloudphotos::cloud {

/// How far the reading of a shared album has come, in the place of a token.
struct StreamPlace {
  std::string tag;                      ///< The album's when the reading began.
  bool at_end = false;                  ///< All was read.
  std::int64_t offset = 0;              ///< Else: where the next window begins,
  std::optional<std::int64_t> count{};  ///< and how many photos there are, if that was said.
  bool operator==(const StreamPlace&) const = default;
};

[[nodiscard]] SyncToken token_of(const StreamPlace& place);
/// Nothing: a token of another kind.
[[nodiscard]] std::optional<StreamPlace> place_of(const SyncToken& token);

}  // namespace icloudphotos::cloud
