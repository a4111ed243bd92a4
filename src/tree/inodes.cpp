// SPDX-License-Identifier: MIT
#include "inodes.h"

#include <cstddef>

#include "icloudphotos/base/text.h"

namespace icloudphotos::tree {
namespace {

constexpr std::uint64_t kMask = ~std::uint64_t{0} >> 1;

/// The inode itself, or the next one that may be given out.
std::uint64_t valid(std::uint64_t inode) {
  inode &= kMask;
  return inode <= kRootInode.value ? kRootInode.value + 1 : inode;
}

}  // namespace

Number Inodes::digest(std::string_view key) {
  const Sha1Digest bytes = sha1_.update(as_bytes(key)).finish();
  Number number;
  for (std::size_t i = 0; i < 8; ++i) number.inode = number.inode << 8 | std::to_integer<std::uint64_t>(bytes[i]);
  for (std::size_t i = 8; i < 12; ++i) number.check = number.check << 8 | std::to_integer<std::int64_t>(bytes[i]);
  number.inode = valid(number.inode);
  return number;
}

Number Inodes::after(Number taken) { return {valid(taken.inode + 1), taken.check}; }

}  // namespace icloudphotos::tree
