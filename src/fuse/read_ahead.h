// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstdint>
#include <stop_token>
#include <thread>
#include <vector>

#include "icloudphotos/base/mutex.h"
#include "icloudphotos/content/store.h"
#include "icloudphotos/model/inode.h"
#include "icloudphotos/model/range.h"
#include "icloudphotos/tree/tree.h"

#include "fuse/files_read.h"
#include "fuse/reading_order.h"

namespace icloudphotos::fuse {

/// Fetches the files that will be read next, on a thread of its own: nobody who reads waits for it.
///
/// Threads   Any.
class ReadAhead {
 public:
  ReadAhead(const tree::Tree& tree, content::Store& store);
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  /// To be said before a file's bytes are given; whether a reading of the file begins, to be told to `begun` when the
  /// store was asked.
  [[nodiscard]] bool note(Inode file, std::uint64_t size, Range range) { return read_.note(file, size, range); }
  void begun(Inode file);

 private:
  void work(const std::stop_token& stop);

  FilesRead read_;
  ReadingOrder order_;  ///< Of the thread.
  Mutex mutex_;         ///< for the list; never held while calling out
  std::condition_variable_any changed_;
  std::vector<Inode> begun_ GUARDED_BY(mutex_);
  std::jthread thread_;  ///< last member: joined before the rest goes
};

}  // namespace icloudphotos::fuse
