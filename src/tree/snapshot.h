// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include "icloudphotos/tree/tree.h"

#include "library_tree.h"

namespace icloudphotos::tree {

/// The whole tree at one moment; immutable once it is published.
struct Snapshot {
  DirectoryNode root;
  std::vector<std::shared_ptr<const LibraryTree>> libraries;

  [[nodiscard]] const DirectoryNode* find_directory(Inode inode) const;
  /// The file and the library it is in; nulls: none.
  [[nodiscard]] std::pair<const LibraryTree*, const LibraryTree::File*> find_file(Inode inode) const;
  [[nodiscard]] const LibraryTree* find_library(const LibraryId& id) const;
};

/// What a kernel that knows `before` has to forget. Names come deepest directory first, so that a directory that is
/// gone is empty by the time its own name is dropped.
[[nodiscard]] Stale difference(const Snapshot& before, const Snapshot& after);

}  // namespace icloudphotos::tree
