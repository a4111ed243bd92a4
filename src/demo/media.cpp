// SPDX-License-Identifier: MIT
#include "media.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "icloudphotos/base/text.h"

#include "checksum.h"
#include "mix.h"

namespace icloudphotos::demo {
namespace {

constexpr std::uint64_t kTailBytes = 32;
constexpr std::size_t kPieceBytes = std::size_t{1} << 16;

/// Fills `into` with the bytes from `offset` on of an endless body or tail: eight of each number, the lowest first.
void compute(std::uint64_t stream, std::uint64_t offset, std::span<char> into) {
  const std::uint64_t seed = mix(stream);
  const auto copy = [&](std::size_t to, std::uint64_t word, std::size_t from, std::size_t count) {
    if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
    std::memcpy(into.data() + to, reinterpret_cast<const char*>(&word) + from, count);
  };
  std::uint64_t index = offset / sizeof seed;
  std::size_t done = std::min<std::size_t>(into.size(), (sizeof seed - offset % sizeof seed) % sizeof seed);
  if (done > 0) copy(0, mix(seed + index++), offset % sizeof seed, done);
  for (; into.size() - done >= sizeof seed; done += sizeof seed) copy(done, mix(seed + index++), 0, sizeof seed);
  if (done < into.size()) copy(done, mix(seed + index), 0, into.size() - done);
}

std::uint64_t body_stream(const Pattern& pattern) { return std::uint64_t{pattern.kind} << 48; }
std::uint64_t tail_stream(const Pattern& pattern) { return (std::uint64_t{pattern.kind} << 48) + pattern.serial + 1; }
std::uint64_t body_size(std::uint64_t size) { return size - std::min(size, kTailBytes); }

void read_pattern(const Pattern& pattern, std::uint64_t size, std::uint64_t offset, std::span<char> into) {
  const std::uint64_t body = body_size(size);
  const std::size_t from_body = offset < body ? std::min<std::uint64_t>(body - offset, into.size()) : 0;
  compute(body_stream(pattern), offset, into.first(from_body));
  if (from_body < into.size()) compute(tail_stream(pattern), offset + from_body - body, into.subspan(from_body));
}

Sha1 digest_of_body(const Pattern& pattern, std::uint64_t size) {
  Sha1 digest = begin_checksum();
  std::string piece(kPieceBytes, '\0');
  for (std::uint64_t at = 0; at < body_size(size); at += piece.size()) {
    piece.resize(std::min<std::uint64_t>(kPieceBytes, body_size(size) - at));
    compute(body_stream(pattern), at, piece);
    digest.update(as_bytes(piece));
  }
  return digest;
}

}  // namespace

Media::Media(std::string_view bytes) : stored_{bytes}, size_{bytes.size()}, checksum_{file_checksum(as_bytes(bytes))} {}

void Media::read(std::uint64_t offset, std::span<char> into) const {
  if (stored_.empty()) return read_pattern(pattern_, size_, offset, into);
  std::memcpy(into.data(), stored_.data() + offset, into.size());
}

std::string Media::all() const {
  std::string bytes(size_, '\0');
  read(0, bytes);
  return bytes;
}

Media PatternMaker::make(const Pattern& pattern, std::uint64_t size) {
  Media media;
  media.pattern_ = pattern;
  media.size_ = size;
  const std::pair key{pattern.kind, size};
  std::unique_ptr<Sha1> digest;
  {
    const Lock lock{mutex_};
    if (const auto body = bodies_.find(key); body != bodies_.end()) digest = std::make_unique<Sha1>(body->second);
  }
  if (!digest) {
    digest = std::make_unique<Sha1>(digest_of_body(pattern, size));
    const Lock lock{mutex_};
    bodies_.emplace(key, Sha1{*digest});
  }
  std::array<char, kTailBytes> tail;
  const auto bytes = std::span{tail}.first(std::min(size, kTailBytes));
  compute(tail_stream(pattern), 0, bytes);
  digest->update(std::as_bytes(bytes));
  media.checksum_ = end_checksum(std::move(*digest));
  return media;
}

}  // namespace icloudphotos::demo
