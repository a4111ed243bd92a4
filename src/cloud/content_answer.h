// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "icloudphotos/cloud/photos.h"
#include "icloudphotos/model/range.h"
#include "icloudphotos/net/http.h"

namespace icloudphotos::cloud {

/// What a content host's answer to a ranged request turned out to be.
enum class ContentVerdict {
  Bytes,            ///< What was asked for, as far as it came.
  Expired,          ///< The URL is of no use any more.
  WrongLength,      ///< A whole file, but not of our file's length: an error text, or another file.
  WrongTotal,       ///< Part of a file of another length, or no such part.
  WrongRange,       ///< Another part, or one that does not say which it is.
  NotBytes,         ///< A page for people instead of bytes.
  Busy,             ///< Come back later.
  Failed,           ///< The host has a problem of its own.
  WrongConnection,  ///< The connection leads to another host.
  Moved,            ///< The bytes are elsewhere.
  NotUnderstood,
};

/// `Content-Range: bytes 0-99/1234`.
struct ContentRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::optional<std::uint64_t> total;
};
[[nodiscard]] std::optional<ContentRange> parse_content_range(std::string_view text);

/// The length of the whole file, as the answer to a request for its first byte tells it.
[[nodiscard]] std::optional<std::uint64_t> whole_size(const net::ResponseHead& head);

/// Passes on the bytes of `wanted`, a part of a file of `size` bytes, and nothing else, wherever in the answer they
/// are.
class ContentAnswer final : public net::BodySink {
 public:
  ContentAnswer(Range wanted, std::uint64_t size, ByteSink& sink) : wanted_{wanted}, size_{size}, sink_{sink} {}

  bool begin(const net::ResponseHead& head) override;
  bool write(std::span<const std::byte> bytes) override;

  [[nodiscard]] ContentVerdict verdict() const { return verdict_; }
  [[nodiscard]] std::uint64_t delivered() const { return delivered_; }
  /// The whole body was given out as the file although nothing said how long it would be.
  [[nodiscard]] bool is_of_unknown_length() const { return is_of_unknown_length_; }

 private:
  [[nodiscard]] ContentVerdict judge(const net::ResponseHead& head);
  [[nodiscard]] ContentVerdict judge_part(const net::ResponseHead& head) const;
  [[nodiscard]] ContentVerdict judge_whole(const net::ResponseHead& head);

  Range wanted_;
  std::uint64_t size_;
  ByteSink& sink_;
  ContentVerdict verdict_ = ContentVerdict::NotUnderstood;
  std::uint64_t skip_ = 0;  ///< Bytes before the range, of a whole file.
  std::uint64_t delivered_ = 0;
  std::uint64_t discarded_ = 0;  ///< Of a body that is not wanted.
  bool is_whole_ = false;
  bool is_of_unknown_length_ = false;
};

}  // namespace icloudphotos::cloud
