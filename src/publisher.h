// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <stop_token>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/cli/service_manager.h"
#include "icloudphotos/fuse/filesystem.h"
#include "icloudphotos/fuse/kernel.h"
#include "icloudphotos/sync/syncer.h"
#include "icloudphotos/tree/tree.h"
#include "icloudphotos/ui/progress.h"

#include "change_command.h"
#include "completeness.h"
#include "quota.h"
#include "reading_progress.h"
#include "rounds.h"
#include "status.h"

namespace icloudphotos {

/// Makes news of the libraries visible: in the tree, to the kernel, on the terminal, to the service manager.
///
/// Threads   One, that of the Syncer.
class Publisher {
 public:
  struct To {
    tree::Tree& tree;
    fuse::Filesystem& files;
    fuse::Kernel& kernel;
    Completeness& completeness;
    ReadingProgress& progress;
    Rounds& rounds;
    MountStatus& status;
    Troubles& troubles;
    cli::ServiceManager& service;
    Quota* quota;              ///< None: df shows the photos.
    ChangeCommand* on_change;  ///< None: nobody is to be told.
    ui::Progress* terminal;    ///< None: nobody looks.
  };
  Publisher(const To& to, Clock& clock, std::stop_token stopping)
      : to_{to}, clock_{clock}, stopping_{std::move(stopping)} {}

  /// Its calls for a Syncer, which it outlives.
  [[nodiscard]] sync::SyncListener listener();

 private:
  void publish();
  void show_progress(const LibraryId& library, std::int64_t known, std::optional<std::int64_t> counted);
  void end_round(const Result<void>& round);
  void tell_end(const Result<void>& round) const;

  const To to_;
  Clock& clock_;
  const std::stop_token stopping_;
  std::optional<Monotonic> told_;  ///< When the service manager heard of progress last.
};

}  // namespace icloudphotos
