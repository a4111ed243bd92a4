// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <unordered_map>

#include "icloudphotos/base/mutex.h"

#include "cloud/record_fields.h"

namespace icloudphotos::cloud {

/// How records are called that are not called by the one spelling we use (see `canonical_id`): the far side wants to be
/// asked with its own.
///
/// Threads   Any.
class Spellings {
 public:
  /// `names`: as records have them.
  void learn(std::span<const std::string> names) {
    const Lock lock{mutex_};
    for (const auto& name : names)
      if (theirs_.size() < kMost) theirs_.insert_or_assign(canonical_id(name), name);
  }
  [[nodiscard]] std::string of(const std::string& id) const {
    const Lock lock{mutex_};
    const auto found = theirs_.find(id);
    return found == theirs_.end() ? id : found->second;
  }

 private:
  static constexpr std::size_t kMost = 10'000;  // there are hardly any

  mutable Mutex mutex_;
  std::unordered_map<std::string, std::string> theirs_ GUARDED_BY(mutex_);
};

}  // namespace icloudphotos::cloud
