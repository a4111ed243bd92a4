// SPDX-License-Identifier: MIT
#include "checksum.h"

#include <gtest/gtest.h>

#include "icloudphotos/base/text.h"

namespace icloudphotos::content {
namespace {

// protocol/photos.md 11
TEST(Checksum, IsApplesForThePublishedVectors) {
  EXPECT_EQ(checksum_of({}), "AW2cWT2PxzWixMKuuNMTHJ8CJ3sH");
  EXPECT_EQ(checksum_of(as_bytes("abc")), "AYnnoj1r4lMYTs3JP/g7mjGaDCgO");
  EXPECT_EQ(checksum_of(as_bytes("hello\n")), "Abv+EeVEGAQ0o5/2szwFFOVX1ICw");
}

TEST(Checksum, IsTheSameForBytesInPieces) {
  ContentDigest digest;
  const auto pieces = digest.update(as_bytes("hel")).update(as_bytes("lo\n")).finish();
  EXPECT_EQ(pieces, digest_in("Abv+EeVEGAQ0o5/2szwFFOVX1ICw"));
  EXPECT_EQ(digest.update(as_bytes("abc")).finish(), digest_in("AYnnoj1r4lMYTs3JP/g7mjGaDCgO"));
}

TEST(Checksum, OfAnotherFormIsNotOneToCompareWith) {
  EXPECT_TRUE(digest_in("AYnnoj1r4lMYTs3JP/g7mjGaDCgO"));
  EXPECT_FALSE(digest_in(""));
  EXPECT_FALSE(digest_in("gYnnoj1r4lMYTs3JP/g7mjGaDCgO"));  // 0x81: made of encrypted bytes
  EXPECT_FALSE(digest_in("AYnnoj1r4lMYTs3JP/g7mjGaDCg="));  // too short
  EXPECT_FALSE(digest_in("AYnnoj1r4lMYTs3JP/g7mjGaDCgOAA=="));
  EXPECT_FALSE(digest_in("no base64 at all!"));
}

}  // namespace
}  // namespace icloudphotos::content
