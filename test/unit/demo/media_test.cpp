// SPDX-License-Identifier: MIT
#include "media.h"

#include <gtest/gtest.h>

#include "icloudphotos/base/text.h"

#include "bplist.h"
#include "checksum.h"
#include "computed.h"

using namespace icloudphotos;
using namespace icloudphotos::demo;

TEST(DemoChecksum, IsThatOfThePage) {
  EXPECT_EQ(file_checksum(as_bytes("")), "AW2cWT2PxzWixMKuuNMTHJ8CJ3sH");
  EXPECT_EQ(file_checksum(as_bytes("abc")), "AYnnoj1r4lMYTs3JP/g7mjGaDCgO");
  EXPECT_EQ(file_checksum(as_bytes("hello\n")), "Abv+EeVEGAQ0o5/2szwFFOVX1ICw");
}

TEST(DemoMedia, ComputedFilesHaveTrueChecksums) {
  PatternMaker maker;
  for (const std::uint64_t size : {0U, 1U, 31U, 32U, 33U, 1000U, 200'000U}) {
    const Media media = maker.make({1, 7}, size);
    EXPECT_EQ(media.checksum(), file_checksum(as_bytes(media.all()))) << size;
    EXPECT_EQ(media.all().size(), size);
  }
}

TEST(DemoMedia, ComputedFilesOfOneSizeDiffer) {
  PatternMaker maker;
  EXPECT_NE(maker.make({1, 7}, 5000).checksum(), maker.make({1, 8}, 5000).checksum());
  EXPECT_EQ(maker.make({1, 7}, 5000).checksum(), PatternMaker{}.make({1, 7}, 5000).checksum());
}

TEST(DemoMedia, AnyRangeOfAComputedFileIsThatOfTheWhole) {
  PatternMaker maker;
  const Media media = maker.make({2, 9}, 3001);
  const std::string whole = media.all();
  for (const auto& [offset, length] :
       {std::pair{0U, 1U}, std::pair{5U, 20U}, std::pair{2960U, 41U}, std::pair{2969U, 1U}, std::pair{2999U, 2U}}) {
    std::string piece(length, '\0');
    media.read(offset, piece);
    EXPECT_EQ(piece, whole.substr(offset, length)) << offset;
  }
}

TEST(ComputedLibrary, FindsEveryPhotoByItsNames) {
  const auto seed = make_computed_seed({.assets = 2500});
  for (const PhotoId id : {0U, 1U, 998U, 999U, 2499U}) {
    const Photo photo = seed->photo(id);
    EXPECT_EQ(seed->find_asset(photo.asset), id);
    EXPECT_EQ(seed->find_master(photo.master), seed->first_with_master_of(id));
  }
  EXPECT_FALSE(seed->find_asset("00000000-0000-4D3A-8000-000000000001"));
  EXPECT_FALSE(seed->find_master("AW2cWT2PxzWixMKuuNMTHJ8CJ3sH"));
}

TEST(ComputedLibrary, KnowsOfAPhotoWithoutMakingItWhatThePhotoSays) {
  const auto seed = make_computed_seed({.assets = 3000});
  for (PhotoId id = 0; id < 3000; ++id) {
    const Traits quick = seed->traits(id), slow = traits_of(seed->photo(id));
    ASSERT_EQ(quick.captured_ms, slow.captured_ms) << id;
    ASSERT_EQ(quick.video, slow.video) << id;
    ASSERT_EQ(quick.live, slow.live) << id;
    ASSERT_EQ(quick.slo_mo, slow.slo_mo) << id;
    ASSERT_EQ(quick.portrait, slow.portrait) << id;
    ASSERT_EQ(quick.deleted, slow.deleted) << id;
    ASSERT_EQ(quick.burst, slow.burst) << id;
  }
}

TEST(ComputedLibrary, HasNamesOfCapitalAndOfSmallLetters) {
  const auto seed = make_computed_seed({.assets = 100});
  EXPECT_EQ(seed->photo(8).asset, ascii_upper(seed->photo(8).asset));
  EXPECT_NE(seed->photo(9).asset, ascii_upper(seed->photo(9).asset));
  EXPECT_EQ(seed->find_asset(seed->photo(9).asset), PhotoId{9});
}

TEST(ComputedLibrary, HasAlbumsOfTheSizesThatPagesBreakAt) {
  const auto seed = make_computed_seed({.assets = 5000});
  std::vector<std::size_t> sizes;
  for (const Album& album : seed->albums()) sizes.push_back(album.members.size());
  EXPECT_EQ((std::vector<std::size_t>{sizes.begin(), sizes.begin() + 9}),
            (std::vector<std::size_t>{1, 65, 66, 67, 132, 200, 201, 660, 0}));
}

TEST(DemoPlist, IsABinaryPropertyList) {
  // As Python's plistlib reads it: ["ab", "ü"].
  EXPECT_EQ(hex_encode(as_bytes(bplist_of({"ab", "ü"}))),
            "62706c6973743030"
            "6200610062"
            "6100fc"
            "a20001"
            "000000080000000d00000010"
            "000000000000"
            "04"
            "01"
            "0000000000000003"
            "0000000000000002"
            "0000000000000013");
}
