// SPDX-License-Identifier: MIT
#include "names.h"

#include <algorithm>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "icloudphotos/base/text.h"

#include "hostile_names.h"
#include "versions.h"

namespace icloudphotos::tree {
namespace {

TEST(Names, AreCleanedAsTheProductPageSays) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"IMG_0001.HEIC", "IMG_0001.HEIC"},
      {"a/b\\c:d*e?f\"g<h>i|j", "a_b_c_d_e_f_g_h_i_j"},
      {std::string{"nul\0tab\tdel\x7f", 11}, "nul_tab_del"},
      {"c1 \u0085 stays apart from \u00a0", "c1 _ stays apart from \u00a0"},
      {"trailing. . ", "trailing____"},
      {"", "_"},
      {".", "_"},
      {"..", "__"},
      {"   ", "___"},
      {".hidden.jpg", "_.hidden.jpg"},
      {".icloudphotos", "_.icloudphotos"},
      {".sh_thumbnails.jpg", "_.sh_thumbnails.jpg"},
      {"CON", "_CON"},
      {"con.tar.gz", "_con.tar.gz"},
      {"Lpt9 .x", "_Lpt9 .x"},
      {"COM\u00b2.jpg", "_COM\u00b2.jpg"},
      {"COM10.jpg", "COM10.jpg"},
      {"CONTACT.jpg", "CONTACT.jpg"},
      {"e\u0301te\u0301.jpg", "\u00e9t\u00e9.jpg"},
      {"\U0001f600 \u4f60\u597d.png", "\U0001f600 \u4f60\u597d.png"},
      {"10.00.00\u202fAM.png", "10.00.00\u202fAM.png"},
      {"bad \xff\xc3 utf\xe2\x82", "bad __ utf__"},
      {"good \u00e9 bad \xe9", "good \u00e9 bad _"},
  };
  for (const auto& [given, expected] : cases) EXPECT_EQ(clean(given), expected);
  EXPECT_EQ(clean("stem. ", End::OfStem), "stem. ");
}

TEST(Names, AreTakenApartByWhatTheTypeSaysOfTheExtension) {
  struct Case {
    std::string name, type, stem, extension;
  };
  const std::vector<Case> cases{
      {"IMG_1.HEIC", "public.heic", "IMG_1", "HEIC"},
      {"img.jpeg", "public.jpeg", "img", "jpeg"},
      {"lying.HEIC", "public.jpeg", "lying", "JPG"},
      {"no extension", "public.png", "no extension", "PNG"},
      {"Panel.v2", "public.jpeg", "Panel.v2", "JPG"},
      {"Screenshot 10.32", "public.png", "Screenshot 10.32", "PNG"},
      {"a.b.c.MOV", "com.apple.quicktime-movie", "a.b.c", "MOV"},
      {"phase.iiq", "com.phaseone.raw-image", "phase", "iiq"},
      {"phase", "com.phaseone.raw-image", "phase", "RAW"},
      {"document.docx", "public.item", "document", "docx"},
      {"vague.JPG", "public.image", "vague", "JPG"},
      {"vague", "public.image", "vague", "HEIC"},
      {"what", "", "what", "BIN"},
      {"what.JPG", "", "what", "JPG"},
      {"dot.", "public.jpeg", "dot.", "JPG"},
      {".JPG", "public.jpeg", "", "JPG"},
      {"x.extremelylong", "", "x.extremelylong", "BIN"},
      {"x.j p", "public.jpeg", "x.j p", "JPG"},
      {"IMG.NRF", "com.nikon.nrw-raw-image", "IMG", "NRF"},
      {"IMG_1.HEIC.xmp", "", "IMG_1.HEIC.xmp", "BIN"},
  };
  for (const Case& one : cases) {
    const FileName parts = take_apart(one.name, one.type);
    EXPECT_EQ(parts.stem, one.stem) << one.name;
    EXPECT_EQ(parts.extension, one.extension) << one.name;
  }
}

TEST(Names, OfPhotosWithoutOneComeFromTheirRecord) {
  EXPECT_EQ(nameless_stem("abc"), "IMG_a9993e36");
  EXPECT_EQ(nameless_stem(""), "IMG_da39a3ee");
}

TEST(Names, AreCutAtACodePointWithRoomForNumberAndSuffix) {
  EXPECT_EQ(kLongestStem, 230U) << "names that were given once are kept for ever: do not change it";
  const std::string wish = std::string(227, 'a') + "\u4f60\u597d\u554a";
  EXPECT_EQ(candidate(wish, 1, Naming::Photo), std::string(227, 'a') + "\u4f60");
  EXPECT_EQ(candidate(wish, 2, Naming::Photo), std::string(226, 'a') + " (2)");
  EXPECT_EQ(candidate(wish, 12345, Naming::Photo).size(), kLongestStem);
  EXPECT_EQ(candidate(std::string(254, 'a') + ".b", 1, Naming::Directory), std::string(254, 'a') + "_");
}

