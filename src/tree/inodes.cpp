// SPDX-License-Identifier: MIT
#include "inodes.h"

#include <utility>

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

void Inodes::restore(const std::vector<catalog::InodeRow>& rows) {
  for (const auto& row : rows) {
    if (row.inode != Inode{valid(row.inode.value)}) continue;
    moved_.insert_or_assign(row.key, row.inode.value);
    kept_.insert_or_assign(row.inode.value, row.key);
  }
}

Number Inodes::number(std::string_view key, const std::function<bool(const Number&)>& taken) {
  Number number = digest(key);
  if (!moved_.empty()) {
    if (const auto moved = moved_.find(std::string{key}); moved != moved_.end()) {
      number.inode = moved->second;
      if (!taken(number)) return number;
    }
  }
  const std::uint64_t wished = number.inode;
  const auto free = [&] {
    const auto kept = kept_.find(number.inode);
    return (kept == kept_.end() || kept->second == key) && !taken(number);
  };
  while (!free()) number.inode = valid(number.inode + 1);
  if (number.inode != wished) {
    moved_.insert_or_assign(std::string{key}, number.inode);
    kept_.insert_or_assign(number.inode, std::string{key});
    rows_.push_back({Inode{number.inode}, std::string{key}});
  }
  return number;
}

std::vector<catalog::InodeRow> Inodes::take_rows() { return std::exchange(rows_, {}); }

Number Inodes::digest(std::string_view key) {
  const Sha1Digest bytes = sha1_.update(as_bytes(key)).finish();
  Number number;
  for (std::size_t i = 0; i < 8; ++i) number.inode = number.inode << 8 | std::to_integer<std::uint64_t>(bytes[i]);
  for (std::size_t i = 8; i < 12; ++i) number.check = number.check << 8 | std::to_integer<std::uint32_t>(bytes[i]);
  number.inode = valid(number.inode);
  return number;
}

}  // namespace icloudphotos::tree
