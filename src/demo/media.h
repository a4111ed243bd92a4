// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <tuple>

#include "icloudphotos/base/digest.h"
#include "icloudphotos/base/mutex.h"

namespace icloudphotos::demo {

/// A file nobody stored: a body that depends on `kind` and the offset alone, and at its end 32 bytes that no other
/// `serial` has.
struct Pattern {
  std::uint32_t kind = 0;
  std::uint64_t serial = 0;
};

/// The bytes of one resource, in memory or computed from their offset, with their true checksum.
class Media {
 public:
  Media() = default;
  /// Bytes that live as long as the Media.
  explicit Media(std::string_view bytes);

  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] const std::string& checksum() const { return checksum_; }
  /// Fills `into` with the bytes from `offset`; the range must lie inside.
  void read(std::uint64_t offset, std::span<char> into) const;
  [[nodiscard]] std::string all() const;

 private:
  friend class PatternMaker;
  std::string_view stored_;
  Pattern pattern_;
  std::uint64_t size_ = 0;
  std::string checksum_;
};

/// Makes computed files. All of one kind and size share their body, so that its digest is computed once and the
/// checksum of each file costs no more than that of its last bytes.
class PatternMaker {
 public:
  [[nodiscard]] Media make(const Pattern& pattern, std::uint64_t size);

 private:
  Mutex mutex_;
  std::map<std::pair<std::uint32_t, std::uint64_t>, Sha1> bodies_ GUARDED_BY(mutex_);
};

}  // namespace icloudphotos::demo
