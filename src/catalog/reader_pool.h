// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/result.h"

#include "database.h"

namespace icloudphotos::catalog {

/// Connections that only read, so that nobody who looks something up waits for a writer. They never checkpoint: SQLite
/// before 3.51.3 can corrupt a database when two connections do.
///
/// Threads   Any.
class ReaderPool {
 public:
  explicit ReaderPool(std::filesystem::path path) : path_{std::move(path)} {}
  [[nodiscard]] Result<std::unique_ptr<Database>> take();
  void give_back(std::unique_ptr<Database> connection);

 private:
  const std::filesystem::path path_;
  Mutex mutex_;
  std::vector<std::unique_ptr<Database>> idle_ GUARDED_BY(mutex_);
};

}  // namespace icloudphotos::catalog
