// SPDX-License-Identifier: MIT
#include "tags.h"

#include <gtest/gtest.h>

namespace icloudphotos::tree {
namespace {

using Texts = std::vector<std::string>;

Asset with_keywords(Texts keywords) {
  Asset asset;
  asset.keywords = std::move(keywords);
  return asset;
}

TEST(Tags, AreKeywordsThenAlbumsEachOnce) {
  const Asset asset = with_keywords({"sea", "Paris", "sea", " sea\n", "", "\x01"});
  EXPECT_EQ(flat_tags(asset, {{"Trips", "Paris"}, {"Trips", "Rome"}, {}, {""}}), (Texts{"sea", "Paris", "Rome"}));
}

TEST(Tags, CanTellWhereAnAlbumIs) {
  const Asset asset = with_keywords({"sea"});
  const std::vector<AlbumPath> albums{{"Trips", "Paris"}, {"Trips", "Rome"}, {"Paris"}, {"Old", "Paris"}};
  EXPECT_EQ(nested_tags(asset, albums, '/'),
            (Texts{"sea", "Albums/Trips/Paris", "Albums/Trips/Rome", "Albums/Paris", "Albums/Old/Paris"}));
  EXPECT_EQ(nested_tags(asset, {{"Trips", "Paris"}}, '|'), (Texts{"sea", "Albums|Trips|Paris"}));
}

TEST(Tags, HaveNoLevelsNobodyMade) {
  const Asset asset = with_keywords({"and/or", "a|b"});
  EXPECT_EQ(nested_tags(asset, {{"9/11", "a|b"}, {"", ""}}, '/'), (Texts{"and_or", "a|b", "Albums/9_11/a|b"}));
  EXPECT_EQ(nested_tags(asset, {{"9/11", "a|b"}, {"", ""}}, '|'), (Texts{"and/or", "a_b", "Albums|9/11|a_b"}));
}

}  // namespace
}  // namespace icloudphotos::tree
