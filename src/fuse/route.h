// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "icloudphotos/model/inode.h"
#include "icloudphotos/tree/tree.h"

namespace icloudphotos::fuse {

/// By what programs sort what they found in a directory: rsync by name, cp by inode, find and tar not at all.
enum class Order : std::uint8_t { Name, Listing, Inode };
inline constexpr std::array kOrders{Order::Name, Order::Listing, Order::Inode};

/// What is in a directory, in an order.
struct SortedListing {
  std::shared_ptr<const tree::Directory> listing;
  std::vector<std::uint32_t> files;        ///< Places in `listing->entries`.
  std::vector<std::uint32_t> directories;  ///< The same.
};

/// Sorts listings, and keeps those asked for last. Threads: one at a time.
class SortedListings {
 public:
  explicit SortedListings(const tree::Tree& tree) : tree_{tree} {}
  /// Null: there is no such directory, it cannot be read, or it is so large that sorting it would take too long.
  [[nodiscard]] std::shared_ptr<const SortedListing> get(Inode directory, Order order);
  /// Where a file is in a directory sorted so.
  [[nodiscard]] std::optional<std::size_t> find(Inode directory, Order order, Inode file);
  [[nodiscard]] const tree::Tree& tree() const { return tree_; }

 private:
  struct Kept {
    Order order;
    std::shared_ptr<const SortedListing> sorted;
  };
  const tree::Tree& tree_;
  std::list<Kept> kept_;  ///< The latest first.
  std::set<Inode> too_large_;
};

/// The files that come after one: in its directory, then in the directories that come after that, as somebody finds
/// them who goes through all of it in one order.
class Route {
 public:
  struct Stop {
    Inode file;
    Inode directory;
    std::uint64_t size = 0;
  };

  /// Nothing: the file is not in the directory.
  [[nodiscard]] static std::optional<Route> after(SortedListings& listings, Inode directory, Inode file, Order order);
  /// Nothing: that was the last one.
  [[nodiscard]] std::optional<Stop> next();
  [[nodiscard]] Order order() const { return order_; }

 private:
  Route(SortedListings& listings, Order order, Inode directory) : listings_{&listings}, order_{order}, at_{directory} {}
  [[nodiscard]] bool move_on();
  [[nodiscard]] bool enter(Inode directory);
  [[nodiscard]] std::optional<Inode> sibling_after(Inode directory) const;

  SortedListings* listings_;
  Order order_;
  Inode at_;
  std::shared_ptr<const SortedListing> here_;
  std::size_t next_ = 0;
};

}  // namespace icloudphotos::fuse
