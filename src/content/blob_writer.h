// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "icloudphotos/base/text.h"
#include "icloudphotos/cloud/photos.h"

#include "chunk.h"

namespace icloudphotos::content {

/// Cuts what is downloaded into chunks. Its listener is called on the net thread and must be quick.
class BlobWriter final : public cloud::ByteSink {
 public:
  struct Listener {
    std::function<void()> progressed;
    std::function<void(ChunkIndex, std::shared_ptr<const Bytes>)> came;
    std::function<void()> restarted;  ///< What came does not count any more.
  };
  /// `range` starts at a chunk and ends at one, or at the end of the resource.
  BlobWriter(Range range, Listener listener) : range_{range}, listener_{std::move(listener)} {}

  void write(std::span<const std::byte> bytes) override;
  void restart() override;
  /// How many bytes came, those too many included.
  [[nodiscard]] std::uint64_t received() const { return received_; }
  [[nodiscard]] bool exact() const { return received_ == range_.length; }

 private:
  const Range range_;
  const Listener listener_;
  std::uint64_t received_ = 0;
  Bytes filling_;
};

}  // namespace icloudphotos::content
