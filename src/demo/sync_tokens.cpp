// SPDX-License-Identifier: MIT
#include "sync_tokens.h"

#include "icloudphotos/base/digest.h"
#include "icloudphotos/base/text.h"

namespace icloudphotos::demo {
namespace {

constexpr std::size_t kBytes = 33;  // 44 characters, as the recorded ones
constexpr std::uint64_t kNoPause = 0x7fffffffffffffff;

void append(std::string& to, std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) to.push_back(static_cast<char>(number >> shift));
}

std::uint64_t number_at(std::string_view bytes, std::size_t at) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i) number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  return number;
}

std::string mark_of(std::string_view scope) {
  const auto digest = sha256(as_bytes(scope));
  return std::string{as_text(std::span{digest}.first(16))};
}

}  // namespace

std::string sync_token(std::string_view scope, const SyncPlace& place) {
  std::string bytes(1, '\1');
  append(bytes, place.seq);
  append(bytes, kNoPause - place.pause);
  return base64_encode(as_bytes(bytes + mark_of(scope)));
}

std::variant<SyncPlace, BadToken> read_sync_token(std::string_view scope, std::string_view token) {
  const auto bytes = base64_decode(token);
  if (!bytes || bytes->empty() || bytes->front() != '\1') return BadToken::Unknown;
  if (bytes->size() < kBytes) return BadToken::Truncated;
  if (bytes->size() > kBytes || bytes->substr(17) != mark_of(scope)) return BadToken::Unknown;
  return SyncPlace{number_at(*bytes, 1), kNoPause - number_at(*bytes, 9)};
}

}  // namespace icloudphotos::demo
