// SPDX-License-Identifier: MIT
#include "icloudphotos/base/ecdsa.h"

#include <gtest/gtest.h>

namespace icloudphotos {
namespace {

Bytes from_hex(std::string_view hex) {
  const auto text = hex_decode(hex).value();
  const auto bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

TEST(Ecdsa, WhatAKeySignsItsPublicHalfVerifies) {
  const auto key = P256Key::generate();
  const auto signature = key.sign(as_bytes("a message"));
  EXPECT_EQ(key.public_key().size(), 65U);
  EXPECT_TRUE(p256_verifies(key.public_key(), as_bytes("a message"), signature));
  EXPECT_FALSE(p256_verifies(key.public_key(), as_bytes("another"), signature));
  EXPECT_FALSE(p256_verifies(P256Key::generate().public_key(), as_bytes("a message"), signature));
}

TEST(Ecdsa, VerifiesTheExampleOfRfc6979) {
  // A.2.5: the key, and its signature of "sample" with SHA-256, as DER.
  const auto key = from_hex(
      "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f"
      "51"
      "77a3c294d4462299");
  auto signature = from_hex(
      "3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716022100f7cb1c942d657c41d436c7a1b6e29f65"
      "f3"
      "e900dbb9aff4064dc4ab2f843acda8");
  EXPECT_TRUE(p256_verifies(key, as_bytes("sample"), signature));
  signature.back() ^= std::byte{1};
  EXPECT_FALSE(p256_verifies(key, as_bytes("sample"), signature));
}

TEST(Ecdsa, BytesThatAreNothingVerifyNothing) {
  const auto key = P256Key::generate();
  const auto signature = key.sign(as_bytes("m"));
  const Bytes no_point(65, std::byte{4});
  EXPECT_FALSE(p256_verifies(no_point, as_bytes("m"), signature));
  EXPECT_FALSE(p256_verifies({}, as_bytes("m"), signature));
  EXPECT_FALSE(p256_verifies(key.public_key(), as_bytes("m"), {}));
  EXPECT_FALSE(p256_verifies(key.public_key(), as_bytes("m"), as_bytes("no DER")));
}

}  // namespace
}  // namespace icloudphotos
