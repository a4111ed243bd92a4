// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <string>

#include "icloudphotos/base/json.h"

#include "library.h"
#include "records.h"

namespace icloudphotos::demo {

/// The change feed: `zones/list`, `changes/database` and `changes/zone` (photos.md 2 and 13).
class Feed {
 public:
  explicit Feed(const Library& library) : library_{library} {}
  [[nodiscard]] std::string zones(Database database);
  [[nodiscard]] std::string database_changes(Database database, JsonView body);
  [[nodiscard]] std::string zone_changes(Database database, JsonView body, AnswerContext context) const;

 private:
  [[nodiscard]] std::string database_token(Database database);
  const Library& library_;
  std::atomic<std::uint64_t> asked_ = 0;  ///< a database's token is never twice the same
};

}  // namespace icloudphotos::demo
