// SPDX-License-Identifier: MIT
#include "recent_listings.h"

#include <utility>

namespace icloudphotos::tree {
namespace {

/// About a hundred bytes each.
constexpr std::size_t kMostEntries = 200'000;

}  // namespace

std::shared_ptr<const Directory> RecentListings::find(Inode inode) const {
  const Lock lock{mutex_};
  for (const auto& listing : listings_) {
    if (listing->inode == inode) return listing;
  }
  return nullptr;
}

void RecentListings::keep(std::shared_ptr<const Directory> listing) {
  if (listing == nullptr || listing->entries.size() > kMostEntries) return;
  const Lock lock{mutex_};
  if (listing->generation != generation_) return;
  entries_ += listing->entries.size() + 1;
  listings_.push_back(std::move(listing));
  while (entries_ > kMostEntries) {
    entries_ -= listings_.front()->entries.size() + 1;
    listings_.pop_front();
  }
}

void RecentListings::forget() {
  const Lock lock{mutex_};
  ++generation_;
  entries_ = 0;
  listings_.clear();
}

}  // namespace icloudphotos::tree
