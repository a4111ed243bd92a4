// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "icloudphotos/base/mutex.h"
#include "icloudphotos/content/store.h"
#include "icloudphotos/fuse/filesystem.h"
#include "icloudphotos/model/inode.h"
#include "icloudphotos/sync/syncer.h"

namespace icloudphotos {

/// Lets signals, commands and sign-ins reach what is made after them and goes before them. Threads: any.
class MovingParts {
 public:
  struct Parts {
    content::Store* store = nullptr;
    sync::Syncer* syncer = nullptr;
    fuse::Filesystem* files = nullptr;
    std::function<void()> report{};                          ///< Says in the log how the mount stands.
    std::function<void(const ResourceRef&)> forget_bytes{};  ///< Has the kernel read that photo again.
  };
  /// Waits for those of its functions that are running.
  void reach(Parts parts) {
    const Lock done{running_};
    const Lock lock{mutex_};
    parts_ = std::move(parts);
  }

  void report() { run(&Parts::report); }
  void forget_bytes(const ResourceRef& resource) { run(&Parts::forget_bytes, resource); }

  /// Whatever stood in the way may be over.
  void poke() {
    const Lock lock{mutex_};
    if (parts_.store) parts_.store->try_again();
    if (parts_.syncer) parts_.syncer->poke();
  }
  /// The number of a round that begins from now on; the first, before there was any.
  enum class HeldBack { Stays, Goes };
  [[nodiscard]] std::uint64_t ask_for_round(HeldBack held_back) {
    const Lock lock{mutex_};
    if (parts_.store) parts_.store->try_again();
    if (!parts_.syncer) return 1;
    return held_back == HeldBack::Goes ? parts_.syncer->accept() : parts_.syncer->poke();
  }
  [[nodiscard]] std::optional<content::Usage> usage() const {
    const Lock lock{mutex_};
    return parts_.store ? std::optional{parts_.store->usage()} : std::nullopt;
  }
  /// Somebody waits for what iCloud has there.
  void hurry(const LibraryId& library, const std::optional<AlbumId>& album) {
    const Lock lock{mutex_};
    if (parts_.syncer) parts_.syncer->hurry(library, album);
  }
  /// Comes back if the mount answers.
  void prove_alive() const {
    const Lock lock{mutex_};
    if (parts_.files) (void)parts_.files->attributes(kRootInode);
  }

 private:
  template <class Function, class... Arguments>
  void run(Function Parts::*which, const Arguments&... arguments) {
    const Lock running{running_};
    Function function;
    {
      const Lock lock{mutex_};
      function = parts_.*which;
    }
    if (function) function(arguments...);
  }

  Mutex running_;        ///< before the other; keeps the parts a function is about
  mutable Mutex mutex_;  ///< none of these calls waits, so it may be held meanwhile
  Parts parts_ GUARDED_BY(mutex_);
};

}  // namespace icloudphotos
