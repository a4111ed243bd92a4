// SPDX-License-Identifier: MIT
#include "types.h"

#include <gtest/gtest.h>

namespace icloudphotos::tree {
namespace {

TEST(Types, HaveTheExtensionsOfTheProtocolPage) {
  EXPECT_EQ(extension_of("public.heic"), "HEIC");
  EXPECT_EQ(extension_of("public.jpeg"), "JPG");
  EXPECT_EQ(extension_of("com.apple.quicktime-movie"), "MOV");
  EXPECT_EQ(extension_of("com.nikon.nrw-raw-image"), "NRW");
  EXPECT_EQ(extension_of("com.olympus.or-raw-image"), "ORF");
  EXPECT_EQ(extension_of("public.item"), "");
  EXPECT_EQ(extension_of("com.unheard-of.raw-image"), "RAW");
  EXPECT_EQ(extension_of("com.unheard-of"), "");
}

TEST(Types, TellWhatAFileIs) {
  EXPECT_EQ(kind_of_type("public.mpeg-4"), MediaKind::Video);
  EXPECT_EQ(kind_of_type("com.adobe.raw-image"), MediaKind::Raw);
  EXPECT_EQ(kind_of_type("com.new-camera.RAW-image"), MediaKind::Raw);
  EXPECT_EQ(kind_of_type("public.item"), MediaKind::Unknown);
  EXPECT_EQ(kind_of_extension("M2TS"), MediaKind::Video);
  EXPECT_EQ(kind_of_extension("docx"), MediaKind::Unknown);
  EXPECT_EQ(kind_of_extension(""), MediaKind::Unknown);
}

TEST(Types, JudgeAnExtension) {
  EXPECT_EQ(judge_extension("Jpeg", "public.jpeg"), Verdict::Agrees);
  EXPECT_EQ(judge_extension("HEIC", "public.heif"), Verdict::Agrees);
  EXPECT_EQ(judge_extension("png", "public.jpeg"), Verdict::Contradicts);
  EXPECT_EQ(judge_extension("v2", "public.jpeg"), Verdict::NoExtension);
  EXPECT_EQ(judge_extension("png", "public.image"), Verdict::Agrees);
  EXPECT_EQ(judge_extension("png", "com.unheard-of"), Verdict::Agrees);
}

}  // namespace
}  // namespace icloudphotos::tree
