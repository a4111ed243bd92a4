// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "icloudphotos/tree/tree.h"

#include "skeleton.h"

namespace icloudphotos::tree {

/// Gathers what changes while photos are put in their places, for the kernel's caches.
class News {
 public:
  /// A name in a directory stands for another inode than before; nothing: for none.
  void name(Inode directory, const std::string& name, std::optional<Inode> before, std::optional<Inode> now);
  /// A file that was there before and still is has other attributes.
  void attributes(Inode file) { files_.insert(file); }

  /// All of it, and what differs between two skeletons.
  [[nodiscard]] Stale take(const Skeleton& before, const Skeleton& after);

 private:
  struct Change {
    std::optional<Inode> before;
    std::optional<Inode> now;
  };
  void compare_directories(const Skeleton& before, const Skeleton& after);

  std::map<std::pair<Inode, std::string>, Change> names_;
  std::set<Inode> files_;
  std::set<Inode> directories_;
};

}  // namespace icloudphotos::tree
