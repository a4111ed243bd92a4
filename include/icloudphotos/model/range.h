// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>

namespace icloudphotos {

/// Bytes [offset, offset + length).
struct Range {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;

  [[nodiscard]] std::uint64_t end() const { return offset + length; }
  /// The part of it that a file of `size` bytes has.
  [[nodiscard]] Range within(std::uint64_t size) const {
    const auto start = std::min(offset, size);
    return {start, std::min(length, size - start)};
  }
  bool operator==(const Range&) const = default;
};

}  // namespace icloudphotos
