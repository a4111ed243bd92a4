// SPDX-License-Identifier: MIT
#include "mime.h"

#include <gtest/gtest.h>

#include "types.h"

namespace icloudphotos::tree {
namespace {

TEST(Mime, IsKnownForTheTypesPhotosHave) {
  EXPECT_EQ(mime_type_of("public.heic"), "image/heic");
  EXPECT_EQ(mime_type_of("public.jpeg"), "image/jpeg");
  EXPECT_EQ(mime_type_of("com.apple.quicktime-movie"), "video/quicktime");
  EXPECT_EQ(mime_type_of("com.adobe.raw-image"), "image/x-adobe-dng");
  EXPECT_EQ(mime_type_of("com.adobe.pdf"), "application/pdf");
}

TEST(Mime, IsNotGuessed) {
  for (const char* type : {"", "public.image", "public.movie", "public.item", "com.example.new", "PUBLIC.HEIC"}) {
    EXPECT_EQ(mime_type_of(type), "") << type;
  }
}

TEST(Mime, SaysTheSameAsTheExtension) {
  for (const char* type : {"public.heif", "public.png", "com.canon.cr3-raw-image", "com.olympus.or-raw-image"}) {
    EXPECT_TRUE(mime_type_of(type).starts_with("image/")) << type;
    EXPECT_NE(extension_of(type), "") << type;
  }
  for (const char* type : {"public.mpeg-4", "public.3gpp", "public.avi", "public.avchd-mpeg-2-transport-stream"}) {
    EXPECT_TRUE(mime_type_of(type).starts_with("video/")) << type;
    EXPECT_EQ(kind_of_type(type), MediaKind::Video) << type;
  }
}

}  // namespace
}  // namespace icloudphotos::tree
