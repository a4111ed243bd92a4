// SPDX-License-Identifier: MIT
#include "icloudpd_names.h"

#include <algorithm>
#include <utility>

#include <gtest/gtest.h>

#include "icloudphotos/base/text.h"

#include "calendar.h"
#include "hostile_names.h"
#include "names.h"

namespace icloudphotos::tree {
namespace {

using Options = TreeOptions;
using Strings = std::vector<std::string>;

constexpr const char* kHeic = "public.heic";
constexpr const char* kJpeg = "public.jpeg";
constexpr const char* kMovie = "com.apple.quicktime-movie";
constexpr const char* kDng = "com.adobe.raw-image";

/// What `layout=icloudpd` means.
Options preset() {
  Options options;
  options.naming = Options::Naming::Icloudpd;
  options.versions = Options::Versions::Original;
  options.live = Options::LiveNames::Suffix;
  options.unicode = Options::Unicode::Remove;
  return options;
}

Options preset(Options::Versions versions) {
  Options options = preset();
  options.versions = versions;
  return options;
}

catalog::Photo photo(const std::string& name, const std::string& type) {
  Original original;
  original.id = OriginalId{"AS+IgQg/k6UUx-restOfTheRecordName"};
  original.file_name = name;
  original.type = type;
  original.resources = {{ResourceKind::Original, type, 1, ""}};
  return {Asset{}, original};
}
catalog::Photo live(catalog::Photo photo) {
  photo.original->resources.push_back({ResourceKind::LiveVideo, kMovie, 2, ""});
  return photo;
}
catalog::Photo with(catalog::Photo photo, ResourceKind kind, const std::string& type) {
  auto& resources = kind == ResourceKind::Alternative ? photo.original->resources : photo.asset.resources;
  resources.push_back({kind, type, 3, ""});
  return photo;
}

Strings names(const catalog::Photo& photo, const Options& options = preset()) {
  Strings found;
  for (const IcloudpdFile& file : icloudpd_files(photo, options)) found.push_back(file.name);
  return found;
}

std::string name(const std::string& given, const std::string& type, const Options& options = preset()) {
  const Strings found = names(photo(given, type), options);
  return found.size() == 1 ? found[0] : "not one file";
}

TEST(IcloudpdNames, AreWhatItWasSeenToCallTheFilesOfTheDemo) {
  const std::vector<std::pair<std::pair<std::string, std::string>, std::string>> seen{
      {{"flight.gif", "com.compuserve.gif"}, "flight.gif"},
      {{"city lights.mp4", "public.mpeg-4"}, "city lights.mp4"},
      {{"ticket.pdf", "com.adobe.pdf"}, "ticket.pdf"},
      {{"something.tiff2", "public.item"}, "something.tiff2"},
      {{"scan", "com.example.scan"}, "scan."},
      {{"scan 17", kJpeg}, "scan 17.JPG"},
      {{"photo.jpg", kJpeg}, "photo.JPG"},
      {{"v1.2.final.jpg", kJpeg}, "v1.2.final.JPG"},
      {{"IMG_2001.HEIC", kJpeg}, "IMG_2001.JPG"},
      {{"IMG_2002.JPG", "public.png"}, "IMG_2002.PNG"},
      {{"IMG_6001.DNG", kDng}, "IMG_6001.DNG"},
      {{"aux", kJpeg}, "aux.JPG"},
      {{"CON.JPG", kJpeg}, "CON.JPG"},
      {{"..", kJpeg}, "...JPG"},
      {{".leading dot.jpg", kJpeg}, ".leading dot.JPG"},
      {{".icloudphotos.jpg", kJpeg}, ".icloudphotos.JPG"},
      {{"trailing.jpg. . ", kJpeg}, "trailing.jpg. .JPG"},
      {{"stem ends in a blank .jpg", kJpeg}, "stem ends in a blank .JPG"},
      {{"Mum/Dad.jpg", kJpeg}, "Mum_Dad.JPG"},
      {{"C:\\Pictures\\me.jpg", kJpeg}, "C__Pictures_me.JPG"},
      {{"all*of<these>are|\"bad\".jpg", kJpeg}, "all_of_these_are__bad_.JPG"},
      {{std::string{"zero\0inside.jpg", 15}, kJpeg}, "zero_inside.JPG"},
      {{"two\nlines\tand a tab.jpg", kJpeg}, "two\nlines\tand a tab.JPG"},
      {{"caf\u00e9.jpg", kJpeg}, "caf.JPG"},
      {{"cafe\u0301.jpg", kJpeg}, "cafe.JPG"},
      {{"\u6625\u8282\u7167\u7247.jpg", kJpeg}, ".jpg.JPG"},
      {{"Photo at 9.41\u202fAM.jpg", kJpeg}, "Photo at 9.41AM.JPG"},
      {{"holiday \U0001f3d6\ufe0f.jpg", kJpeg}, "holiday .JPG"},
  };
  for (const auto& [given, expected] : seen) EXPECT_EQ(name(given.first, given.second), expected);
}

TEST(IcloudpdNames, KeepTheirLettersWhenTold) {
  Options keep = preset();
  keep.unicode = Options::Unicode::Keep;
  EXPECT_EQ(name("caf\u00e9.jpg", kJpeg, keep), "caf\u00e9.JPG");
  EXPECT_EQ(name("cafe\u0301.jpg", kJpeg, keep), "cafe\u0301.JPG") << "not normalised";
  EXPECT_EQ(name("bad \xff.jpg", kJpeg, keep), "bad _.JPG");
}

TEST(IcloudpdNames, OfNamelessPhotosComeFromTheirRecord) {
  EXPECT_EQ(name("", kJpeg), "AS_IgQg_k6UU.JPG");
  EXPECT_EQ(name("", "x.y"), "AS_IgQg_k6UU.unknown");
  EXPECT_EQ(names(live(photo("", kHeic))), (Strings{"AS_IgQg_k6UU.HEIC", "AS_IgQg_k6UU_HEVC.MOV"}));
}

TEST(IcloudpdNames, OfLiveVideosTellWhatTheStillIs) {
  EXPECT_EQ(names(live(photo("I.HEIC", kHeic))), (Strings{"I.HEIC", "I_HEVC.MOV"}));
  EXPECT_EQ(names(live(photo("I.heic", kHeic))), (Strings{"I.HEIC", "I_HEVC.MOV"}));
  EXPECT_EQ(names(live(photo("I.HEIC", "public.heif"))), (Strings{"I.HEIF", "I.MOV"}));
  EXPECT_EQ(names(live(photo("I.JPG", kJpeg))), (Strings{"I.JPG", "I.MOV"}));
  Options original = preset();
  original.live = Options::LiveNames::Original;
  EXPECT_EQ(names(live(photo("I.HEIC", kHeic)), original), (Strings{"I.HEIC", "I.MOV"}));
}

TEST(IcloudpdNames, OfEditsDependOnWhatStandsBesideThem) {
  using V = Options::Versions;
  const auto heic = with(live(photo("I.HEIC", kHeic)), ResourceKind::EditedStill, kJpeg);
  const auto jpeg = with(photo("I.JPG", kJpeg), ResourceKind::EditedStill, kJpeg);
  EXPECT_EQ(names(heic), (Strings{"I.HEIC", "I_HEVC.MOV"}));
  EXPECT_EQ(names(heic, preset(V::Both)), (Strings{"I.HEIC", "I_HEVC.MOV", "I.JPG"}));
  EXPECT_EQ(names(heic, preset(V::Current)), (Strings{"I_HEVC.MOV", "I.JPG"}));
  EXPECT_EQ(names(jpeg), (Strings{"I.JPG"}));
  EXPECT_EQ(names(jpeg, preset(V::Both)), (Strings{"I.JPG", "I-adjusted.JPG"}));
  EXPECT_EQ(names(jpeg, preset(V::Current)), (Strings{"I.JPG"}));
  EXPECT_EQ(icloudpd_files(jpeg, preset(V::Current)).at(0).resource->kind, ResourceKind::EditedStill);
}

TEST(IcloudpdNames, OfEditedVideosAreOurOwn) {
  using V = Options::Versions;
  const auto video = with(photo("V.MOV", kMovie), ResourceKind::EditedVideo, kMovie);
  EXPECT_EQ(names(video, preset(V::Both)), (Strings{"V.MOV", "V-adjusted.MOV"}));
  EXPECT_EQ(names(video, preset(V::Current)), (Strings{"V.MOV"}));
  const auto both =
      with(with(live(photo("I.HEIC", kHeic)), ResourceKind::EditedStill, kHeic), ResourceKind::EditedVideo, kMovie);
  EXPECT_EQ(names(both, preset(V::Both)), (Strings{"I.HEIC", "I_HEVC.MOV", "I-adjusted.HEIC", "I-adjusted.MOV"}));
  EXPECT_EQ(names(both, preset(V::Current)), (Strings{"I.HEIC", "I_HEVC.MOV"}));
}

TEST(IcloudpdNames, OfRawPairsAreToldApartByTheirTypes) {
  using V = Options::Versions;
  const auto pair = with(photo("I.DNG", kDng), ResourceKind::Alternative, kJpeg);
  EXPECT_EQ(names(pair), (Strings{"I.DNG"}));
  EXPECT_EQ(names(pair, preset(V::Both)), (Strings{"I.DNG", "I.JPG"}));
  const auto twins = with(photo("I.JPG", kJpeg), ResourceKind::Alternative, kJpeg);
  EXPECT_EQ(names(twins, preset(V::Both)), (Strings{"I.JPG", "I-alternative.JPG"}));
  auto half = pair;
  half.original->resources.erase(half.original->resources.begin());
  EXPECT_EQ(names(half), (Strings{"I.JPG"})) << "the only file of a photo is always shown";
  EXPECT_EQ(names({Asset{}, std::nullopt}), Strings{});
}

TEST(IcloudpdNames, ThatMeetGetTheSizeAndThenANumber) {
  EXPECT_EQ(icloudpd_candidate("12_30.JPG", 2932, 1), "12_30.JPG");
  EXPECT_EQ(icloudpd_candidate("12_30.JPG", 2932, 2), "12_30-2932.JPG");
  EXPECT_EQ(icloudpd_candidate("12_30.JPG", 2932, 3), "12_30-2932-2.JPG");
  EXPECT_EQ(icloudpd_candidate("12_30.JPG", 2932, 4), "12_30-2932-3.JPG");
  EXPECT_EQ(icloudpd_candidate("scan.", 7, 2), "scan-7.");
  EXPECT_EQ(icloudpd_candidate(".JPG", 7, 2), ".JPG-7");
}

TEST(IcloudpdNames, AreAlwaysLegalAndTheirCandidatesUnlikeEachOther) {
  HostileNames hostile{11};
  using V = Options::Versions;
  for (int i = 0; i < 2000; ++i) {
    Options options = preset(i % 3 == 0 ? V::Both : i % 3 == 1 ? V::Original : V::Current);
    if (i % 2 == 0) options.unicode = Options::Unicode::Keep;
    const std::string given = hostile.next();
    const auto one = with(with(live(photo(given, i % 5 == 0 ? "x.y" : kHeic)), ResourceKind::Alternative, kDng),
                          ResourceKind::EditedStill, kHeic);
    for (const std::string& wish : names(one, options)) {
      std::vector<std::string> candidates;
      for (std::uint32_t n = 1; n <= 4; ++n) {
        const std::string candidate = icloudpd_candidate(wish, UINT64_MAX, n);
        ASSERT_TRUE(!candidate.empty() && candidate.size() <= kLongestName && is_utf8(candidate)) << printable(given);
        ASSERT_TRUE(candidate != "." && candidate != ".." && candidate != ".icloudphotos") << printable(given);
        ASSERT_EQ(candidate.find_first_of(std::string_view{"/\0", 2}), std::string::npos) << printable(given);
        ASSERT_EQ(std::find(candidates.begin(), candidates.end(), candidate), candidates.end()) << printable(given);
        candidates.push_back(candidate);
      }
      ASSERT_EQ(candidates[0], wish) << printable(given);
    }
  }
}

TEST(IcloudpdNames, AreFiledUnderWhateverTheDateSays) {
  const auto filed = [](std::optional<TimePoint> captured, const char* zone) {
    Asset asset;
    asset.captured = captured;
    asset.added = day(2024, 1, 1);
    return icloudpd_moment(asset, Layout{"%Y/%m/%d", *TimeZone::open(zone)});
  };
  EXPECT_EQ(filed(day(2024, 6, 12, 3), "America/Denver").filled, "2024/06/11");
  EXPECT_EQ(filed(day(1825, 6, 1), "America/Denver").filled, "1825/06/01");
  EXPECT_EQ(filed(day(2040, 1, 1, 0), "America/Denver").filled, "2039/12/31");
  EXPECT_EQ(filed(std::nullopt, "UTC").filled, "1970/01/01");
  EXPECT_EQ(filed(std::nullopt, "America/Denver").filled, "1969/12/31");
  EXPECT_EQ(filed(day(1, 1, 1, 0), "UTC").filled, "1/01/01");
  EXPECT_EQ(filed(day(1, 1, 1, 0), "America/Denver").filled, "1969/12/31");
  EXPECT_EQ(filed(day(12000, 1, 1), "UTC").filled, "1970/01/01");
  EXPECT_EQ(filed(std::nullopt, "UTC").time, TimePoint{});
}

}  // namespace
}  // namespace icloudphotos::tree
