// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/json.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/catalog/catalog.h"
#include "icloudphotos/model/id.h"

namespace icloudphotos {

/// How much of each library is shown, for the status: what its lists, its change feed and Apple's own counter say.
///
/// Shapes    Counting goes through all photos, so it is done when somebody asks and something may have changed since;
///           while a library is being read, and something changes all the time, so rarely that it costs little.
/// Threads   Any. The catalog must outlive it.
class Completeness {
 public:
  Completeness(catalog::Catalog& catalog, Clock& clock) : catalog_{catalog}, clock_{clock} {}

  /// All that the catalog knows now is shown.
  void published();
  /// So many records of a library's change feed are read.
  void reading(const LibraryId& library, std::int64_t records);
  /// Whether all of all libraries is shown.
  [[nodiscard]] bool is_whole() const;
  [[nodiscard]] std::string name_of(const LibraryId& library) const;

  /// A JSON array with an object for each library. Errors: Storage.
  [[nodiscard]] Result<std::string> write();

 private:
  /// What is found by going through all photos.
  struct Numbers {
    catalog::Balance photos;
    std::int64_t waiting = 0;
    std::vector<catalog::AlbumBalance> albums;  ///< Those of which the sources do not say the same.
  };
  /// What the catalog says at once.
  struct Known {
    Library library;
    bool shown_whole = false;
  };
  [[nodiscard]] bool is_due(const std::vector<catalog::LibraryState>& states) const REQUIRES(mutex_);
  [[nodiscard]] Result<void> count_if_due(const std::vector<catalog::LibraryState>& states);
  [[nodiscard]] Result<Numbers> count(const catalog::LibraryState& state) const;

  catalog::Catalog& catalog_;
  Clock& clock_;
  mutable Mutex mutex_;
  std::map<LibraryId, Known> known_ GUARDED_BY(mutex_);  ///< As of the last `published`.
  std::map<LibraryId, std::int64_t> records_ GUARDED_BY(mutex_);
  std::uint64_t news_ GUARDED_BY(mutex_) = 1;  ///< Counts how often something may have changed.
  std::uint64_t counted_news_ GUARDED_BY(mutex_) = 0;
  Monotonic count_again_ GUARDED_BY(mutex_){};
  std::map<LibraryId, Numbers> numbers_ GUARDED_BY(mutex_);
};

/// As its directory is called, but for what no file name can have.
[[nodiscard]] std::string_view library_name(const Library& library);

/// Whether lists, change feed and Apple's counter say different things of a library or an album in it.
[[nodiscard]] bool differ(const Library& library, const catalog::Balance& photos);

/// One of these objects, for a person: a sentence.
[[nodiscard]] std::string describe_library(JsonView library);

}  // namespace icloudphotos
