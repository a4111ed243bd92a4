// SPDX-License-Identifier: MIT
#include "fuse/first_exchange.h"

#include <cstring>

namespace icloudphotos::fuse {
namespace {

// linux/fuse.h: fuse_in_header, then fuse_init_in; fuse_out_header, then fuse_init_out. As numbers, because what they
// are called there depends on its age.
constexpr std::uint32_t kInit = 26;
constexpr std::size_t kRequestBytes = 40;
constexpr std::size_t kOpcode = 4;
constexpr std::size_t kUnique = 8;
constexpr std::size_t kOfferedFlags = kRequestBytes + 12;
constexpr std::size_t kOfferedFlags2 = kRequestBytes + 16;
constexpr std::size_t kAnswerBytes = 16;
constexpr std::size_t kError = 4;
constexpr std::size_t kWantedFlags = 12;
constexpr std::size_t kWantedFlags2 = 32;
constexpr std::size_t kStackDepth = 36;
constexpr std::size_t kInitAnswerBytes = 64;

constexpr std::uint32_t kHasFlags2 = 1U << 30;
constexpr std::uint32_t kPassthrough = 1U << 5;
/// What we pass through is on a file system that stands on no other one.
constexpr std::uint32_t kDepth = 1;

template <class T>
T get(const std::byte* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

void set_bits(std::byte* at, std::uint32_t bits) {
  const auto value = get<std::uint32_t>(at) | bits;
  std::memcpy(at, &value, sizeof value);
}

}  // namespace

void FirstExchange::came(std::span<const std::byte> request) {
  if (state_ != State::Ahead || request.size() < kOfferedFlags + 4) return;
  if (get<std::uint32_t>(request.data() + kOpcode) != kInit) return;
  const bool more =
      request.size() >= kOfferedFlags2 + 4 && (get<std::uint32_t>(request.data() + kOfferedFlags) & kHasFlags2) != 0;
  const bool offered = more && (get<std::uint32_t>(request.data() + kOfferedFlags2) & kPassthrough) != 0;
  request_ = get<std::uint64_t>(request.data() + kUnique);
  state_ = offered ? State::Offered : State::NotOffered;
}

void FirstExchange::goes(std::span<iovec> answer) {
  if (state_ != State::Offered || answer.size() < 2 || answer[0].iov_len < kAnswerBytes) return;
  const auto* head = static_cast<const std::byte*>(answer[0].iov_base);
  if (get<std::uint64_t>(head + kUnique) != request_) return;
  if (get<std::int32_t>(head + kError) != 0 || answer[1].iov_len < kInitAnswerBytes) return;
  auto* wanted = static_cast<std::byte*>(answer[1].iov_base);
  set_bits(wanted + kWantedFlags, kHasFlags2);
  set_bits(wanted + kWantedFlags2, kPassthrough);
  std::memcpy(wanted + kStackDepth, &kDepth, sizeof kDepth);
  state_ = State::Asked;
}

}  // namespace icloudphotos::fuse
