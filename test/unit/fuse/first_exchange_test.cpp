// SPDX-License-Identifier: MIT
#include "fuse/first_exchange.h"

#include <array>
#include <cstring>
#include <vector>

#include <gtest/gtest.h>

namespace icloudphotos::fuse {
namespace {

using State = FirstExchange::State;
using Words = std::vector<std::uint32_t>;

constexpr std::uint32_t kMore = 1U << 30;
constexpr std::uint32_t kOurs = 1U << 5;

/// A header of ten words (length, opcode, number, …), then version, read-ahead, flags, more flags.
Words request(std::uint32_t flags, std::uint32_t more_flags) {
  Words words(26);
  words[1] = 26;
  words[2] = 42;
  words[10] = 7;
  words[13] = flags;
  words[14] = more_flags;
  return words;
}

class FirstExchangeTest : public testing::Test {
 protected:
  void came(const Words& words) { exchange.came(std::as_bytes(std::span{words})); }
  /// The answer as it goes out: sixteen words of which some are set.
  Words answer(std::uint32_t number, std::uint32_t error = 0) {
    Words head{80, error, number, 0};
    Words body(16);
    body[3] = 1;
    body[8] = 2;
    std::array<iovec, 2> parts{iovec{head.data(), 16}, iovec{body.data(), 64}};
    exchange.goes(parts);
    return body;
  }
  FirstExchange exchange;
};

TEST_F(FirstExchangeTest, AsksForWhatIsOffered) {
  came(request(kMore, kOurs | 1));
  EXPECT_EQ(exchange.state(), State::Offered);
  const auto body = answer(42);
  EXPECT_EQ(exchange.state(), State::Asked);
  EXPECT_EQ(body[3], kMore | 1U);
  EXPECT_EQ(body[8], kOurs | 2U);
  EXPECT_EQ(body[9], 1U);
}

TEST_F(FirstExchangeTest, ChangesNothingThatComesLater) {
  came(request(kMore, kOurs));
  (void)answer(42);
  EXPECT_EQ(answer(42)[9], 0U);
}

TEST_F(FirstExchangeTest, ChangesNoOtherAnswer) {
  came(request(kMore, kOurs));
  EXPECT_EQ(answer(43)[9], 0U);
  EXPECT_EQ(answer(42, 1)[9], 0U);
  EXPECT_EQ(exchange.state(), State::Offered);
}

TEST_F(FirstExchangeTest, AsksNothingOfAKernelThatHasNone) {
  auto short_one = request(kMore, kOurs);
  short_one.resize(14);
  for (const auto& old : {request(0, kOurs), request(kMore, 1), short_one}) {
    FirstExchange fresh;
    fresh.came(std::as_bytes(std::span{old}));
    EXPECT_EQ(fresh.state(), State::NotOffered);
  }
  came(request(0, 0));
  EXPECT_EQ(answer(42)[9], 0U);
}

TEST_F(FirstExchangeTest, WaitsForTheRequestThatBeginsIt) {
  auto other = request(kMore, kOurs);
  other[1] = 1;
  came(other);
  came(Words(4));
  EXPECT_EQ(exchange.state(), State::Ahead);
}

}  // namespace
}  // namespace icloudphotos::fuse
