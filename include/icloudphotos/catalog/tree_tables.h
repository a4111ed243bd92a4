// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/model/inode.h"
#include "icloudphotos/model/library.h"

// What the tree keeps in the catalog's database: which directories there are, who has which name in them, and for every
// photo a card of what is shown of it. The catalog stores these rows; what is in `key`, `role`, `files` and `places` is
// the tree's own affair.
namespace icloudphotos::catalog {

/// A photo with its original, when that is known.
struct Photo {
  Asset asset;
  std::optional<Original> original;
};

/// A directory. Its number and slots are given out once.
struct DirectoryRow {
  std::int64_t number = 0;   ///< 0: not stored yet.
  std::int64_t library = 0;  ///< `LibraryState::number`; 0: of none.
  std::int64_t parent = 0;   ///< Number of the directory it is in; 0: the root.
  std::string key;           ///< What it stands for; unique.
  std::int64_t role = 0;
  std::string name;
  Inode inode;
  std::string title{};         ///< What a person calls it, where `name` is that made fit for a file system.
  std::int64_t newest_s = 0;   ///< When something directly in it changed last.
  std::int64_t photos = 0;     ///< Claims in it that are not released.
  std::int64_t next_slot = 1;  ///< For the next claim.
  bool present = true;         ///< false: only kept for its number and inode.
  bool operator==(const DirectoryRow&) const = default;
};

/// A name given out in a directory, to a photo or to one file of it.
struct ClaimRow {
  std::int64_t directory = 0;
  std::int64_t slot = 0;  ///< Grows: who came later has the larger one.
  std::int64_t asset = 0;
  std::int64_t part = 0;  ///< 0: all files of the photo.
  std::string stem;
  std::int64_t key = 0;               ///< A hash of what two names in one directory must not share.
  std::optional<TimePoint> released;  ///< Since when the photo is away; nothing while it is there.
};

/// What is shown of a photo, and where.
struct CardRow {
  std::int64_t asset = 0;
  std::int64_t library = 0;
  std::optional<std::int64_t> day;  ///< Of the year it was taken on, as month * 100 + day.
  std::string files;
  std::string places;
  bool operator==(const CardRow&) const = default;
};

/// A file's inode and what it stands for.
struct InodeRow {
  Inode inode;
  std::int64_t asset = 0;
  std::int64_t part = 0;
  std::int64_t check = 0;  ///< Tells files apart whose digests give the same inode.
  bool operator==(const InodeRow&) const = default;
};

/// A photo with all that decides where it is shown.
struct PhotoRow {
  std::int64_t number = 0;
  std::int64_t library = 0;
  bool exists = true;  ///< false: it is gone, and only its names are kept.
  Photo photo;
  std::vector<AlbumId> albums;
  std::optional<CardRow> card;
};

/// Sums over what a library shows.
struct Shown {
  std::int64_t bytes = 0;
  std::int64_t files = 0;
  std::int64_t waiting = 0;
};

/// Reads tables of the tree. Every call sees one state of all of them, the newest that was committed.
///
/// Errors    Storage.  Threads   One at a time.
class TreeReader {
 public:
  /// One name claimed in a directory with the card of its photo. Views: good during the visit.
  struct Listed {
    std::int64_t slot = 0;
    std::int64_t part = 0;
    std::string_view stem;
    std::string_view files;
    std::string_view places;
  };
  using Visit = std::function<void(const Listed&)>;

  virtual ~TreeReader() = default;
  /// Everything in a directory, by slot.
  [[nodiscard]] virtual Result<void> list(std::int64_t directory, const Visit& visit) = 0;
  /// What was claimed there under a key.
  [[nodiscard]] virtual Result<void> find(std::int64_t directory, std::int64_t key, const Visit& visit) = 0;
  [[nodiscard]] virtual Result<std::optional<InodeRow>> inode(Inode inode) = 0;
  [[nodiscard]] virtual Result<std::optional<CardRow>> card(std::int64_t asset) = 0;
  [[nodiscard]] virtual Result<std::optional<PhotoRow>> photo(std::int64_t asset) = 0;
};

/// Changes tables of the tree, within one transaction.
///
/// Errors    Storage.  Threads   Where `Catalog::change_tree` runs it.
class TreeWriter {
 public:
  virtual ~TreeWriter() = default;

