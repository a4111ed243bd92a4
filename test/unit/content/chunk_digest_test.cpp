// SPDX-License-Identifier: MIT
#include "chunk_digest.h"

#include <string_view>

#include <gtest/gtest.h>

#include "icloudphotos/base/text.h"

namespace icloudphotos::content {
namespace {

// The values other implementations of XXH64 give, so that a cache can be read by another build of this program.
TEST(ChunkDigest, IsXxh64) {
  EXPECT_EQ(chunk_digest({}), 0xEF46DB3751D8E999U);
  EXPECT_EQ(chunk_digest(as_bytes("a")), 0xD24EC4F1A98C6E5BU);
  EXPECT_EQ(chunk_digest(as_bytes("abc")), 0x44BC2CF5AD770999U);
  EXPECT_EQ(chunk_digest(as_bytes("Nobody inspects the spammish repetition")), 0xFBCEA83C8A378BF1U);
}

}  // namespace
}  // namespace icloudphotos::content
