// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/text.h"
#include "icloudphotos/model/library.h"

#include "checksum.h"
#include "chunk.h"

namespace icloudphotos::content {

/// Whether the bytes of one resource, all together, are the right ones, and which of them may be given before that is
/// known.
///
/// Chunks are hashed in order as they come. The last one that lacks is withheld until the whole has been compared, so
/// that nobody reads a file to its end and holds wrong bytes. After a wrong whole everything is withheld. Threads: any.
class Verification {
 public:
  /// Without a digest nothing can be compared, and nothing is withheld.
  Verification(std::optional<Sha1Digest> expected, ChunkIndex chunks)
      : expected_{expected}, chunks_{chunks}, proven_{!expected} {}

  /// Right, or nothing to compare with.
  [[nodiscard]] bool proven() const;
  [[nodiscard]] bool may_give(ChunkSpan chunks) const;
  void withhold(ChunkIndex chunk);
  [[nodiscard]] bool withholding() const;
  [[nodiscard]] bool distrusted() const;
  /// Notes that bytes went to a reader of `resource` before they were proven.
  void gave(const ResourceRef& resource);

  enum class Verdict {
    Incomplete,  ///< `load` does not have what comes next.
    Unfinished,  ///< It goes on with the next call: others have their turn in between.
    Right,
    Wrong,
  };
  using Load = std::function<std::shared_ptr<const Bytes>(ChunkIndex)>;
  /// Hashes on as far as `load` has chunks. Right: it is proven from now on. Wrong: it is for the caller to drop the
  /// bytes and `spoil`; others who ask before he has may hear it too.
  [[nodiscard]] Verdict advance(const Load& load);
  /// Chunks below this one are hashed.
  [[nodiscard]] ChunkIndex hashed() const;

  void prove();
  /// The whole was wrong: starts over and withholds everything. Returns how often in a row, and who was given bytes.
  struct Spoilt {
    unsigned times = 0;
    std::vector<ResourceRef> given_to;
  };
  [[nodiscard]] Spoilt spoil();
  /// Starts over without blame.
  void pardon();

 private:
  const std::optional<Sha1Digest> expected_;
  const ChunkIndex chunks_;

  std::mutex hashing_;  ///< One thread hashes at a time; before `mutex_`.
  ContentDigest running_;

  mutable Mutex mutex_;
  ChunkIndex hashed_ GUARDED_BY(mutex_) = 0;
  bool proven_ GUARDED_BY(mutex_);
  bool distrusted_ GUARDED_BY(mutex_) = false;
  unsigned spoilt_ GUARDED_BY(mutex_) = 0;
  std::set<ChunkIndex> withheld_ GUARDED_BY(mutex_);
  std::vector<ResourceRef> given_to_ GUARDED_BY(mutex_);
};

}  // namespace icloudphotos::content
