// SPDX-License-Identifier: MIT
#include "fuse/files_read.h"

#include <algorithm>

namespace icloudphotos::fuse {
namespace {

constexpr std::size_t kMostFiles = 512;

}  // namespace

bool FilesRead::note(Inode file, std::uint64_t size, Range range) {
  const Lock lock{mutex_};
  const auto [entry, is_new] = files_.try_emplace(file, Reach{0, size});
  auto& reach = entry->second;
  const bool again = !is_new && range.offset == 0 && reach.whole();
  if (again) reach = {0, size};
  reach.bytes = std::max(reach.bytes, range.end());
  if (!is_new) return again;
  order_.push_back(file);
  if (order_.size() > kMostFiles) {
    files_.erase(order_.front());
    order_.pop_front();
  }
  return true;
}

std::optional<FilesRead::Reach> FilesRead::reach_of(Inode file) const {
  const Lock lock{mutex_};
  const auto found = files_.find(file);
  return found == files_.end() ? std::nullopt : std::optional{found->second};
}

}  // namespace icloudphotos::fuse
