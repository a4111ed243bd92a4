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

/// News for whoever shows the library. All are called on the sync thread, holding no lock.
struct SyncListener {
  /// The catalog knows more. Not called for every page while a library is first walked, only when a library was found
  /// and when it became complete (both with empty lists: everything in it is news), and after that for what changed.
  /// Empty lists also say that the library has another name, or is gone with all that was in it.
  std::function<void(const catalog::ChangeSet&)> changed;
  /// Photos read so far, and how many Apple counts: for a progress line.
  std::function<void(const LibraryId&, std::int64_t known, std::optional<std::int64_t> counted)> progress;
  /// A round ended with an Error (it will be tried again), or went well.
  std::function<void(const Result<void>&)> round;
  /// The whole change feed of a library is being read, between rounds: so many records since this program went on with
  /// it. It is over when the catalog says that the library is read through.
  std::function<void(const LibraryId&, std::int64_t records)> reading{};
};

/// Keeps what we know current, on a thread of its own: first the lists, then the changes, and between them, once, the
/// whole change feed of each library, which decides what exists.
///
/// Threads   `poke` any. Destruction stops and waits; requests in flight are cancelled.
/// Source    protocol/photos.md 23
class Syncer {
 public:
  [[nodiscard]] static std::unique_ptr<Syncer> start(cloud::Photos& photos, catalog::Catalog& catalog, Clock& clock,
                                                     SyncOptions options, SyncListener listener);
  virtual ~Syncer() = default;
  /// Asks for a round now, which also looks for new libraries.
  virtual void poke() = 0;
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
