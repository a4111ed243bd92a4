// SPDX-License-Identifier: MIT
#include "cloud/fields.h"

#include <gtest/gtest.h>

namespace icloudphotos::cloud {
namespace {

TEST(Fields, WhatIsAskedForIsRead) {
  for (const auto& list : {photo_fields(), album_fields(), relation_fields(), resource_fields()})
    for (const auto& name : list) EXPECT_EQ(use_of_field("CPLAsset", name), FieldUse::Read) << name;
}

TEST(Fields, AResourceNobodyHasHeardOfIsIgnored) {
  EXPECT_EQ(use_of_field("CPLMaster", "resSidecarRes"), FieldUse::Ignored);
  EXPECT_EQ(use_of_field("CPLMaster", "resVidHDRMedFileType"), FieldUse::Ignored);
  EXPECT_EQ(use_of_field("CPLMaster", "resOriginalWidth"), FieldUse::Ignored);
  EXPECT_EQ(use_of_field("CPLMaster", "resOriginalRes"), FieldUse::Read);
}

TEST(Fields, ANewNameIsNoticed) {
  EXPECT_FALSE(use_of_field("CPLAsset", "isSomethingNew"));
  EXPECT_FALSE(use_of_envelope("isSomethingNew"));
  EXPECT_EQ(use_of_field("CPLFaceCrop", "whatever"), FieldUse::Ignored);
}

}  // namespace
}  // namespace icloudphotos::cloud
