// SPDX-License-Identifier: MIT
#include "reader_pool.h"

#include <utility>

namespace icloudphotos::catalog {
namespace {

/// More than the threads that serve the kernel; whoever comes beyond them gets a connection for once.
constexpr std::size_t kMostIdle = 4;

constexpr const char* kReaderSettings = R"sql(
PRAGMA cache_size = -2048;
PRAGMA mmap_size = 0;
PRAGMA trusted_schema = OFF;
PRAGMA query_only = ON;
PRAGMA wal_autocheckpoint = 0;
)sql";

}  // namespace

Result<std::unique_ptr<Database>> ReaderPool::take() {
  {
    const Lock lock{mutex_};
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  auto connection = std::make_unique<Database>(TRY(Database::open(path_)));
  connection->leave_untouched();
  TRY(connection->execute(kReaderSettings));
  return connection;
}

void ReaderPool::give_back(std::unique_ptr<Database> connection) {
  const Lock lock{mutex_};
  if (idle_.size() < kMostIdle && !connection->damaged()) idle_.push_back(std::move(connection));
}

}  // namespace icloudphotos::catalog
