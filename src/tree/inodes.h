// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "icloudphotos/base/digest.h"
#include "icloudphotos/catalog/catalog.h"

namespace icloudphotos::tree {

/// What a key digests to: the inode it gets unless that is taken, and further bits to tell keys with one inode apart.
struct Number {
  std::uint64_t inode = 0;  ///< 63 bits, neither 0 nor the root's.
  std::uint32_t check = 0;
};

/// Gives out inodes. The digest alone makes them the same for ever; only an inode that had to give way is worth a row.
class Inodes {
 public:
  /// Takes in what the catalog remembers.
  void restore(const std::vector<catalog::InodeRow>& rows);

  /// `taken(number)`: whether something else is there already.
  [[nodiscard]] Number number(std::string_view key, const std::function<bool(const Number&)>& taken);

  /// What has to be remembered since the last call.
  [[nodiscard]] std::vector<catalog::InodeRow> take_rows();

 private:
  [[nodiscard]] Number digest(std::string_view key);

  Sha1 sha1_;
  std::unordered_map<std::string, std::uint64_t> moved_;  ///< Keys that do not have the inode their digest says.
  std::unordered_map<std::uint64_t, std::string> kept_;   ///< The same by inode.
  std::vector<catalog::InodeRow> rows_;
};

}  // namespace icloudphotos::tree
