// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

#include "blob_key.h"

namespace icloudphotos::content {

/// How many bytes must go before `incoming` more may come, so that the cache stays within its limit and the disk keeps
/// `keep_free` free. `unused`: what the disk has free now.
[[nodiscard]] std::uint64_t excess(std::uint64_t held, std::uint64_t incoming, std::uint64_t limit,
                                   std::uint64_t unused, std::uint64_t keep_free);

/// Which blobs there are, how much disk each takes, and which was of use longest ago. Order is a sequence, not a time:
/// clocks jump. Threads: one at a time.
class Eviction {
 public:
  void use(const BlobKey& key) { entries_[key].sequence = ++sequence_; }
  void resize(const BlobKey& key, std::uint64_t bytes);
  /// A blob found on disk at the start, in order of last use; older than whatever was used since.
  void found(const BlobKey& key, std::uint64_t bytes);
  void forget(const BlobKey& key);
  [[nodiscard]] std::uint64_t total_bytes() const { return total_; }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

  /// The blobs longest out of use that together free `bytes`, as far as `may_go`; they are forgotten.
  [[nodiscard]] std::vector<BlobKey> take_oldest(std::uint64_t bytes,
                                                 const std::function<bool(const BlobKey&)>& may_go);

 private:
  struct Entry {
    std::uint64_t sequence = 0;
    std::uint64_t bytes = 0;
  };
  static constexpr std::uint64_t kFirstUse = std::uint64_t{1} << 40;

  std::unordered_map<BlobKey, Entry> entries_;
  std::uint64_t sequence_ = kFirstUse;
  std::uint64_t found_sequence_ = 0;
  std::uint64_t total_ = 0;
};

}  // namespace icloudphotos::content
