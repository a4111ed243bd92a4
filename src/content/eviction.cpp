// SPDX-License-Identifier: MIT
#include "eviction.h"

#include <algorithm>
#include <utility>

namespace icloudphotos::content {

std::uint64_t excess(std::uint64_t held, std::uint64_t incoming, std::uint64_t limit, std::uint64_t unused,
                     std::uint64_t keep_free) {
  const auto over_limit = held + incoming > limit ? held + incoming - limit : 0;
  const auto over_disk = keep_free + incoming > unused ? keep_free + incoming - unused : 0;
  return std::max(over_limit, over_disk);
}

void Eviction::resize(const BlobKey& key, std::uint64_t bytes) {
  auto& entry = entries_[key];
  if (entry.sequence == 0) entry.sequence = ++sequence_;
  total_ = total_ - entry.bytes + bytes;
  entry.bytes = bytes;
}

void Eviction::found(const BlobKey& key, std::uint64_t bytes) {
  const auto [place, is_new] = entries_.try_emplace(key, Entry{.sequence = ++found_sequence_, .bytes = bytes});
  if (is_new) total_ += bytes;
}

void Eviction::forget(const BlobKey& key) {
  const auto entry = entries_.find(key);
  if (entry == entries_.end()) return;
  total_ -= entry->second.bytes;
  entries_.erase(entry);
}

std::vector<BlobKey> Eviction::take_oldest(std::uint64_t bytes, const std::function<bool(const BlobKey&)>& may_go) {
  // Looked for only when something must go, and then a little more goes than must: so the whole is seldom looked
  // through.
  const auto wanted = bytes + total_ / 100;
  std::vector<std::pair<std::uint64_t, BlobKey>> by_age;
  by_age.reserve(entries_.size());
  for (const auto& [key, entry] : entries_) {
    if (entry.bytes > 0) by_age.emplace_back(entry.sequence, key);
  }
  // A heap gives the oldest few without sorting all.
  const auto later = [](const auto& a, const auto& b) { return a.first > b.first; };
  std::make_heap(by_age.begin(), by_age.end(), later);
  std::vector<BlobKey> taken;
  std::uint64_t freed = 0;
  while (freed < wanted && !by_age.empty()) {
    std::pop_heap(by_age.begin(), by_age.end(), later);
    const auto key = by_age.back().second;
    by_age.pop_back();
    if (!may_go(key)) continue;
    freed += entries_.at(key).bytes;
    forget(key);
    taken.push_back(key);
  }
  return taken;
}

}  // namespace icloudphotos::content
