// SPDX-License-Identifier: MIT
#include "chunk_digest.h"

#include <xxhash.h>

namespace icloudphotos::content {

ChunkDigest chunk_digest(std::span<const std::byte> bytes) { return XXH64(bytes.data(), bytes.size(), 0); }

}  // namespace icloudphotos::content
