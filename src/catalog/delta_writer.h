// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "icloudphotos/catalog/catalog.h"

#include "database.h"

namespace icloudphotos::catalog {

/// Whether we have an original. Stored: never renumber.
enum class OriginalState : std::int64_t {
  Wanted = 0,  ///< An asset names it; it has not arrived.
  Known = 1,
  Gone = 2,  ///< The far side has it no longer, though an asset still names it: not asked for again.
};

/// Writes deltas of one library, inside a transaction of the caller's, and notes what they really changed.
class DeltaWriter {
 public:
  /// Errors: NotFound for a library that is not there; Storage.
  [[nodiscard]] static Result<DeltaWriter> make(Database& database, const LibraryId& library, Source source);

  /// What a delta says is there wins over what it says is gone: only the newest state of a record is ever sent, and
  /// a file too many is a smaller loss than one missing.
  [[nodiscard]] Result<void> write(const Delta& delta);
  /// Removes whatever the present reading of the whole feed did not deliver.
  [[nodiscard]] Result<void> remove_unread();
  /// Each thing that changed, once.
  [[nodiscard]] ChangeSet take();

 private:
  DeltaWriter(Database& database, LibraryId library, std::int64_t number, std::int64_t reading, Source source)
      : database_{database}, number_{number}, reading_{reading}, source_{source} {
    changes_.library = std::move(library);
  }
  [[nodiscard]] Result<void> remove(std::string_view name);
  [[nodiscard]] Result<bool> remove_asset(std::string_view name);
  [[nodiscard]] Result<bool> remove_original(std::string_view name);
  [[nodiscard]] Result<bool> remove_album(std::string_view name);
  [[nodiscard]] Result<void> remove_relation(std::string_view name);
  [[nodiscard]] Result<void> remove_membership(std::string_view album, std::string_view asset);

  [[nodiscard]] Result<void> put(const Original& original);
  [[nodiscard]] Result<void> put(const Asset& asset);
  [[nodiscard]] Result<void> mark(const AssetId& asset);
  [[nodiscard]] Result<void> put(const Album& album);
  [[nodiscard]] Result<void> put(const Membership& membership);

  /// The row of an original or album, made when there is none.
  [[nodiscard]] Result<std::int64_t> original_row(const OriginalId& id);
  [[nodiscard]] Result<std::int64_t> album_row(std::string_view id);
  /// Whether the delta counts as delivered by the feed: changes tell of it too.
  [[nodiscard]] bool delivers() const { return source_ != Source::Lists; }
  [[nodiscard]] Result<void> touch(const PackedId& asset);
  [[nodiscard]] Result<void> touch_members_of(std::int64_t album);
  /// Notes every asset that names the original.
  [[nodiscard]] Result<bool> touch_assets_of(std::int64_t original);

  Database& database_;
  std::int64_t number_;   ///< The library's row.
  std::int64_t reading_;  ///< The number of the present reading of the feed.
  Source source_;
  bool shown_ = false;      ///< The tree shows the library already.
  std::int64_t known_ = 0;  ///< By how much the number of shown assets has changed.
  ChangeSet changes_;
};

}  // namespace icloudphotos::catalog
