// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace icloudphotos {

/// A file's or directory's number, the same for ever. 1 is the root of the mount; 0 is none.
struct Inode {
  std::uint64_t value = 0;
  auto operator<=>(const Inode&) const = default;
};

inline constexpr Inode kRootInode{1};

}  // namespace icloudphotos

template <>
struct std::hash<icloudphotos::Inode> {
  std::size_t operator()(icloudphotos::Inode inode) const noexcept { return std::hash<std::uint64_t>{}(inode.value); }
};
