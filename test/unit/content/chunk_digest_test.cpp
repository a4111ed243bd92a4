// SPDX-License-Identifier: MIT
#include "chunk_digest.h"

#include <string_view>

#include <gtest/gtest.h>

#include "icloudphotos/base/text.h"

#include "fake_downloads.h"

namespace icloudphotos::content {
namespace {

// The values other implementations of XXH64 give, so that a cache can be read by another build of this program.
TEST(ChunkDigest, IsXxh64) {
  EXPECT_EQ(chunk_digest({}), 0xEF46DB3751D8E999U);
  EXPECT_EQ(chunk_digest(as_bytes("a")), 0xD24EC4F1A98C6E5BU);
  EXPECT_EQ(chunk_digest(as_bytes("abc")), 0x44BC2CF5AD770999U);
  EXPECT_EQ(chunk_digest(as_bytes("Nobody inspects the spammish repetition")), 0xFBCEA83C8A378BF1U);
}

TEST(ChunkDigest, ChangesWithEveryBitAndWithTheLength) {
  auto bytes = FakeDownloads::noise(107, 1);
  const auto right = chunk_digest(bytes);
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    EXPECT_NE(chunk_digest(bytes), right) << bit;
    bytes[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
  }
  bytes.push_back(std::byte{0});
  EXPECT_NE(chunk_digest(bytes), right);
}

}  // namespace
}  // namespace icloudphotos::content
