// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace icloudphotos::tree {

/// Finds places in a vector by hash: eight bytes a slot, because a library has hundreds of thousands of names.
/// What is compared stays in the vector; nothing is ever taken out.
class FlatIndex {
 public:
  /// The first place put in under `hash` for which `equal(place)`.
  template <class Equal>
  [[nodiscard]] std::optional<std::uint32_t> find(std::uint64_t hash, Equal equal) const {
    if (slots_.empty()) return std::nullopt;
    const std::uint32_t part = part_of(hash);
    for (std::size_t i = part & (slots_.size() - 1); slots_[i].place != kEmpty; i = (i + 1) & (slots_.size() - 1)) {
      if (slots_[i].part == part && equal(slots_[i].place)) return slots_[i].place;
    }
    return std::nullopt;
  }

  void insert(std::uint64_t hash, std::uint32_t place) {
    if ((used_ + 1) * 4 > slots_.size() * 3) grow();
    put({part_of(hash), place});
    ++used_;
  }

  [[nodiscard]] std::size_t memory_bytes() const { return slots_.capacity() * sizeof(Slot); }

 private:
  static constexpr std::uint32_t kEmpty = UINT32_MAX;
  struct Slot {
    std::uint32_t part = 0;
    std::uint32_t place = kEmpty;
  };

  /// The finaliser of MurmurHash3: good low bits whatever the caller's hash is like.
  static std::uint32_t part_of(std::uint64_t hash) {
    hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdULL;
    return static_cast<std::uint32_t>(hash ^ (hash >> 33));
  }
  void put(Slot slot) {
    std::size_t i = slot.part & (slots_.size() - 1);
    while (slots_[i].place != kEmpty) i = (i + 1) & (slots_.size() - 1);
    slots_[i] = slot;
  }
  void grow() {
    std::vector<Slot> old(slots_.empty() ? 16 : slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.place != kEmpty) put(slot);
    }
  }

  std::vector<Slot> slots_;  ///< A power of two, at most three quarters full.
  std::size_t used_ = 0;
};

}  // namespace icloudphotos::tree