TEST(Names, ThatDifferOnlyInCaseOrNormalFormHaveOneKey) {
  EXPECT_EQ(claim_key("IMG_1", Naming::Photo), claim_key("img_1", Naming::Photo));
  EXPECT_EQ(claim_key("\u00c9t\u00e9", Naming::Photo), claim_key("e\u0301TE\u0301", Naming::Photo));
  EXPECT_EQ(claim_key("IMG_1-Edited-alternative", Naming::Photo), "img_1");
  EXPECT_EQ(claim_key("IMG_1-edited-live", Naming::Photo), "img_1");
  EXPECT_EQ(claim_key("Songs-live", Naming::Directory), "songs-live");
}

TEST(Names, OfFilesLeadToTheClaimOfTheirStem) {
  using S = TreeOptions::Sidecars;
  EXPECT_EQ(key_of_file_name("IMG_1.HEIC", S::Off), "img_1");
  EXPECT_EQ(key_of_file_name("IMG_1-edited.JPG", S::Off), "img_1");
  EXPECT_EQ(key_of_file_name("IMG_1.HEIC.xmp", S::On), "img_1");
  EXPECT_EQ(key_of_file_name("IMG_1-edited-live.MOV.xmp", S::Tree), "img_1");
  EXPECT_EQ(key_of_file_name("v1.2.xmp", S::Lightroom), "v1.2") << "there is one sidecar for all files of the stem";
  EXPECT_EQ(key_of_file_name("no extension", S::Off), "no extension");
  EXPECT_EQ(key_of_file_name("", S::On), "");
}

/// Photos that share a directory, each with every file it can have, of types that make the suffixes long and alike.
class Crowd {
 public:
  explicit Crowd(std::uint32_t seed) : names_{seed}, random_{seed} {}

  /// The stem the next photo gets, and all suffixes it has.
  std::pair<std::string, std::vector<std::string>> add() {
    const catalog::Photo photo = next_photo();
    const FileName parts = take_apart(photo.original->file_name, photo.original->type);
    const std::string wish = clean(parts.stem, parts.end);
    std::string stem;
    for (std::uint32_t n = 1; stem.empty() || !keys_.insert(claim_key(stem, Naming::Photo)).second; ++n)
      stem = candidate(wish, n, Naming::Photo);
    std::vector<std::string> suffixes;
    for (const Version& file : Versions{photo}) suffixes.push_back(file.suffix);
    return {stem, suffixes};
  }

 private:
  std::string type() {
    static const std::vector<std::string> kTypes{
        "public.jpeg", "public.heic", "com.adobe.raw-image", "", "x.y", "com.apple.quicktime-movie", "public.image"};
    return kTypes[random_() % kTypes.size()];
  }
  catalog::Photo next_photo() {
    Original original;
    original.file_name = names_.next();
    original.type = type();
    original.resources = {{ResourceKind::Original, original.type, 1, ""},
                          {ResourceKind::Alternative, type(), 1, ""},
                          {ResourceKind::LiveVideo, type(), 1, ""}};
    Asset asset;
    asset.resources = {{ResourceKind::EditedStill, type(), 1, ""}, {ResourceKind::EditedVideo, type(), 1, ""}};
    return {asset, original};
  }

  HostileNames names_;
  std::mt19937 random_;
  std::set<std::string> keys_;
};

bool is_legal(const std::string& name) {
  const bool visible =
      std::none_of(name.begin(), name.end(), [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; });
  return !name.empty() && name.size() <= kLongestName && nfc(name) == name && visible && name.front() != '.' &&
         name.back() != '.' && name.back() != ' ' && name.find_first_of("/\\:*?\"<>|") == std::string::npos;
}

TEST(Names, OfTwoThousandHostilePhotosAreLegalAndUniqueInOneDirectory) {
  using S = TreeOptions::Sidecars;
  Crowd crowd{4};
  std::set<std::string> files, stems;
  for (int i = 0; i < 2000; ++i) {
    const auto [stem, suffixes] = crowd.add();
    std::set<std::string> own;
    for (const std::string& suffix : suffixes) {
      const std::string name = stem + suffix;
      for (const std::string& file : {name, name + std::string{kSidecarSuffix}}) {
        ASSERT_TRUE(is_legal(file)) << printable(file);
        ASSERT_TRUE(files.insert(case_fold(file)).second) << printable(file) << " is there twice";
      }
      ASSERT_EQ(key_of_file_name(name, S::Off), claim_key(stem, Naming::Photo)) << printable(name);
      ASSERT_EQ(key_of_file_name(name + ".xmp", S::On), claim_key(stem, Naming::Photo)) << printable(name);
    }
    ASSERT_TRUE(stems.insert(case_fold(stem + ".xmp")).second) << "two photos share a sidecar";
    ASSERT_EQ(key_of_file_name(stem + ".xmp", S::Lightroom), claim_key(stem, Naming::Photo)) << printable(stem);
  }
}

TEST(Names, OfHostileAlbumsAreLegalAndStayAsTheyAre) {
  HostileNames names{7};
  for (int i = 0; i < 2000; ++i) {
    const std::string given = names.next();
    const std::string name = candidate(clean(given), 1, Naming::Directory);
    ASSERT_TRUE(is_legal(name)) << printable(given);
    ASSERT_EQ(clean(name), name) << printable(given);
    ASSERT_TRUE(is_utf8(mended(given)));
    if (is_utf8(given)) {
      ASSERT_EQ(mended(given), given);
    }
  }
}

}  // namespace
}  // namespace icloudphotos::tree
