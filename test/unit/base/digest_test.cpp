// SPDX-License-Identifier: MIT
#include "icloudphotos/base/digest.h"

#include <gtest/gtest.h>

#include "icloudphotos/base/text.h"

namespace icloudphotos {
namespace {

TEST(Digest, PiecesGiveTheDigestOfTheWhole) {
  Sha1 pieces;
  pieces.update(as_bytes("a")).update(as_bytes("")).update(as_bytes("bc"));
  const auto digest = pieces.finish();
  EXPECT_EQ(hex_encode(digest), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(digest, sha1(as_bytes("abc")));
  EXPECT_EQ(pieces.finish(), sha1({}));  // it started over
}

TEST(Digest, Sha256IsTheStandardOne) {
  EXPECT_EQ(hex_encode(sha256(as_bytes("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, KeyDerivationMatchesRfc7914) {
  EXPECT_EQ(hex_encode(pbkdf2_sha256(as_bytes("passwd"), as_bytes("salt"), 1)),
            "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc");
}

}  // namespace
}  // namespace icloudphotos
