// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "icloudphotos/catalog/tree_tables.h"
#include "icloudphotos/tree/tree.h"

#include "card.h"
#include "skeleton.h"

namespace icloudphotos::tree {

/// What `stat` tells of a file.
[[nodiscard]] Node node_of(const Card& card, const CardFile& file, const Skeleton& skeleton, std::int64_t library);

/// Reads what is in a directory.
[[nodiscard]] Result<std::shared_ptr<Directory>> list(catalog::TreeReader& reader, const Skeleton& skeleton,
                                                      const Bone& directory);

/// Finds a file of that name in a directory.
[[nodiscard]] Result<std::optional<Node>> find_file(catalog::TreeReader& reader, const Skeleton& skeleton,
                                                    const Bone& directory, std::string_view name,
                                                    const TreeOptions& options);

}  // namespace icloudphotos::tree
