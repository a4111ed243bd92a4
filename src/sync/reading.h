// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

#include "change_log.h"
#include "context.h"
#include "feed.h"

namespace icloudphotos::sync {

/// What a reading knows that the catalog does not keep: losing it with the program costs time and nothing else.
struct ReadingNotes {
  FeedWatch watch;
  std::int64_t records = 0;  ///< Read since this program went on with the reading.
  int refusals = 0;          ///< How often the far side refused a token of this reading.
  /// What the reading before left over, when that was too much to believe.
  std::optional<catalog::Catalog::Unread> doubted;
};

/// The reading of a library's whole change feed, from its beginning to its end: what it does not deliver does not
/// exist. The catalog keeps the place with every page, so that a program killed on the way goes on where it was.
/// Source   protocol/photos.md 13.5, 23
class Reading {
 public:
  /// Where the changes go on after the reading: each is right, but a token of a list walked before is asked already.
  enum class Changes { StayWhereTheyAre, GoOnFromItsEnd };

  Reading(const Context& context, const catalog::LibraryState& state, Changes changes, ReadingNotes& notes,
          ChangeLog& log);

  /// Reads a page; after the last one, fetches what nobody sent and drops what was not delivered. True when that is
  /// done. Errors: as `cloud::Photos::changes`; Protocol also when two readings contradict each other; Storage.
  /// After an Error the next step goes on where this one was.
  [[nodiscard]] Result<bool> step();

 private:
  [[nodiscard]] Result<void> begin();
  [[nodiscard]] Result<bool> finish();
  [[nodiscard]] Result<bool> is_believed();

  const Context& context_;
  Library library_;
  std::optional<SyncToken> cursor_;
  Changes changes_;
  ReadingNotes& notes_;
  ChangeLog& log_;
};

}  // namespace icloudphotos::sync
