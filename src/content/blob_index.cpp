// SPDX-License-Identifier: MIT
#include "blob_index.h"

#include <algorithm>
#include <cstring>

#include "icloudphotos/base/digest.h"
#include "icloudphotos/base/text.h"

namespace icloudphotos::content {
namespace {

constexpr std::string_view kMagic = "icpblob2";
constexpr std::string_view kOlderMagic = "icpblob1";
constexpr std::size_t kSumBytes = std::tuple_size_v<Sha1Digest>;

void put_number(std::string& out, std::uint64_t number) {
  for (int shift = 0; shift < 64; shift += 8) out += static_cast<char>(number >> shift);
}

std::uint64_t number_in(std::string_view eight) {
  std::uint64_t number = 0;
  for (auto byte = eight.rbegin(); byte != eight.rend(); ++byte)
    number = number << 8 | static_cast<unsigned char>(*byte);
  return number;
}

std::size_t bitmap_bytes(std::size_t chunks) { return (chunks + 7) / 8; }

void put_bitmap(std::string& out, const std::vector<ChunkRecord>& chunks, bool ChunkRecord::*member) {
  std::string bits(bitmap_bytes(chunks.size()), '\0');
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    if (chunks[i].*member) bits[i / 8] = static_cast<char>(bits[i / 8] | (1 << (i % 8)));
  }
  out += bits;
}

/// Takes bytes off the front of a text; what is not there is nothing.
class Cursor {
 public:
  explicit Cursor(std::string_view rest) : rest_{rest} {}
  std::optional<std::string_view> take(std::size_t count) {
    if (count > rest_.size()) return std::nullopt;
    const auto taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }
  [[nodiscard]] bool done() const { return rest_.empty(); }
  [[nodiscard]] std::size_t left() const { return rest_.size(); }

 private:
  std::string_view rest_;
};

/// A bitmap sets no bit beyond its last chunk.
bool get_bitmap(Cursor& cursor, std::vector<ChunkRecord>& chunks, bool ChunkRecord::*member) {
  const auto bits = cursor.take(bitmap_bytes(chunks.size()));
  if (!bits) return false;
  for (std::size_t i = 0; i < bits->size() * 8; ++i) {
    const bool set = ((static_cast<unsigned char>((*bits)[i / 8]) >> (i % 8)) & 1U) != 0;
    if (i < chunks.size()) {
      chunks[i].*member = set;
    } else if (set) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::string encode_index(const BlobIndex& index) {
  std::string out;
  out.reserve(64 + index.chunks.size() * 9);
  out += kMagic;
  out += as_text(index.key.digest);
  put_number(out, index.key.size);
  out += index.sealed ? '\1' : '\0';
  put_bitmap(out, index.chunks, &ChunkRecord::known);
  put_bitmap(out, index.chunks, &ChunkRecord::on_disk);
  for (const auto& chunk : index.chunks) {
    if (chunk.known) put_number(out, chunk.digest);
  }
  return out += as_text(sha1(as_bytes(out)));
}

std::optional<BlobIndex> decode_index(std::string_view bytes) {
  if (bytes.size() < kSumBytes ||
      as_text(sha1(as_bytes(bytes.substr(0, bytes.size() - kSumBytes)))) != bytes.substr(bytes.size() - kSumBytes)) {
    return std::nullopt;
  }
  Cursor cursor{bytes.substr(0, bytes.size() - kSumBytes)};
  if (cursor.take(kMagic.size()) != kMagic) return std::nullopt;
  BlobIndex index;
  const auto digest = cursor.take(index.key.digest.size());
  const auto size = cursor.take(8);
  const auto sealed = cursor.take(1);
  if (!digest || !size || !sealed || (sealed->front() != '\0' && sealed->front() != '\1')) return std::nullopt;
  std::memcpy(index.key.digest.data(), digest->data(), digest->size());
  index.key.size = number_in(*size);
  index.sealed = sealed->front() == '\1';

  if (index.key.size > kMaxResourceBytes || bitmap_bytes(chunk_count(index.key.size)) > cursor.left())
    return std::nullopt;
  index.chunks.resize(chunk_count(index.key.size));
  if (!get_bitmap(cursor, index.chunks, &ChunkRecord::known) ||
      !get_bitmap(cursor, index.chunks, &ChunkRecord::on_disk)) {
    return std::nullopt;
  }
  for (auto& chunk : index.chunks) {
    if (!chunk.known && (chunk.on_disk || index.sealed)) return std::nullopt;
    if (!chunk.known) continue;
    const auto text = cursor.take(sizeof chunk.digest);
    if (!text) return std::nullopt;
    chunk.digest = number_in(*text);
  }
  if (!cursor.done()) return std::nullopt;
  return index;
}

bool is_older_index(std::string_view bytes) { return bytes.starts_with(kOlderMagic); }

}  // namespace icloudphotos::content
