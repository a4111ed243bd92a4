// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

#include "icloudphotos/base/digest.h"
#include "icloudphotos/model/inode.h"

namespace icloudphotos::tree {

/// What a key digests to: the inode it gets unless that is taken, and further bits to tell keys with one inode apart.
struct Number {
  std::uint64_t inode = 0;  ///< 63 bits, neither 0 nor the root's.
  std::int64_t check = 0;   ///< 32 bits.
};

/// Makes inodes. The digest alone makes them the same for ever, also after the catalog was lost.
class Inodes {
 public:
  [[nodiscard]] Number digest(std::string_view key);
  /// Where to go on when the inode belongs to another.
  [[nodiscard]] static Number after(Number taken);

 private:
  Sha1 sha1_;
};

}  // namespace icloudphotos::tree
