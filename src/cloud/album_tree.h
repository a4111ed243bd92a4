// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "icloudphotos/base/result.h"
#include "icloudphotos/model/photo.h"

namespace icloudphotos::cloud {

/// Deepest folder in a folder that is looked into.
inline constexpr int kMaxFolderDepth = 64;

/// All albums and folders that are not in the trash, from lists of one folder each.
///
/// Shapes    Every parent is a folder of the result; what hangs below a folder that is missing, deleted, or below
/// itself
///           is at the top.
/// Errors    Those of `list`.
[[nodiscard]] Result<std::vector<Album>> read_album_tree(
    const std::function<Result<std::vector<Album>>(const std::optional<AlbumId>& folder)>& list);

}  // namespace icloudphotos::cloud
