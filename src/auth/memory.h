// SPDX-License-Identifier: MIT
#pragma once

#include <utility>

#include "icloudphotos/base/digest.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/base/text.h"

#include "auth/session_file.h"

namespace icloudphotos::auth {

/// The saved session while the program runs: read by many, changed by answers, on disk after each change.
///
/// Errors    change: Storage; the change counts all the same until the program ends.
/// Threads   Any. Readers never wait for the disk.
class Memory {
 public:
  Memory(SessionFile file, SavedSession session) : file_{std::move(file)}, session_{std::move(session)} {}

  [[nodiscard]] SavedSession copy() const {
    const Lock lock{mutex_};
    return session_;
  }
  /// What `look` makes of it, without a copy of the rest. Not for waiting in.
  template <class Look>
  [[nodiscard]] auto read(Look look) const {
    const Lock lock{mutex_};
    return look(std::as_const(session_));
  }

  /// Changes it, and writes it if that made a difference to what is on disk.
  template <class Change>
  Result<void> change(Change change) {
    const Lock writing{file_mutex_};
    std::string text;
    {
      const Lock lock{mutex_};
      change(session_);
      text = write_session(session_);
    }
    const auto digest = sha256(as_bytes(text));
    Result<void> saved;
    if (digest != on_disk_) saved = file_.save(text);
    if (saved) on_disk_ = digest;
    wipe(text.data(), text.size());
    return saved;
  }

  /// Back to where a new account begins, with nothing on disk until something is learnt.
  Result<void> forget(SavedSession fresh) {
    const Lock writing{file_mutex_};
    on_disk_ = sha256(as_bytes(write_session(fresh)));
    {
      const Lock lock{mutex_};
      session_ = std::move(fresh);
    }
    return file_.erase();
  }

 private:
  const SessionFile file_;
  Mutex file_mutex_;  ///< order: before mutex_; held over the write, so that the file never goes back in time
  Sha256Digest on_disk_ GUARDED_BY(file_mutex_){};
  mutable Mutex mutex_;
  SavedSession session_ GUARDED_BY(mutex_);
};

}  // namespace icloudphotos::auth
