// SPDX-License-Identifier: MIT
#include "chunk_digest.h"

#include <bit>
#include <cstring>

namespace icloudphotos::content {
namespace {

constexpr std::uint64_t kPrime1 = 0x9E3779B185EBCA87;
constexpr std::uint64_t kPrime2 = 0xC2B2AE3D27D4EB4F;
constexpr std::uint64_t kPrime3 = 0x165667B19E3779F9;
constexpr std::uint64_t kPrime4 = 0x85EBCA77C2B2AE63;
constexpr std::uint64_t kPrime5 = 0x27D4EB2F165667C5;
constexpr std::size_t kStripe = 32;

/// The next little-endian number, taken off the front.
template <class Number>
std::uint64_t take(const std::byte*& from) {
  Number number = 0;
  std::memcpy(&number, from, sizeof number);
  from += sizeof number;
  if constexpr (std::endian::native == std::endian::big && sizeof number == 8) number = __builtin_bswap64(number);
  if constexpr (std::endian::native == std::endian::big && sizeof number == 4) number = __builtin_bswap32(number);
  return number;
}

std::uint64_t round_of(std::uint64_t lane, std::uint64_t input) {
  return std::rotl(lane + input * kPrime2, 31) * kPrime1;
}

std::uint64_t merge(std::uint64_t sum, std::uint64_t lane) { return (sum ^ round_of(0, lane)) * kPrime1 + kPrime4; }

}  // namespace

ChunkDigest chunk_digest(std::span<const std::byte> bytes) {
  const std::byte* at = bytes.data();
  std::size_t left = bytes.size();
  std::uint64_t sum = kPrime5;
  if (left >= kStripe) {
    std::uint64_t a = kPrime1 + kPrime2;
    std::uint64_t b = kPrime2;
    std::uint64_t c = 0;
    std::uint64_t d = 0 - kPrime1;
    for (; left >= kStripe; left -= kStripe) {
      a = round_of(a, take<std::uint64_t>(at));
      b = round_of(b, take<std::uint64_t>(at));
      c = round_of(c, take<std::uint64_t>(at));
      d = round_of(d, take<std::uint64_t>(at));
    }
    sum = std::rotl(a, 1) + std::rotl(b, 7) + std::rotl(c, 12) + std::rotl(d, 18);
    for (const auto lane : {a, b, c, d}) sum = merge(sum, lane);
  }
  sum += bytes.size();
  for (; left >= 8; left -= 8) sum = std::rotl(sum ^ round_of(0, take<std::uint64_t>(at)), 27) * kPrime1 + kPrime4;
  if (left >= 4) {
    sum = std::rotl(sum ^ (take<std::uint32_t>(at) * kPrime1), 23) * kPrime2 + kPrime3;
    left -= 4;
  }
  for (; left > 0; --left) sum = std::rotl(sum ^ (take<std::uint8_t>(at) * kPrime5), 11) * kPrime1;
  sum = (sum ^ (sum >> 33)) * kPrime2;
  sum = (sum ^ (sum >> 29)) * kPrime3;
  return sum ^ (sum >> 32);
}

}  // namespace icloudphotos::content
