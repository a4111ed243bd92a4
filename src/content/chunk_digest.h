// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace icloudphotos::content {

/// Tells a chunk from what a failing disk, a crash or another program may have made of it: XXH64 with seed 0. It is no
/// proof against somebody who means to deceive, who would rewrite the index as well; the whole file's checksum stays
/// Apple's SHA-1. At a tenth of SHA-1's cost, which every byte from the disk would pay again.
using ChunkDigest = std::uint64_t;

[[nodiscard]] ChunkDigest chunk_digest(std::span<const std::byte> bytes);

}  // namespace icloudphotos::content
