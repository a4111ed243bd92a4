// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "blob_key.h"
#include "chunk.h"
#include "chunk_digest.h"

namespace icloudphotos::content {

/// What is known about one chunk of a blob.
struct ChunkRecord {
  ChunkDigest digest = 0;
  bool known = false;    ///< `digest` is that of its bytes.
  bool on_disk = false;  ///< Its bytes are in the blob's file. Then it is known.
  bool operator==(const ChunkRecord&) const = default;
};

/// What stands in the file beside a blob: which chunks are there, and how to tell that they are still what they were.
///
/// Layout: magic and version (8) · key (21) · size (8, little endian) · sealed (1) · two bitmaps, known and on disk ·
/// the digests of the known ones (8 each, little endian) · SHA-1 of all that (20).
struct BlobIndex {
  BlobKey key;
  bool sealed = false;  ///< All chunks together have been checked against the checksum: the digests are the truth.
  std::vector<ChunkRecord> chunks;
  bool operator==(const BlobIndex&) const = default;
};

[[nodiscard]] std::string encode_index(const BlobIndex& index);
/// Nothing unless every bit of it is as it was written.
[[nodiscard]] std::optional<BlobIndex> decode_index(std::string_view bytes);
/// Written by a version of this program that cut blobs into other chunks: nothing is wrong with it, but it is of no use.
[[nodiscard]] bool is_older_index(std::string_view bytes);

}  // namespace icloudphotos::content
