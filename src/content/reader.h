// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <mutex>
#include <optional>

#include "icloudphotos/base/clock.h"

#include "blob.h"
#include "read_pattern.h"
#include "verification.h"

namespace icloudphotos::content {

/// For how long a failure is taken as the answer to the next reads too: the kernel asks twice for what one program
/// read.
inline constexpr std::chrono::seconds kFailureMemory{5};

/// What could not be had a moment ago.
class RecentFailure {
 public:
  void remember(const ResourceRef& resource, const Error& error, Monotonic now) {
    const Lock lock{mutex_};
    failure_.emplace(Failure{resource.library, resource.asset, error, now});
  }
  /// What deleted one photo did nothing to another one with equal bytes. Nothing that failed until `forgiven` counts.
  [[nodiscard]] std::optional<Error> recall(const ResourceRef& resource, Monotonic now, Monotonic forgiven) {
    const Lock lock{mutex_};
    if (failure_ && (failure_->at + kFailureMemory <= now || failure_->at <= forgiven)) failure_.reset();
    if (!failure_ || failure_->asset != resource.asset || failure_->library != resource.library) return std::nullopt;
    return failure_->error;
  }

 private:
  struct Failure {
    LibraryId library;
    AssetId asset;
    Error error;
    Monotonic at;
  };
  Mutex mutex_;
  std::optional<Failure> failure_ GUARDED_BY(mutex_);
};

/// One resource being read: its bytes, whether they may be given, and how it is read. Its parts are safe from any
/// thread.
struct Reader {
  Reader(const std::filesystem::path& blobs, const BlobKey& key, std::optional<Sha1Digest> expected)
      : blob{blobs / path_of(key), key}, verification{expected, chunk_count(key.size)} {}

  /// Takes up what is on disk. All chunks there, but never compared with the checksum: the process ended in between;
  /// then the last one has to come again before it can be given, and the whole is compared on that occasion.
  void open() {
    std::call_once(opened, [this] {
      blob.open();
      if (blob.sealed()) verification.prove();
      if (!verification.proven() && blob.chunks() > 0 && blob.whole())
        blob.forget(blob.chunks() - 1, blob.generation());
    });
  }

  /// Bytes that are here and may be given.
  [[nodiscard]] std::optional<Bytes> read(Range range) {
    if (!verification.may_give(chunks_of(range))) return std::nullopt;
    return blob.read(range);
  }

  Blob blob;
  Verification verification;
  ReadPattern pattern;
  RecentFailure failure;
  std::once_flag opened;
};

}  // namespace icloudphotos::content