  [[nodiscard]] virtual Result<std::vector<DirectoryRow>> directories() = 0;
  /// Stores a row; one whose number is 0 gets one.
  [[nodiscard]] virtual Result<void> put(DirectoryRow& row) = 0;
  [[nodiscard]] virtual Result<void> remove_directory(std::int64_t number) = 0;

  /// Photos that `apply` has touched since they were last settled, in the order in which names are claimed.
  [[nodiscard]] virtual Result<std::vector<std::int64_t>> touched(std::int64_t library, std::int64_t most) = 0;
  /// Has photos looked at again.
  [[nodiscard]] virtual Result<void> touch(std::int64_t library, const std::vector<std::int64_t>& photos) = 0;
  [[nodiscard]] virtual Result<void> settle(std::int64_t photo) = 0;
  [[nodiscard]] virtual Result<void> settle_all(std::int64_t library) = 0;

  /// All photos of a library in a fixed order, some at a time.
  enum class Order : std::uint8_t {
    OldestAdded,     ///< By (added or created, id): the order in which names are claimed.
    NewestCaptured,  ///< By (captured, added, id), downwards; undated ones last.
  };
  struct Cursor {
    std::int64_t time = INT64_MIN;  ///< Of the last photo, as it is ordered.
    std::string id;
    bool begun = false;
  };
  [[nodiscard]] virtual Result<std::vector<std::int64_t>> photos_after(std::int64_t library, Order order,
                                                                       std::int64_t most, Cursor& cursor) = 0;
  /// Those taken since a moment, in the order in which names are claimed.
  [[nodiscard]] virtual Result<std::vector<std::int64_t>> taken_since(std::int64_t library, TimePoint then) = 0;
  /// Those in an album, in the same order.
  [[nodiscard]] virtual Result<std::vector<std::int64_t>> members(std::int64_t library, const AlbumId& album) = 0;
  [[nodiscard]] virtual Result<std::optional<PhotoRow>> photo(std::int64_t number) = 0;
  /// The newest by date added that are neither hidden nor deleted.
  [[nodiscard]] virtual Result<std::vector<std::int64_t>> newest(std::int64_t library, std::int64_t most) = 0;
  /// Those taken on a day of whatever year.
  [[nodiscard]] virtual Result<std::vector<std::int64_t>> taken_on(std::int64_t library, std::int64_t day) = 0;
  /// Forgets a photo that is gone.
  [[nodiscard]] virtual Result<void> forget(std::int64_t photo) = 0;

  [[nodiscard]] virtual Result<std::optional<ClaimRow>> claim(std::int64_t directory, std::int64_t slot) = 0;
  [[nodiscard]] virtual Result<std::optional<ClaimRow>> claim_by_key(std::int64_t directory, std::int64_t key) = 0;
  /// Photos whose claims in a directory are not released.
  [[nodiscard]] virtual Result<std::vector<std::int64_t>> claimants(std::int64_t directory) = 0;
  [[nodiscard]] virtual Result<void> put(const ClaimRow& row) = 0;
  [[nodiscard]] virtual Result<void> remove_claim(std::int64_t directory, std::int64_t slot) = 0;
  /// Removes claims released before `then`, and tells whose they were.
  [[nodiscard]] virtual Result<std::vector<std::int64_t>> expire_claims(TimePoint then) = 0;

  [[nodiscard]] virtual Result<void> put(const CardRow& row) = 0;
  [[nodiscard]] virtual Result<void> remove_card(std::int64_t asset) = 0;

  /// Stores a row unless its inode is taken; then whose it is.
  [[nodiscard]] virtual Result<std::optional<InodeRow>> take_inode(const InodeRow& row) = 0;
  [[nodiscard]] virtual Result<void> free_inode(Inode inode) = 0;

  /// What a library was shown with when it was last arranged completely; nothing: never.
  [[nodiscard]] virtual Result<std::optional<std::string>> shown_with(std::int64_t library) = 0;
  [[nodiscard]] virtual Result<void> set_shown_with(std::int64_t library, const std::optional<std::string>& how) = 0;
  [[nodiscard]] virtual Result<Shown> shown(std::int64_t library) = 0;
  [[nodiscard]] virtual Result<void> set_shown(std::int64_t library, const Shown& sums) = 0;
};

}  // namespace icloudphotos::catalog
