// SPDX-License-Identifier: MIT
#include "pending_read.h"

#include <cstring>

namespace icloudphotos::content {

PendingRead::PendingRead(ResourceRef resource, Range range, Monotonic deadline, ReadDone done)
    : resource_{std::move(resource)}, range_{range}, deadline_{deadline}, bytes_(range.length), done_{std::move(done)} {
  start_over(0);
}

void PendingRead::start_over(unsigned generation) {
  const auto span = chunks();
  const Lock lock{mutex_};
  generation_ = generation;
  for (auto i = span.first; i < span.end; ++i) lacking_.insert(i);
}

bool PendingRead::answered() const {
  const Lock lock{mutex_};
  return !done_;
}

void PendingRead::fill(ChunkIndex chunk, std::span<const std::byte> bytes, unsigned generation,
                       Verification& verification) {
  ReadDone done;
  Slice slice;
  {
    const Lock lock{mutex_};
    if (!done_ || generation < generation_ || lacking_.erase(chunk) == 0) return;
    const auto part = part_in(chunk, range_);
    std::memcpy(bytes_.data() + (part.offset - range_.offset), bytes.data() + (part.offset - chunk * kChunkBytes),
                part.length);
    if (!lacking_.empty()) return;
    verification.gave(resource_);
    done = std::exchange(done_, nullptr);
    slice.bytes = std::move(bytes_);
  }
  done(std::move(slice));
}

bool PendingRead::fail(const Error& error) {
  ReadDone done;
  {
    const Lock lock{mutex_};
    done = std::exchange(done_, nullptr);
    Bytes{}.swap(bytes_);
  }
  if (!done) return false;
  done(error);
  return true;
}

}  // namespace icloudphotos::content
