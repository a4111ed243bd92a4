// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>

#include "icloudphotos/model/range.h"

namespace icloudphotos::content {

/// What is fetched, checked and kept as one, aligned to the file's start; the last one is shorter. As small as what a
/// program that jumps about asks for: what is fetched beyond that is waste. Requests cover many of them. Three are what
/// the kernel asks for when a program reads the first 64 KiB (`max_readahead` in fuse/operations.cpp).
inline constexpr std::uint64_t kChunkBytes = std::uint64_t{32} << 10;
/// Larger than any photo or clip; a record that says more is wrong. What is known of its chunks takes 32 MiB.
inline constexpr std::uint64_t kMaxResourceBytes = std::uint64_t{1} << 36;

using ChunkIndex = std::uint32_t;

[[nodiscard]] constexpr ChunkIndex chunks_in(std::uint64_t bytes) {
  return static_cast<ChunkIndex>(bytes / kChunkBytes);
}

/// One request covers at most this many chunks: beyond 2 MiB on a connection of 10 MB/s the answer's way hardly counts
/// any more, and what was asked for in one piece fails in one piece. (limits.md 7)
inline constexpr ChunkIndex kMaxRun = chunks_in(2 << 20);

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
