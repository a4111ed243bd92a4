// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <optional>
#include <span>
#include <vector>

#include "icloudphotos/content/store.h"
#include "icloudphotos/model/inode.h"
#include "icloudphotos/tree/tree.h"

#include "fuse/files_read.h"
#include "fuse/route.h"

namespace icloudphotos::fuse {

/// Notices who reads one file after another, in whatever order programs do that, and has the store fetch the next ones:
/// in full for somebody who reads whole files, only their beginnings for somebody who reads no more. Where they are in
/// the cloud is made known long before. A jump ends it.
///
/// Threads   One at a time.
class ReadingOrder {
 public:
  /// Of one who goes through files, no more than `most_bytes` are fetched ahead.
  ReadingOrder(const tree::Tree& tree, content::Store& store, const FilesRead& read, std::uint64_t most_bytes);

  /// The reading of these files began, one after another.
  void begun(std::span<const Inode> files);

 private:
  /// What somebody reads of the files.
  struct Appetite {
    enum class For { Nothing, Beginnings, SmallFiles, WholeFiles };
    For what = For::Nothing;
    std::uint64_t beginning_bytes = 0;
    [[nodiscard]] std::uint64_t of(std::uint64_t size) const;
  };
  struct Coming {
    Route::Stop stop;
    std::optional<ResourceRef> resource;  ///< Nothing: there is nothing to fetch.
    std::uint64_t asked_bytes = 0;        ///< From its start, of the store.
  };
  /// Somebody on the way through files.
  struct Walk {
    Route route;                ///< Goes on where `coming` ends.
    std::deque<Coming> coming;  ///< What is read next, next first.
    std::deque<Inode> passed;   ///< What was read last, or skipped, newest last.
    Inode directory;            ///< Of the newest one passed.
    unsigned steps = 0;         ///< In a row.
    bool moved = false;
    bool ended = false;
    Appetite appetite{};  ///< As it was seen last.
  };
  /// A file that was read, and where it has names.
  struct Lone {
    Inode file;
    std::vector<Inode> directories;
  };

  void step(Inode file, bool may_jump);
  [[nodiscard]] static bool goes_on(Walk& walk, Inode file);
  void jump(Inode file);
  [[nodiscard]] std::optional<Walk> start(Inode file);
  void break_off(Walk& walk);
  void look_ahead(Walk& walk);
  [[nodiscard]] bool see_further(Walk& walk, std::size_t files);
  [[nodiscard]] Appetite appetite_of(const Walk& walk) const;
  void fetch(Walk& walk);

  const tree::Tree& tree_;
  content::Store& store_;
  const FilesRead& read_;
  const std::uint64_t most_bytes_;
  SortedListings listings_;
  std::list<Walk> walks_;   ///< The latest first.
  std::deque<Lone> lones_;  ///< The latest first.
};

}  // namespace icloudphotos::fuse
