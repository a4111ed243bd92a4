// SPDX-License-Identifier: MIT
#include "cloud/stream_token.h"

#include <gtest/gtest.h>

namespace icloudphotos::cloud {
namespace {

TEST(StreamToken, LeadsBackToThePlace) {
  for (const auto& place : {StreamPlace{"a/b c", true}, StreamPlace{"", true}, StreamPlace{"t/a/g", false, 200, 350},
                            StreamPlace{"", false, 0, std::nullopt}})
    EXPECT_EQ(place_of(token_of(place)), place) << token_of(place).value;
}

TEST(StreamToken, OfAnotherKindIsNone) {
  for (const auto* text : {"", "x", "AQAAAAAAAAAC", "window/", "window/5", "window/5/6", "window/x/6/t",
                           "window/-1/6/t", "window/99999999999999999999/6/t"})
    EXPECT_FALSE(place_of(SyncToken{text})) << text;
}

}  // namespace
}  // namespace icloudphotos::cloud
