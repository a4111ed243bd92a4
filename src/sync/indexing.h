// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_set>
#include <vector>

#include "change_log.h"
#include "context.h"
#include "walk.h"

namespace icloudphotos::sync {

/// Reads a library from its lists until the catalog is complete: walks, then the changes since before the walk,
/// originals that came with neither; again when photos moved meanwhile. The token is kept only with the last write, so
/// that a program killed on the way begins anew.
class Indexing {
 public:
  /// `since`: the token of a moment before; without one all changes there ever were are read.
  Indexing(const Context& context, catalog::LibraryState state, std::optional<SyncToken> since);

  /// Errors: StaleToken (`since` is too old), NotFound (the library), those of `cloud::Photos`, Storage.
  [[nodiscard]] Result<void> run();

 private:
  [[nodiscard]] Result<void> walk();
  [[nodiscard]] Result<bool> catch_up();
  [[nodiscard]] bool is_listed(const AssetId& asset) const;
  [[nodiscard]] bool moves_others(const Delta& page, const catalog::ChangeSet& changed) const;
  [[nodiscard]] Result<Delta> vanished();
  [[nodiscard]] Result<Delta> vanished_twice();
  [[nodiscard]] Result<void> complete(const Delta& last);

  const Context& context_;
  catalog::LibraryState state_;
  std::optional<SyncToken> cursor_;
  ChangeLog log_;
  bool listable_ = true;
  bool albums_read_ = false;
  std::optional<std::int64_t> counted_;
  std::vector<std::uint64_t> listed_;            ///< Digests of what the walks met, sorted.
  std::unordered_set<std::uint64_t> delivered_;  ///< Digests of what the changes brought.
  std::unordered_set<AlbumId> albums_;
};

}  // namespace icloudphotos::sync
