// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/catalog/tree_tables.h"
#include "icloudphotos/model/library.h"

namespace icloudphotos::catalog {

/// How far we know a library.
struct LibraryState {
  Library library;
  std::int64_t number = 0;              ///< Our own, for the tree's rows.
  std::optional<SyncToken> token;       ///< Where the next changes start.
  bool listed = false;                  ///< Every list was walked to its end and the changes since applied: complete.
  std::optional<std::int64_t> counted;  ///< Apple's own count.
  std::int64_t known = 0;               ///< Assets we know that are neither hidden nor deleted.
  std::optional<SyncToken> reading;     ///< Where the reading of the whole feed goes on; none: at its beginning.
  std::int64_t readings = 0;            ///< How often one was begun.
  bool read_through = false;            ///< The whole feed was read to its end once: it has decided what exists.
};

/// Where a delta comes from.
enum class Source : std::uint8_t {
  Lists,    ///< A page of a list.
  Changes,  ///< What happened since: `next` is where the next changes start.
  Feed,     ///< A page of the whole feed, from its beginning on: `next` is where that reading goes on.
};

/// What the three sources say of a library or album: photos that are neither hidden nor deleted.
struct Balance {
  std::int64_t listed = 0;              ///< The lists show.
  std::int64_t fed = 0;                 ///< The feed has delivered.
  std::optional<std::int64_t> counted;  ///< Apple's counter says.
};
struct AlbumBalance {
  Album album;
  Balance photos;
};

/// A photo that is there: not deleted.
struct Kept {
  AssetId id;
  bool hidden = false;
  bool listed = false;     ///< A list has shown it.
  bool delivered = false;  ///< The present reading of the feed, or changes since it began, delivered it.
};

/// What one `apply` touched, for whoever shows it.
struct ChangeSet {
  LibraryId library;
  std::vector<AssetId> assets;  ///< New, changed or gone; also those whose original arrived.
  std::vector<AlbumId> albums;  ///< New, changed, gone, or with other members.
  [[nodiscard]] bool empty() const { return assets.empty() && albums.empty(); }
};

/// What we know about the libraries, on disk: one SQLite database, which can be rebuilt at any time.
///
/// Errors    Storage; NotFound for a library it does not know. open sets a damaged database aside (`catalog.db.bad`)
///           and starts an empty one; of one on a read-only disk it makes a copy, which is forgotten with the Catalog;
///           one from a newer version, or in use by another program, is Usage.
/// Threads   Any; one is let in at a time. Callbacks run inside and must not call back.
class Catalog {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Catalog>> open(const std::filesystem::path& directory, Clock& clock);
  virtual ~Catalog() = default;

  /// Adds libraries. New ones start empty, with their token; of a known one the token is kept, also if it has none.
  /// Others are left alone.
  [[nodiscard]] virtual Result<void> add_libraries(const std::vector<Library>& libraries) = 0;
  /// Forgets a library with all that is in it.
  [[nodiscard]] virtual Result<void> remove_library(const LibraryId& library) = 0;
  [[nodiscard]] virtual Result<std::vector<LibraryState>> libraries() const = 0;

  /// Writes rows and token (`delta.next`, if present) in one transaction. What the delta says is there wins over what
  /// it says is gone. Only what really differs from what was known is in the ChangeSet.
  [[nodiscard]] virtual Result<ChangeSet> apply(const Delta& delta, Source source = Source::Changes) = 0;
  /// Marks the library complete, or not, and keeps Apple's count.
  [[nodiscard]] virtual Result<void> set_listed(const LibraryId& library, bool listed,
                                                std::optional<std::int64_t> counted) = 0;
  /// Starts reading the whole feed from its beginning; what an earlier reading delivered no longer counts, and
  /// the library is not read through until `end_reading`.
  [[nodiscard]] virtual Result<void> begin_reading(const LibraryId& library) = 0;
  /// How many photos that are not deleted, and how many albums, neither this reading nor changes since it began have
  /// delivered.
  struct Unread {
    std::int64_t photos = 0;
    std::int64_t albums = 0;
  };
  [[nodiscard]] virtual Result<Unread> unread(const LibraryId& library) const = 0;
  /// Ends the reading: what it did not deliver is gone. With a token, changes start there from now on.
  [[nodiscard]] virtual Result<ChangeSet> end_reading(const LibraryId& library,
                                                      const std::optional<SyncToken>& token) = 0;
  /// Keeps Apple's counts of albums.
  [[nodiscard]] virtual Result<void> set_album_counts(
      const LibraryId& library, const std::vector<std::pair<AlbumId, std::optional<std::int64_t>>>& counts) = 0;
  /// Goes through all photos: for status and doctor, not for every day.
  [[nodiscard]] virtual Result<Balance> balance(const LibraryId& library) const = 0;
  [[nodiscard]] virtual Result<std::vector<AlbumBalance>> album_balances(const LibraryId& library) const = 0;
  /// Where the next news of the account start; nothing: nobody has asked yet.
  [[nodiscard]] virtual Result<std::optional<SyncToken>> place() const = 0;
  [[nodiscard]] virtual Result<void> set_place(const SyncToken& place) = 0;
  /// Forgets a library's token, so that it is read anew. What is known stays.
  [[nodiscard]] virtual Result<void> forget_token(const LibraryId& library) = 0;

  /// Originals that assets name, that we do not have, and that were not among the `gone` since the asset last changed;
  /// not more than `most` of them.
  [[nodiscard]] virtual Result<std::vector<OriginalId>> missing_originals(
      const LibraryId& library, std::size_t most = std::numeric_limits<std::int32_t>::max()) const = 0;
  /// Every photo that is not deleted or purged, by (added or created, id): the order in which names are claimed.
  [[nodiscard]] virtual Result<void> each_photo(const LibraryId& library,
                                                const std::function<void(const Photo&)>& visit) const = 0;
  /// The photos that a tombstone of this name would take away: the one of that name, or those whose original has it.
  [[nodiscard]] virtual Result<std::vector<Kept>> kept_by(const LibraryId& library,
                                                          const std::string& record) const = 0;
  [[nodiscard]] virtual Result<void> each_kept(const LibraryId& library,
                                               const std::function<void(const Kept&)>& visit) const = 0;
  [[nodiscard]] virtual Result<std::vector<Album>> albums(const LibraryId& library) const = 0;
  [[nodiscard]] virtual Result<void> each_membership(const LibraryId& library,
                                                     const std::function<void(const Membership&)>& visit) const = 0;

  /// Reads the tables of the tree, on a connection that no writer holds up. Many may read at a time.
  [[nodiscard]] virtual Result<void> read_tree(const std::function<Result<void>(TreeReader&)>& work) const = 0;
  /// Changes them in one transaction: all that `work` does, or, should it fail, nothing.
  [[nodiscard]] virtual Result<void> change_tree(const std::function<Result<void>(TreeWriter&)>& work) = 0;
};

}  // namespace icloudphotos::catalog
