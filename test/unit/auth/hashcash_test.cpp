// SPDX-License-Identifier: MIT
#include "auth/hashcash.h"

#include <gtest/gtest.h>

#include "icloudphotos/base/digest.h"
#include "icloudphotos/base/text.h"

namespace icloudphotos::auth {
namespace {

constexpr TimePoint kNow{std::chrono::seconds{1'702'842'212}};  // 2023-12-17 19:43:32 UTC

std::optional<std::string> proof(std::string bits, std::string challenge) {
  return hashcash_for({200, {{"X-Apple-HC-Bits", std::move(bits)}, {"X-Apple-HC-Challenge", std::move(challenge)}}, ""},
                      kNow);
}

TEST(Hashcash, BeginsWithTheBitsAskedFor) {
  const auto twelve = proof("12", "4d74fb15eb23f465f1f6fcbf534e5877");
  ASSERT_TRUE(twelve);
  EXPECT_TRUE(twelve->starts_with("1:12:20231217194332:4d74fb15eb23f465f1f6fcbf534e5877::")) << *twelve;
  EXPECT_EQ(hex_encode(sha1(as_bytes(*twelve))).substr(0, 3), "000");
}

TEST(Hashcash, IsOnlyForThoseWhoAsk) {
  EXPECT_FALSE(hashcash_for({200, {}, ""}, kNow));
  EXPECT_FALSE(proof("12", ""));
  EXPECT_FALSE(proof("0", "x"));
  EXPECT_FALSE(proof("-1", "x"));
  EXPECT_FALSE(proof("nonsense", "x"));
  EXPECT_FALSE(proof("160", "x")) << "nobody shall keep us busy";
}

}  // namespace
}  // namespace icloudphotos::auth
