// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "icloudphotos/model/range.h"

namespace icloudphotos::content {

/// What is fetched, checked and kept as one: 1 MiB, aligned to the file's start; the last one is shorter.
inline constexpr std::uint64_t kChunkBytes = std::uint64_t{1} << 20;
/// Larger than any photo or clip; a record that says more is wrong.
inline constexpr std::uint64_t kMaxResourceBytes = std::uint64_t{1} << 40;

using ChunkIndex = std::uint32_t;

/// Chunks [first, end).
struct ChunkSpan {
  ChunkIndex first = 0;
  ChunkIndex end = 0;
  [[nodiscard]] bool empty() const { return first >= end; }
  [[nodiscard]] ChunkIndex count() const { return empty() ? 0 : end - first; }
  bool operator==(const ChunkSpan&) const = default;
};

[[nodiscard]] constexpr ChunkIndex chunk_count(std::uint64_t size) {
  return static_cast<ChunkIndex>(size / kChunkBytes + (size % kChunkBytes != 0 ? 1 : 0));
}

[[nodiscard]] inline Range chunk_range(ChunkIndex chunk, std::uint64_t size) {
  return Range{chunk * kChunkBytes, kChunkBytes}.within(size);
}

/// The chunks a range of at least one byte touches.
[[nodiscard]] inline ChunkSpan chunks_of(Range range) {
  if (range.length == 0) return {};
  return {static_cast<ChunkIndex>(range.offset / kChunkBytes),
          static_cast<ChunkIndex>((range.end() - 1) / kChunkBytes + 1)};
}

/// The part of `range` that lies in `chunk`.
[[nodiscard]] inline Range part_in(ChunkIndex chunk, Range range) {
  const auto start = std::max(range.offset, chunk * kChunkBytes);
  const auto end = std::min(range.end(), (chunk + std::uint64_t{1}) * kChunkBytes);
  return {start, end > start ? end - start : 0};
}

}  // namespace icloudphotos::content
