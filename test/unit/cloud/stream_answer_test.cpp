// SPDX-License-Identifier: MIT
#include "cloud/stream_answer.h"

#include <gtest/gtest.h>

#include "recorded_answer.h"

namespace icloudphotos::cloud {
namespace {

constexpr auto kMaster =
    R"({"recordName":"m","recordType":"CPLMaster","fields":{"originalCreationDate":{"value":5000}}},)";

RecordsPage window_of(std::string_view records) {
  const auto answer = read_answer(200, R"({"records":[)" + std::string{records} + "]}");
  return decode_stream_window(answer->root()).value_or(RecordsPage{});
}

TEST(StreamAnswer, APhotoWithoutADateHasTheOneOfItsFile) {
  const auto page =
      window_of(std::string{kMaster} +
                R"({"recordName":"a","recordType":"CPLAsset","fields":{"masterRef":{"value":{"recordName":"m"}}}},)"
                R"({"recordName":"b","recordType":"CPLAsset","fields":{"assetDate":{"value":7000},)"
                R"("masterRef":{"value":{"recordName":"m"}}}})");
  ASSERT_EQ(page.delta.assets.size(), 2U);
  EXPECT_EQ(page.delta.assets[0].captured, TimePoint{std::chrono::seconds{5}});
  EXPECT_EQ(page.delta.assets[1].captured, TimePoint{std::chrono::seconds{7}});
}

TEST(StreamAnswer, APhotoThatIsAllInOneRecordHasItsOriginalThere) {
  const auto page = window_of(
      R"({"recordName":"a","recordType":"CPLAsset","fields":{"filenameEnc":{"value":"a.jpg","type":"STRING"},)"
      R"("resOriginalRes":{"value":{"size":9,"downloadURL":"u"}}}})");
  ASSERT_EQ(page.delta.originals.size(), 1U);
  EXPECT_EQ(page.delta.originals[0].file_name, "a.jpg");
  EXPECT_EQ(page.delta.originals[0].resources, (std::vector{Resource{ResourceKind::Original, "", 9, ""}}));
  EXPECT_EQ(page.delta.assets.at(0).original, page.delta.originals[0].id);
  ASSERT_EQ(page.urls.size(), 1U);
  EXPECT_EQ(page.urls[0].record, "a");
}

TEST(StreamAnswer, WhereThereIsOnlyAPreviewItIsTheFile) {
  const auto original = [](std::string_view type) {
    return window_of(R"({"recordName":"m","recordType":"CPLMaster","fields":{"itemType":{"value":")" +
                     std::string{type} +
                     R"("},"resJPEGMedRes":{"value":{"size":5,"downloadURL":"still"}},)"
                     R"("resVidMedRes":{"value":{"size":6,"downloadURL":"video"}}}})");
  };
  const auto still = original("public.jpeg");
  const auto* file = of_kind(still.delta.originals.at(0).resources, ResourceKind::Original);
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(file->size, 5U);
  const auto url = std::find_if(still.urls.begin(), still.urls.end(),
                                [](const auto& one) { return one.resource.kind == ResourceKind::Original; });
  ASSERT_NE(url, still.urls.end());
  EXPECT_EQ(url->url.reveal(), "still");
  const auto video = original("com.apple.quicktime-movie");
  EXPECT_EQ(of_kind(video.delta.originals.at(0).resources, ResourceKind::Original)->size, 6U);
}

TEST(StreamAnswer, WhatIsNoListIsNone) {
  for (const auto* body : {"{}", R"({"albums":{}})", R"({"error":"x"})", R"({"success":false})"}) {
    const auto document = JsonDocument::parse(body);
    EXPECT_FALSE(decode_stream_albums(document->root())) << body;
    EXPECT_FALSE(decode_stream_window(document->root())) << body;
  }
}

}  // namespace
}  // namespace icloudphotos::cloud
