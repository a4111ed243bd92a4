// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/catalog/catalog.h"
#include "icloudphotos/cloud/photos.h"

namespace icloudphotos::sync {

struct SyncOptions {
  std::chrono::seconds poll{300};
  int requests_in_flight = 6;
};

/// What iCloud says is gone, and what is shown all the same until somebody else says so too: the lists of the library
/// in a later round, or a person.
struct HeldBack {
  LibraryId library;
  std::int64_t photos = 0;        ///< So many photos would go,
  std::int64_t known = 0;         ///< of so many that are shown.
  std::int64_t albums = 0;        ///< So many albums would go with them.
  bool library_vanished = false;  ///< The library itself is not there any more.
  bool operator==(const HeldBack&) const = default;
};

/// News for whoever shows the library. All are called on the sync thread, holding no lock.
struct SyncListener {
  /// The catalog knows more. Not called for every page while a library is first walked, only when a library was found
  /// and when it became complete (both with empty lists: everything in it is news), and after that for what changed.
  /// Empty lists also say that the library has another name, that its whole change feed was read, or that it is gone with
  /// all that was in it.
  std::function<void(const catalog::ChangeSet&)> changed;
  /// Photos read so far, and how many Apple counts: for a progress line.
  std::function<void(const LibraryId&, std::int64_t known, std::optional<std::int64_t> counted)> progress;
  /// A round ended with an Error (it will be tried again), or went well.
  std::function<void(const Result<void>&)> round;
  /// The whole change feed of a library is being read, between rounds: so many records since this program went on with
  /// it. It is over when the catalog says that the library is read through.
  std::function<void(const LibraryId&, std::int64_t records)> reading{};
  /// While a library is first walked: all its photos taken after `since` that its list shows are in the catalog.
  std::function<void(const LibraryId&, TimePoint since)> newest{};
  /// While a library is first walked: its albums and folders are in the catalog, and all photos of an album somebody waits
  /// for are.
  std::function<void(const LibraryId&)> albums{};
  std::function<void(const LibraryId&, const AlbumId&)> album{};
  /// All that is held back now, whenever that is something else than before; nothing, to begin with.
  std::function<void(const std::vector<HeldBack>&)> held_back{};
  /// The round of this number ended, well or not; the first is 1. Called after `round`, and when all it changed was told.
  std::function<void(std::uint64_t number)> ended{};
};

/// Keeps what we know current, on a thread of its own: first the lists, then the changes, and between them, once, the
/// whole change feed of each library, which decides what exists.
///
/// Threads   `poke`, `accept` and `hurry` any. Destruction stops and waits; requests in flight are cancelled.
/// Source    protocol/photos.md 23
class Syncer {
 public:
  [[nodiscard]] static std::unique_ptr<Syncer> start(cloud::Photos& photos, catalog::Catalog& catalog, Clock& clock,
                                                     SyncOptions options, SyncListener listener);
  virtual ~Syncer() = default;
  /// Asks for a round now, which also looks for new libraries. The number of that round: it begins after this call.
  virtual std::uint64_t poke() = 0;
  /// A person says that what is held back, as the listener was told last, is right. The round whose number this gives
  /// believes it; what was held back only since stays so.
  virtual std::uint64_t accept() = 0;
  /// Somebody waits for a library that is not known whole yet, or for one of its albums: that is read next.
  virtual void hurry(const LibraryId& library, const std::optional<AlbumId>& album) = 0;
};

/// One round, for tests and for `start`: libraries, lists of those not complete, changes of all. A library without lists
/// is read from its whole change feed. Errors: as `cloud::Photos` and Storage.
[[nodiscard]] Result<void> run_round(cloud::Photos& photos, catalog::Catalog& catalog, const SyncOptions& options,
                                     const SyncListener& listener, std::stop_token stop);

/// What is done between rounds, all of it: the whole change feed of each library whose lists are read. Errors: as
/// `run_round`; what was read stays, and the next call goes on where this one was.
[[nodiscard]] Result<void> read_feeds(cloud::Photos& photos, catalog::Catalog& catalog, const SyncOptions& options,
                                      const SyncListener& listener, std::stop_token stop);

}  // namespace icloudphotos::sync
