// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "icloudphotos/base/result.h"

#include "quirks.h"
#include "zone.h"

namespace icloudphotos::demo {

/// Streams holds the classic shared albums, which are in no database of CloudKit.
enum class Database { Private, Shared, Streams };
[[nodiscard]] std::string_view name_of(Database database);

struct ZoneEntry {
  Database database = Database::Private;
  std::shared_ptr<const Zone> zone;
  Seq left_at = 0;  ///< when the person left it; 0: still there
  Seq came_at = 0;  ///< when it appeared; 0: was always there
};

/// All zones of an account, each as an immutable state that a change replaces.
///
/// Threads   Any. Readers keep the state they took.
class Library {
 public:
  explicit Library(std::vector<ZoneEntry> zones);

  [[nodiscard]] std::vector<ZoneEntry> zones() const;
  [[nodiscard]] std::shared_ptr<const Zone> find(Database database, std::string_view zone) const;
  [[nodiscard]] std::shared_ptr<const Zone> find(std::string_view zone) const;
  [[nodiscard]] Seq last_seq() const;

  /// Runs `edit` on the zone; its changes are published together, or not at all when it fails. Errors: NotFound.
  Result<void> change(std::string_view zone, const std::function<Result<void>(ZoneEditor&)>& edit);
  /// Moves the shared library to where it is to show; nothing happens without one.
  void show_shared_library(SharedLibrary where);
  /// The account loses the zone. Errors: NotFound.
  Result<void> leave(std::string_view zone);

 private:
  void show(Database database, const std::shared_ptr<const Zone>& zone, bool shown) REQUIRES(mutex_);
  mutable Mutex mutex_;
  std::vector<ZoneEntry> zones_ GUARDED_BY(mutex_);
  Mutex editing_;  ///< one edit at a time; taken before mutex_
  Seq last_ GUARDED_BY(mutex_) = 0;
};

}  // namespace icloudphotos::demo
