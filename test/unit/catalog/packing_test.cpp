// SPDX-License-Identifier: MIT
#include "packing.h"

#include <gtest/gtest.h>

namespace icloudphotos::catalog {
namespace {

TEST(Packing, EveryIdComesBackAsItWas) {
  for (const std::string id :
       {"11111111-2222-4333-8444-55555555555A", "11111111-2222-4333-8444-55555555555a", "AW2cWT2PxzWixMKuuNMTHJ8CJ3sH",
        "AW2cWT2PxzWi/MKuuNMT+J8CJ3sH", "", "x", "11111111-2222-4333-8444_555555555555",
        "1111111122224333844455555555555555555555", "sixteen bytes id", "twenty-one bytes here"}) {
    const auto packed = pack_id(id);
    EXPECT_EQ(unpack_id(packed.bytes, packed.binary), id);
  }
}

TEST(Packing, TheUsualIdsAreSmall) {
  EXPECT_EQ(pack_id("11111111-2222-4333-8444-55555555555A").bytes.size(), 16U);
  EXPECT_EQ(pack_id("AW2cWT2PxzWixMKuuNMTHJ8CJ3sH").bytes.size(), 21U);
}

TEST(Packing, ResourcesComeBackAsTheyWere) {
  const std::vector<Resource> resources{
      {ResourceKind::Original, "public.heic", 1884695, "AW2cWT2PxzWixMKuuNMTHJ8CJ3sH"},
      {ResourceKind::EditedVideo, "", 0, ""},
      {ResourceKind::MediumVideo, "x.y", ~std::uint64_t{0}, "not base64!"}};
  EXPECT_EQ(unpack_resources(*pack_resources(resources)), resources);
  EXPECT_FALSE(pack_resources({}));
  EXPECT_LE(pack_resources({resources[0]})->size(), 1U + 1 + 1 + 3 + 1 + 1 + 21);
}

TEST(Packing, DamagedResourcesGiveThoseBeforeTheDamage) {
  const std::vector<Resource> resources{{ResourceKind::Original, "public.heic", 300, "AW2cWT2PxzWixMKuuNMTHJ8CJ3sH"},
                                        {ResourceKind::LiveVideo, "odd.type", 300, "AAAA"}};
  const auto packed = *pack_resources(resources);
  for (std::size_t size = 0; size < packed.size(); ++size) {
    const auto got = unpack_resources(std::string_view{packed}.substr(0, size));
    ASSERT_LE(got.size(), 1U);
    if (!got.empty()) {
      EXPECT_EQ(got[0], resources[0]);
    }
  }
  for (std::size_t i = 0; i < packed.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      auto flipped = packed;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
      for (const auto& resource : unpack_resources(flipped)) {
        EXPECT_TRUE(resource.kind >= ResourceKind::Original && resource.kind <= ResourceKind::MediumVideo);
      }
    }
  }
}

TEST(Packing, TextsComeBackAsTheyWere) {
  const std::vector<std::string> texts{"sea", "", std::string(300, 'x')};
  EXPECT_EQ(unpack_texts(*pack_texts(texts)), texts);
  EXPECT_TRUE(unpack_texts("\x01\x7f").empty());
  EXPECT_TRUE(unpack_texts("\x02").empty());
}

}  // namespace
TEST(Packing, PlacesComeBackAsTheyWere) {
  for (const auto& place : {Location{48.85, 2.35, std::nullopt}, Location{-33.9, 151.2, -4.5}}) {
    EXPECT_EQ(unpack_location(*pack_location(place)), place);
  }
  EXPECT_FALSE(pack_location(std::nullopt));
  EXPECT_FALSE(unpack_location("short"));
}

}  // namespace icloudphotos::catalog
