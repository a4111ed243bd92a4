// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>

#include "icloudphotos/model/id.h"

namespace icloudphotos::sync {

/// What stands for an asset where a million of them are kept in memory: eight bytes.
[[nodiscard]] inline std::uint64_t digest_of(const AssetId& asset) { return std::hash<AssetId>{}(asset); }

}  // namespace icloudphotos::sync
