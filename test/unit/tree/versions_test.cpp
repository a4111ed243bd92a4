// SPDX-License-Identifier: MIT
#include "versions.h"

#include <gtest/gtest.h>

#include "small_world.h"

namespace icloudphotos::tree {
namespace {

constexpr const char* kMovie = "com.apple.quicktime-movie";
constexpr const char* kDng = "com.adobe.raw-image";

/// The suffixes of all files; those of the current version with a star.
Names suffixes(const Shot& shot) {
  const catalog::Photo photo{shot.asset, shot.original};
  Names found;
  for (const Version& file : Versions{photo}) found.push_back(file.suffix + (file.current ? "*" : ""));
  return found;
}

TEST(Versions, AreNamedBySuffixAndType) {
  EXPECT_EQ(suffixes(Shot{"a"}), (Names{".HEIC*"}));
  EXPECT_EQ(suffixes(Shot{"a"}.live()), (Names{".HEIC*", ".MOV*"}));
  EXPECT_EQ(suffixes(Shot{"a"}.edited()), (Names{".HEIC", "-edited.JPG*"}));
  EXPECT_EQ(suffixes(Shot{"a"}.live().edited()), (Names{".HEIC", ".MOV*", "-edited.JPG*"}));
  EXPECT_EQ(suffixes(Shot{"a"}.live().edited().with(ResourceKind::EditedVideo, kMovie, 9)),
            (Names{".HEIC", ".MOV", "-edited.JPG*", "-edited.MOV*"}));
  EXPECT_EQ(suffixes(Shot{"a"}.live().with(ResourceKind::EditedVideo, kMovie, 9)),
            (Names{".HEIC*", ".MOV", "-edited.MOV*"}));
  EXPECT_EQ(suffixes(Shot{"a", "v.mp4", "public.mpeg-4"}.with(ResourceKind::EditedVideo, kMovie, 9)),
            (Names{".mp4", "-edited.MOV*"}));
}

TEST(Versions, OfARawPairShareTheStemInEitherOrder) {
  EXPECT_EQ(suffixes(Shot{"a", "I.JPG", "public.jpeg"}.with(ResourceKind::Alternative, kDng, 9)),
            (Names{".JPG*", ".DNG"}));
  EXPECT_EQ(suffixes(Shot{"a", "I.DNG", kDng}.with(ResourceKind::Alternative, "public.jpeg", 9)),
            (Names{".DNG*", ".JPG"}));
  EXPECT_EQ(suffixes(Shot{"a", "I.JPG", kDng}.with(ResourceKind::Alternative, "public.jpeg", 9)),
            (Names{".DNG*", ".JPG"}));
}

TEST(Versions, OfOneExtensionAreToldApart) {
  EXPECT_EQ(suffixes(Shot{"a", "I.jpg", "public.jpeg"}.with(ResourceKind::Alternative, "public.jpeg", 9)),
            (Names{".jpg*", "-alternative.JPG"}));
  EXPECT_EQ(suffixes(Shot{"a", "I.mov", kMovie}.live()), (Names{".mov*", "-live.MOV*"}));
  EXPECT_EQ(suffixes(Shot{"a"}.with(ResourceKind::EditedStill, kMovie, 1).with(ResourceKind::EditedVideo, kMovie, 2)),
            (Names{".HEIC", "-edited.MOV*", "-edited-live.MOV*"}));
}

TEST(Versions, OfSlowMotionHaveNoEdit) {
  Shot shot{"a", "v.mov", kMovie};
  shot.with(ResourceKind::EditedVideo, kMovie, 9);
  shot.asset.adjustment_type = "com.apple.video.slomo";
  EXPECT_EQ(suffixes(shot), (Names{".mov*"}));
}

TEST(Versions, LeaveOutRenditionsAndRepetitions) {
  EXPECT_EQ(suffixes(Shot{"a"}
                         .with(ResourceKind::Medium, "public.jpeg", 1)
                         .with(ResourceKind::Thumbnail, "public.jpeg", 1)
                         .with(ResourceKind::MediumVideo, "public.mpeg-4", 1)
                         .with(ResourceKind::Original, "public.png", 1)),
            (Names{".HEIC*"}));
}

TEST(Versions, OfUnknownTypeStillHaveAName) {
  EXPECT_EQ(suffixes(Shot{"a", "", ""}.with(ResourceKind::LiveVideo, "", 1).with(ResourceKind::EditedStill, "x.y", 1)),
            (Names{".BIN", ".MOV*", "-edited.JPG*"}));
}

}  // namespace
}  // namespace icloudphotos::tree
