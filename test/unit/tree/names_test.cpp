// SPDX-License-Identifier: MIT
#include "names.h"

#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "icloudphotos/base/text.h"

#include "small_world.h"

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
  };
  for (const Case& one : cases) {
    const FileName parts = take_apart(one.name, one.type);
    EXPECT_EQ(parts.stem, one.stem) << one.name;
    EXPECT_EQ(parts.extension, one.extension) << one.name;
  }
}

TEST(Names, OfPhotosWithoutOneComeFromTheirRecord) {
  EXPECT_EQ(nameless_stem("abc"), "IMG_a9993e36");
  World world;
  Shot shot{"abc", ""};
  world.put(shot.edited());
  EXPECT_EQ(world.list("All Photos/2024/06"), (Names{"IMG_a9993e36-edited.JPG", "IMG_a9993e36.HEIC"}));
}

TEST(Names, AreCutAtACodePointWithRoomForNumberAndSuffix) {
  const std::string wish = std::string(231, 'a') + "\u4f60\u597d\u554a";
  EXPECT_EQ(candidate(wish, 1, Naming::Photo), std::string(231, 'a') + "\u4f60");
  EXPECT_EQ(candidate(wish, 2, Naming::Photo), std::string(230, 'a') + " (2)");
  EXPECT_EQ(candidate(wish, 12345, Naming::Photo).size(), kLongestStem);
  EXPECT_EQ(candidate(std::string(254, 'a') + ".b", 1, Naming::Directory), std::string(254, 'a') + "_");
  World world;
  world.put({Shot{"a", std::string(300, 'n') + ".HEIC"}.live().edited(), Shot{"b", std::string(300, 'N') + ".HEIC"}});
  for (const std::string& name : world.list("All Photos/2024/06")) EXPECT_LE(name.size(), kLongestName) << name;
  EXPECT_EQ(world.list("All Photos/2024/06").size(), 4U);
}

TEST(Names, ThatDifferOnlyInCaseOrNormalFormHaveOneKey) {
  EXPECT_EQ(claim_key("IMG_1", Naming::Photo), claim_key("img_1", Naming::Photo));
  EXPECT_EQ(claim_key("\u00c9t\u00e9", Naming::Photo), claim_key("e\u0301TE\u0301", Naming::Photo));
  EXPECT_EQ(claim_key("IMG_1-Edited-alternative", Naming::Photo), "img_1");
  EXPECT_EQ(claim_key("IMG_1-edited-live", Naming::Photo), "img_1");
  EXPECT_EQ(claim_key("Songs-live", Naming::Directory), "songs-live");
}

TEST(Names, OfTwinsInUnicodeStayApart) {
  World world;
  world.put({Shot{"a", "caf\u00e9.HEIC"}, Shot{"b", "cafe\u0301.HEIC"}, Shot{"c", "CAF\u00c9.HEIC"}});
  EXPECT_EQ(world.list("All Photos/2024/06"), (Names{"CAF\u00c9 (3).HEIC", "caf\u00e9 (2).HEIC", "caf\u00e9.HEIC"}));
}

}  // namespace
}  // namespace icloudphotos::tree
