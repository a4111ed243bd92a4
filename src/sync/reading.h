// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

#include "change_log.h"
#include "context.h"
#include "feed.h"
#include "withheld.h"

namespace icloudphotos::sync {

/// What a reading knows that the catalog does not keep: losing it with the program costs time and nothing else.
struct ReadingNotes {
  std::int64_t reading = -1;  ///< Of which reading.
  FeedWatch watch;
  std::int64_t records = 0;  ///< Read since this program went on with the reading.
  int refusals = 0;          ///< How often the far side refused a token of this reading.
  Withheld withheld;
  std::optional<SyncToken> cursor;  ///< Where the reading goes on while something is withheld.
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

  enum class Step {
    Read,      ///< A page. There is more.
    HeldBack,  ///< The end; what was not delivered is more than is believed, and stays. Try again in another round.
    Ended,
  };
  /// Reads a page; after the last one, fetches what nobody sent and drops what was not delivered. Errors: as
  /// `cloud::Photos::changes`; those of asking a second source; Storage. After an Error the next step goes on where
  /// this one was.
  [[nodiscard]] Result<Step> step();

 private:
  [[nodiscard]] Result<void> begin();
  void note_beginning(std::int64_t reading);
  [[nodiscard]] Result<Step> finish();
  [[nodiscard]] Result<Losses> losses() const;
  [[nodiscard]] Result<Guard::Verdict> judge();

  const Context& context_;
  Library library_;
  bool shown_;  ///< Somebody was told that the library is complete: what it has is not to vanish by accident.
  std::optional<SyncToken> cursor_;
  Changes changes_;
  ReadingNotes& notes_;
  ChangeLog& log_;
};

}  // namespace icloudphotos::sync
