// SPDX-License-Identifier: MIT
#include "cloud/fields.h"

#include <gtest/gtest.h>

namespace icloudphotos::cloud {
namespace {

TEST(Fields, WhatIsAskedForIsRead) {
  const auto is_read = [](std::string_view type, const std::string& name) {
    return use_of_field(type, name) == FieldUse::Read;
  };
  for (const auto& list : {photo_fields(), resource_fields()})
    for (const auto& name : list) EXPECT_TRUE(is_read("CPLMaster", name) || is_read("CPLAsset", name)) << name;
  for (const auto& name : album_fields()) EXPECT_TRUE(is_read("CPLAlbum", name)) << name;
  for (const auto& name : relation_fields()) EXPECT_TRUE(is_read("CPLContainerRelation", name)) << name;
  for (const auto& name : share_fields()) EXPECT_TRUE(is_read("cloudkit.share", name)) << name;
}

TEST(Fields, WhatIsReadOfOneTypeIsNotThereforeReadOfAnother) {
  EXPECT_EQ(use_of_field("CPLAsset", "isDeleted"), FieldUse::Read);
  EXPECT_EQ(use_of_field("CPLMaster", "isDeleted"), FieldUse::Ignored);
  EXPECT_EQ(use_of_field("CPLMaster", "resJPEGFullRes"), FieldUse::Ignored);
  EXPECT_FALSE(use_of_field("CPLAsset", "albumNameEnc"));
}

TEST(Fields, AResourceNobodyHasHeardOfIsIgnored) {
  EXPECT_EQ(use_of_field("CPLMaster", "resSidecarRes"), FieldUse::Ignored);
  EXPECT_EQ(use_of_field("CPLMaster", "resVidHDRMedFileType"), FieldUse::Ignored);
  EXPECT_EQ(use_of_field("CPLMaster", "resOriginalWidth"), FieldUse::Ignored);
  EXPECT_EQ(use_of_field("CPLMaster", "resOriginalRes"), FieldUse::Read);
}

TEST(Fields, ANewNameIsNoticed) {
  EXPECT_FALSE(use_of_field("CPLAsset", "isSomethingNew"));
  for (const auto place : {Place::Answer, Place::Zone, Place::Record, Place::Field, Place::File})
    EXPECT_FALSE(use_of_member(place, "isSomethingNew"));
  EXPECT_EQ(use_of_field("CPLFaceCrop", "whatever"), FieldUse::Ignored);
}

}  // namespace
}  // namespace icloudphotos::cloud
