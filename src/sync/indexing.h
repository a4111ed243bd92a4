// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "change_log.h"
#include "context.h"
#include "walk.h"

namespace icloudphotos::sync {

/// Makes the catalog know a library as far as it can be had quickly: walks its lists, then the changes since before the
/// walk, originals that came with neither; again when photos moved meanwhile. A library without lists, or without a
/// place to take its changes up at, is read from its whole change feed. The token is kept only with the last write, so
/// that a program killed on the way begins anew.
class Indexing {
 public:
  /// `since`: the token of a moment before.
  Indexing(const Context& context, catalog::LibraryState state, std::optional<SyncToken> since);

  /// Errors: StaleToken (`since` is too old), NotFound (the library), those of `cloud::Photos`, Storage.
  [[nodiscard]] Result<void> run();

 private:
  [[nodiscard]] Result<void> read();
  [[nodiscard]] Result<void> read_lists();
  [[nodiscard]] Result<void> walk();
  [[nodiscard]] Result<bool> catch_up();
  [[nodiscard]] bool is_listed(const AssetId& asset) const;
  [[nodiscard]] bool moves_others(const Delta& page) const;
  [[nodiscard]] Result<bool> read_feed();
  [[nodiscard]] Result<void> complete();
  [[nodiscard]] Result<std::int64_t> tell_progress() const;

  const Context& context_;
  catalog::LibraryState state_;
  std::optional<SyncToken> cursor_;
  ChangeLog log_;
  bool listable_;
  std::optional<std::int64_t> counted_;
  std::vector<std::uint64_t> listed_;  ///< Digests of what the walks met, sorted.
};

}  // namespace icloudphotos::sync
