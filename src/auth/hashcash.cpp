// SPDX-License-Identifier: MIT
#include "auth/hashcash.h"

#include <bit>
#include <charconv>
#include <cstdint>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "icloudphotos/base/digest.h"
#include "icloudphotos/base/text.h"

namespace icloudphotos::auth {
namespace {

constexpr int kMostBits = 20;                   // a million digests, half a second
constexpr std::uint64_t kMostTries = 1U << 25;  // far beyond what bad luck needs
constexpr std::size_t kLongestChallenge = 1024;

int leading_zero_bits(const Sha1Digest& digest) {
  int bits = 0;
  for (const auto byte : digest) {
    const int here = std::countl_zero(std::to_integer<std::uint8_t>(byte));
    bits += here;
    if (here < 8) break;
  }
  return bits;
}

}  // namespace

std::optional<std::string> hashcash_for(const net::Response& response, TimePoint now) {
  const auto wanted = response.headers.get("X-Apple-HC-Bits");
  const auto challenge = response.headers.get("X-Apple-HC-Challenge");
  if (!wanted || !challenge || challenge->empty() || challenge->size() > kLongestChallenge) return std::nullopt;
  int bits = 0;
  std::from_chars(wanted->data(), wanted->data() + wanted->size(), bits);
  if (bits < 1 || bits > kMostBits) return std::nullopt;
  const auto seconds = std::chrono::system_clock::to_time_t(now);
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  const auto start = fmt::format("1:{}:{:%Y%m%d%H%M%S}:{}::", bits, utc, *challenge);
  Sha1 begun;
  begun.update(as_bytes(start));
  for (std::uint64_t counter = 0; counter < kMostTries; ++counter) {
    const auto end = std::to_string(counter);
    if (leading_zero_bits(Sha1{begun}.update(as_bytes(end)).finish()) >= bits) return start + end;
  }
  return std::nullopt;
}

}  // namespace icloudphotos::auth
