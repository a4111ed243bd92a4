// SPDX-License-Identifier: MIT
#include "fuse/route.h"

#include <algorithm>

namespace icloudphotos::fuse {
namespace {

constexpr std::size_t kMostKept = 32;
constexpr std::size_t kLargest = 100'000;           ///< Entries of a directory.
constexpr std::size_t kMostEntries = 3 * kLargest;  ///< In what is kept: one such directory in three orders.
constexpr int kMostEmpty = 400;                     ///< Directories without files in a row: it is no use to go on.

bool goes_before(const tree::Entry& a, const tree::Entry& b, Order order) {
  switch (order) {
    case Order::Name:
      return a.name < b.name;
    case Order::Listing:
      return a.place < b.place;
    case Order::Inode:
      return a.node.inode < b.node.inode;
  }
  return false;
}

}  // namespace

std::shared_ptr<const SortedListing> SortedListings::get(Inode directory, Order order) {
  if (too_large_.contains(directory)) return nullptr;
  const auto read = tree_.directory(directory);
  const auto listing = read ? *read : nullptr;
  for (auto kept = kept_.begin(); kept != kept_.end(); ++kept) {
    if (kept->sorted->listing->inode != directory || kept->order != order) continue;
    if (kept->sorted->listing == listing) {
      kept_.splice(kept_.begin(), kept_, kept);
      return kept_.front().sorted;
    }
    kept_.erase(kept);
    break;
  }
  if (listing == nullptr) return nullptr;
  const auto& entries = listing->entries;
  if (entries.size() > kLargest) return too_large_.insert(directory), nullptr;
  auto sorted = std::make_shared<SortedListing>();
  sorted->listing = listing;
  for (std::uint32_t i = 0; i < entries.size(); ++i)
    (entries[i].node.kind == tree::NodeKind::File ? sorted->files : sorted->directories).push_back(i);
  const auto before = [&](std::uint32_t a, std::uint32_t b) { return goes_before(entries[a], entries[b], order); };
  std::sort(sorted->files.begin(), sorted->files.end(), before);
  std::sort(sorted->directories.begin(), sorted->directories.end(), before);
  kept_.push_front({order, sorted});
  std::size_t sum = 0;
  for (const auto& kept : kept_) sum += kept.sorted->listing->entries.size();
  while (kept_.size() > 1 && (kept_.size() > kMostKept || sum > kMostEntries)) {
    sum -= kept_.back().sorted->listing->entries.size();
    kept_.pop_back();
  }
  return sorted;
}

std::optional<std::size_t> SortedListings::find(Inode directory, Order order, Inode file) {
  // A file is found by its inode quickly, and then what it is sorted by is known.
  const auto by_inode = get(directory, Order::Inode);
  const auto sorted = get(directory, order);
  if (!by_inode || !sorted || by_inode->listing != sorted->listing) return std::nullopt;
  const auto& entries = sorted->listing->entries;
  const auto entry = std::lower_bound(by_inode->files.begin(), by_inode->files.end(), file,
                                      [&](std::uint32_t i, Inode wanted) { return entries[i].node.inode < wanted; });
  if (entry == by_inode->files.end() || entries[*entry].node.inode != file) return std::nullopt;
  const auto place = std::lower_bound(
      sorted->files.begin(), sorted->files.end(), *entry,
      [&](std::uint32_t i, std::uint32_t wanted) { return goes_before(entries[i], entries[wanted], order); });
  return static_cast<std::size_t>(place - sorted->files.begin());
}

std::optional<Route> Route::after(SortedListings& listings, Inode directory, Inode file, Order order) {
  const auto place = listings.find(directory, order, file);
  Route route{listings, order, directory};
  route.here_ = listings.get(directory, order);
  if (!place || !route.here_) return std::nullopt;
  route.next_ = *place + 1;
  return route;
}

std::optional<Route::Stop> Route::next() {
  for (int empty = 0; here_ && empty < kMostEmpty; ++empty) {
    if (next_ < here_->files.size()) {
      const auto& entry = here_->listing->entries[here_->files[next_++]];
      return Stop{entry.node.inode, at_, entry.node.size};
    }
    if (!move_on()) here_ = nullptr;
  }
  return std::nullopt;
}

/// To the next directory: the first one in here, else the one after this, else the one after that above. What is
/// directly below a library, like All Photos, is not left.
bool Route::move_on() {
  if (!here_->directories.empty()) return enter(here_->listing->entries[here_->directories.front()].node.inode);
  const auto& tree = listings_->tree();
  for (auto from = at_;;) {
    const auto above = tree.parent(from);
    const auto top = above ? tree.parent(*above) : std::nullopt;
    if (!top || *above == kRootInode || *top == kRootInode) return false;
    if (const auto sibling = sibling_after(from)) return enter(*sibling);
    from = *above;
  }
}

bool Route::enter(Inode directory) {
  at_ = directory;
  here_ = listings_->get(directory, order_);
  next_ = 0;
  return here_ != nullptr;
}

std::optional<Inode> Route::sibling_after(Inode directory) const {
  const auto above = listings_->tree().parent(directory);
  const auto siblings = above ? listings_->get(*above, order_) : nullptr;
  if (!siblings) return std::nullopt;
  const auto inode_of = [&](std::uint32_t i) { return siblings->listing->entries[i].node.inode; };
  const auto& all = siblings->directories;
  const auto here = std::find_if(all.begin(), all.end(), [&](auto i) { return inode_of(i) == directory; });
  if (here == all.end() || here + 1 == all.end()) return std::nullopt;
  return inode_of(*(here + 1));
}

}  // namespace icloudphotos::fuse
