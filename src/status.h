// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "icloudphotos/auth/session.h"
#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/json.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/cli/options.h"
#include "icloudphotos/sync/syncer.h"

#include "account.h"
#include "completeness.h"
#include "moving_parts.h"
#include "reading_progress.h"
#include "rounds.h"
#include "traffic.h"
#include "troubles.h"

namespace icloudphotos {

/// The status of an account no mount shows: a JSON object.
[[nodiscard]] std::string write_status(const Account& account, const auth::SessionStatus& session, TimePoint now);

/// What a mount tells of itself: one JSON object, for `icloudphotos status` and for the file in the mount.
///
/// Threads   Any. It may wait for the catalog and never for the network.
/// Lifetime  What it is about outlives it, but for the MovingParts' parts.
class MountStatus {
 public:
  struct About {
    const cli::MountOptions& options;
    const Account& account;
    Clock& clock;
    Completeness& completeness;
    const Rounds& rounds;
    const ReadingProgress& progress;
    const Traffic& traffic;
    const Troubles& troubles;
    const MovingParts& parts;
  };
  explicit MountStatus(const About& about) : about_{about}, since_{about.clock.now()} {}

  void set_held_back(std::vector<sync::HeldBack> held_back);
  [[nodiscard]] std::string write(auth::SessionStatus session) const;

 private:
  void write_poll(JsonWriter& out) const;
  void write_progress(JsonWriter& out) const;
  void write_cache(JsonWriter& out) const;
  void write_held_back(JsonWriter& out) const;

  const About about_;
  const TimePoint since_;
  mutable Mutex mutex_;
  std::vector<sync::HeldBack> held_back_ GUARDED_BY(mutex_);
};

}  // namespace icloudphotos
