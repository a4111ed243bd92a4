// SPDX-License-Identifier: MIT
#include "blob_writer.h"

#include <algorithm>

namespace icloudphotos::content {

void BlobWriter::write(std::span<const std::byte> bytes) {
  listener_.progressed();
  while (!bytes.empty()) {
    if (received_ >= range_.length) {
      received_ += bytes.size();  // more than was asked for: counted, not kept
      return;
    }
    const auto chunk = static_cast<ChunkIndex>((range_.offset + received_) / kChunkBytes);
    const auto whole = part_in(chunk, range_).length;
    if (filling_.empty()) filling_.reserve(whole);
    const auto taken = std::min<std::uint64_t>(bytes.size(), whole - filling_.size());
    filling_.insert(filling_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(taken));
    bytes = bytes.subspan(taken);
    received_ += taken;
    if (filling_.size() == whole) listener_.came(chunk, std::make_shared<const Bytes>(std::exchange(filling_, {})));
  }
}

void BlobWriter::restart() {
  received_ = 0;
  filling_.clear();
  listener_.restarted();
}

}  // namespace icloudphotos::content
