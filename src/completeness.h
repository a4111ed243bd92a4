// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "icloudphotos/base/json.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/catalog/catalog.h"
#include "icloudphotos/model/id.h"

namespace icloudphotos {

/// How much of each library is shown, for the status: what its lists, its change feed and Apple's own counter say.
///
/// Threads   Any. The catalog must outlive it.
class Completeness {
 public:
  explicit Completeness(catalog::Catalog& catalog) : catalog_{catalog} {}

  /// All that the catalog knows now is shown.
  void published();
  /// A JSON array with an object for each library. Goes through all photos. Errors: Storage.
  [[nodiscard]] Result<std::string> write() const;

 private:
  catalog::Catalog& catalog_;
  mutable Mutex mutex_;
  std::vector<LibraryId> shown_whole_ GUARDED_BY(mutex_);
};

/// As its directory is called, but for what no file name can have.
[[nodiscard]] std::string_view library_name(const Library& library);

/// Whether lists, change feed and Apple's counter say different things of a library or an album in it.
[[nodiscard]] bool differ(const Library& library, const catalog::Balance& photos);

/// One of these objects, for a person: a sentence.
[[nodiscard]] std::string describe_library(JsonView library);

}  // namespace icloudphotos
