// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>

#include "icloudphotos/base/mutex.h"
#include "icloudphotos/tree/tree.h"

namespace icloudphotos::tree {

/// What the files are that were read last: a large one is read in thousands of pieces, and each would ask the database.
///
/// Threads   Any.
class RecentContents {
 public:
  /// Nothing: not known, or something was published since.
  [[nodiscard]] std::optional<ResourceRef> find(Inode file, std::uint64_t generation) const {
    const Lock lock{mutex_};
    if (generation != generation_) return std::nullopt;
    const auto found = files_.find(file);
    return found == files_.end() ? std::nullopt : std::optional{found->second};
  }
  /// As it was when `generation` was the latest.
  void keep(Inode file, const ResourceRef& resource, std::uint64_t generation) {
    const Lock lock{mutex_};
    if (generation < generation_) return;
    if (generation > generation_ || files_.size() >= kMostFiles) files_.clear();
    generation_ = generation;
    files_.insert_or_assign(file, resource);
  }

 private:
  static constexpr std::size_t kMostFiles = 256;

  mutable Mutex mutex_;
  std::unordered_map<Inode, ResourceRef> files_ GUARDED_BY(mutex_);
  std::uint64_t generation_ GUARDED_BY(mutex_) = 0;
};

}  // namespace icloudphotos::tree
