// SPDX-License-Identifier: MIT
#include "cloud/decode.h"

#include <gtest/gtest.h>

#include "recorded_answer.h"

namespace icloudphotos::cloud {
namespace {

constexpr auto kFirstOriginal = "AY6c+BsE0jjaXx9tmVGJM1D2VcEO";
constexpr auto kFirstAsset = "F2A23C38-0020-42FE-A273-2923ADE3CAED";

TimePoint at_ms(std::int64_t milliseconds) { return TimePoint{std::chrono::milliseconds{milliseconds}}; }

std::string first_name(std::string_view fixture) {
  const auto page = recorded_page(fixture);
  const auto* original = with_id(page.delta.originals, kFirstOriginal);
  return original == nullptr ? "(lost)" : original->file_name;
}

TEST(Decode, AWholePageGivesEveryPhoto) {
  const auto page = recorded_page("photos/page-2018-full.json");
  EXPECT_EQ(page.delta.originals.size(), 100U);
  EXPECT_EQ(page.delta.assets.size(), 100U);
  EXPECT_EQ(page.incomplete, 0U);
  EXPECT_TRUE(page.marker);
  EXPECT_TRUE(page.token);
}

TEST(Decode, APhotoHasItsDatesAndItsOriginal) {
  const auto page = recorded_page("photos/page-2018-full.json");
  const auto* asset = with_id(page.delta.assets, kFirstAsset);
  ASSERT_NE(asset, nullptr);
  EXPECT_EQ(asset->original.value, kFirstOriginal);
  EXPECT_EQ(asset->captured, at_ms(1533021744816));
  EXPECT_EQ(asset->added, at_ms(1533021746602));
  EXPECT_EQ(asset->created, at_ms(1533021772096));
  EXPECT_EQ(asset->changed, at_ms(1533021773041));
  EXPECT_EQ(asset->utc_offset, std::chrono::seconds{25200});
  EXPECT_EQ(asset->subtype_v2, 2);
  EXPECT_FALSE(asset->deleted || asset->hidden || asset->favorite);
}

TEST(Decode, APhotoKnowsWhereItWasTaken) {
  const auto page = recorded_page("photos/page-2018-full.json");
  const auto* asset = with_id(page.delta.assets, kFirstAsset);
  ASSERT_NE(asset, nullptr);
  ASSERT_TRUE(asset->location);
  EXPECT_NEAR(asset->location->latitude, 37.33, 0.01);
  EXPECT_NEAR(asset->location->longitude, -122.01, 0.01);
  ASSERT_TRUE(asset->location->altitude);
  EXPECT_NEAR(*asset->location->altitude, 326.955, 0.001);
}

TEST(Decode, ALivePhotoHasItsStillItsVideoAndItsPreviews) {
  const auto page = recorded_page("photos/page-2018-full.json");
  const auto* original = with_id(page.delta.originals, kFirstOriginal);
  ASSERT_NE(original, nullptr);
  EXPECT_EQ(original->file_name, "IMG_7409.JPG");
  EXPECT_EQ(original->type, "public.jpeg");
  const auto* still = of_kind(original->resources, ResourceKind::Original);
  ASSERT_NE(still, nullptr);
  EXPECT_EQ(*still, (Resource{ResourceKind::Original, "public.jpeg", 1884695, kFirstOriginal}));
  const auto* video = of_kind(original->resources, ResourceKind::LiveVideo);
  ASSERT_NE(video, nullptr);
  EXPECT_EQ(video->type, "com.apple.quicktime-movie");
  EXPECT_EQ(video->size, 3294075U);
  for (const auto kind : {ResourceKind::Medium, ResourceKind::Thumbnail, ResourceKind::MediumVideo})
    EXPECT_NE(of_kind(original->resources, kind), nullptr);
  EXPECT_EQ(original->resources.size(), 5U);
}

TEST(Decode, AnEditIsOnTheAsset) {
  const auto page = recorded_page("photos/page-2018-full.json");
  const auto* asset = with_id(page.delta.assets, "166B201A-1513-4AD6-AA27-F6116D360652");
  ASSERT_NE(asset, nullptr);
  const auto* edit = of_kind(asset->resources, ResourceKind::EditedStill);
  ASSERT_NE(edit, nullptr);
  EXPECT_EQ(*edit, (Resource{ResourceKind::EditedStill, "public.jpeg", 233944, "AWVEK9dYDTb0xxl5AWRyAREZo6RL"}));
  EXPECT_EQ(asset->adjustment_type, "ScreenshotServices");
}

TEST(Decode, AnEditedVideoIsOnTheAsset) {
  const auto page = recorded_page("photos/page-2021-heic-half.json");
  const auto* asset = with_id(page.delta.assets, "2CADD719-6CC7-42FE-BC8D-C0B778F33F2E");
  ASSERT_NE(asset, nullptr);
  const auto* edit = of_kind(asset->resources, ResourceKind::EditedVideo);
  ASSERT_NE(edit, nullptr);
  EXPECT_EQ(edit->size, 122154710U);
}

TEST(Decode, UrlsComeWithTheRecordThatOwnsTheBytes) {
  const auto page = recorded_page("photos/page-2018-full.json");
  const auto found = std::find_if(page.urls.begin(), page.urls.end(), [](const ContentUrl& one) {
    return one.record == kFirstOriginal && one.resource.kind == ResourceKind::Original;
  });
  ASSERT_NE(found, page.urls.end());
  EXPECT_TRUE(found->url.reveal().starts_with("https://cvws.icloud-content.com/B/AY6c-BsE0jjaXx9tmVGJM1D2VcEO"));
}

TEST(Decode, NamesAreGivenAsTheyWereTyped) {
  using namespace std::string_view_literals;
  EXPECT_EQ(first_name("photos/odd-filename-forbidden-characters.json"), "i/n v:a\0l*i?d\\p<a>t\"h|.JPG"sv);
  EXPECT_EQ(first_name("photos/odd-filename-chinese.json"), "IMG_中文_7409.JPG");
  EXPECT_EQ(first_name("photos/odd-filename-plain-string.json"), "IMG_7409.JPG");
  EXPECT_EQ(first_name("photos/odd-filename-missing.json"), "");
}

TEST(Decode, TextIsReadAsItsTypeSays) {
  const auto name_of = [](std::string_view field) {
    const auto page =
        page_of(R"({"recordName":"m","recordType":"CPLMaster","fields":{"itemType":{"value":"public.jpeg"},)"
                R"("filenameEnc":)" +
                std::string{field} + "}}");
    return page.delta.originals.empty() ? "(lost)" : page.delta.originals.front().file_name;
  };
  EXPECT_EQ(name_of(R"({"value":"YS5qcGc="})"), "a.jpg");
  EXPECT_EQ(name_of(R"({"value":"YS5qcGc=","type":"STRING"})"), "YS5qcGc=");
  EXPECT_EQ(name_of(R"({"value":"no base64!","type":"ENCRYPTED_BYTES"})"), "");
  EXPECT_EQ(name_of(R"({"value":"/////w==","type":"ENCRYPTED_BYTES"})"), "");  // no UTF-8
  EXPECT_EQ(name_of(R"({"value":"IMG_1.JPG"})"), "IMG_1.JPG");
  EXPECT_EQ(name_of(R"({"type":"ENCRYPTED_BYTES"})"), "");
  EXPECT_EQ(name_of(R"({"value":7,"type":"ENCRYPTED_BYTES"})"), "");
  EXPECT_EQ(name_of("null"), "");
}

TEST(Decode, ARawPhotoWithAJpegHasTwoOriginals) {
  const auto page = recorded_page("photos/odd-raw-plus-jpeg.json");
  const auto* original = with_id(page.delta.originals, kFirstOriginal);
  ASSERT_NE(original, nullptr);
  EXPECT_EQ(of_kind(original->resources, ResourceKind::Original)->type, "com.canon.cr2-raw-image");
  const auto* other = of_kind(original->resources, ResourceKind::Alternative);
  ASSERT_NE(other, nullptr);
  EXPECT_EQ(other->type, "public.jpeg");
}

TEST(Decode, AMissingTypeIsThatOfTheFile) {
  const auto page = recorded_page("photos/odd-item-type-missing.json");
  EXPECT_EQ(with_id(page.delta.originals, kFirstOriginal)->type, "public.jpeg");
  const auto vague = page_of(R"({"recordName":"m","recordType":"CPLMaster","fields":{"dataClassType":{"value":"2"}}})");
  EXPECT_EQ(vague.delta.originals.at(0).type, "public.movie");
}

TEST(Decode, BytesThatAreNotInTheCloudYetHaveASizeAndNoUrl) {
  const auto page = recorded_page("photos/odd-download-url-missing.json");
  EXPECT_EQ(of_kind(with_id(page.delta.originals, kFirstOriginal)->resources, ResourceKind::Original)->size, 1884695U);
  const auto without = std::find_if(page.urls.begin(), page.urls.end(), [](const ContentUrl& one) {
    return one.record == kFirstOriginal && one.resource.kind == ResourceKind::Original;
  });
  ASSERT_NE(without, page.urls.end());
  EXPECT_TRUE(without->url.empty());
}

TEST(Decode, DeletedPhotosSayThatTheyAre) {
  const auto page = recorded_page("photos/deleted-page-2018.json");
  EXPECT_EQ(page.delta.assets.size(), 15U);
  EXPECT_TRUE(
      std::all_of(page.delta.assets.begin(), page.delta.assets.end(), [](const Asset& a) { return a.deleted; }));
  EXPECT_FALSE(page.marker);
}

TEST(Decode, ThePageAfterTheLastIsEmpty) {
  const auto page = recorded_page("photos/deleted-page-empty.json");
  EXPECT_TRUE(page.delta.assets.empty());
  EXPECT_TRUE(page.token);
}

TEST(Decode, APhotoOfASharedLibraryIsLikeAnyOther) {
  const auto page = recorded_page("photos/page-shared-library.json");
  ASSERT_EQ(page.delta.assets.size(), 1U);
  EXPECT_TRUE(page.delta.assets[0].keywords.empty());  // there is a list of them, with nothing in it
  EXPECT_EQ(page.delta.originals[0].file_name, "johnny jo.png");
}

TEST(Decode, MembershipsComeWithTheAlbum) {
  const auto page = recorded_page("photos/membership-page.json");
  ASSERT_EQ(page.delta.memberships.size(), 4U);
  EXPECT_EQ(page.delta.memberships[0], (Membership{AlbumId{"E4RT4FB7-4A35-4958-1D42-5769E66BE407"},
                                                   AssetId{"248AFAAE-062C-40BB-92C6-B47084527A9E"}, 6144}));
}

TEST(Decode, AlbumsKeepTheirNames) {
  const auto german = recorded_page("photos/albums-17-german.json");
  EXPECT_EQ(german.delta.albums.size(), 16U);  // all but the root folder
  EXPECT_EQ(with_id(german.delta.albums, "0A7632D2-07BB-4C5A-B727-052303F97480")->name, "Garage vorher/nachher");
  EXPECT_EQ(with_id(german.delta.albums, "1EB42751-25E0-437F-951D-5A5EB7140BD5")->name, "Jo\xcc\x88jo");
  const auto others = recorded_page("photos/albums-30.json");
  EXPECT_EQ(with_id(others.delta.albums, "3FA34CF7-21AC-46B6-86FF-0A940A6A8F9D")->name, "小偶");
}

TEST(Decode, FoldersAreFoldersAndTheirAlbumsSayInWhich) {
  const auto page = recorded_page("photos/albums-30.json");
  EXPECT_EQ(with_id(page.delta.albums, "EB0359B1-2DB4-46B3-9DC3-8066A8FC36E3")->kind, Album::Kind::Folder);
  const auto nested = recorded_page("photos/albums-nested-child.json");
  ASSERT_EQ(nested.delta.albums.size(), 1U);
  EXPECT_EQ(nested.delta.albums[0].parent, AlbumId{"E4RT4FB7-4A35-4958-1D42-5769E66BE407"});
  EXPECT_EQ(recorded_page("photos/albums-roots-and-three.json").delta.albums.size(), 3U);
}

TEST(Decode, AlbumsOfUnknownKindsAreLeftOut) {
  const auto page = page_of(R"({"recordName":"s","recordType":"CPLAlbum","fields":{"albumType":{"value":6}}},)"
                            R"({"recordName":"a","recordType":"CPLAlbum","fields":{"albumType":{"value":0},)"
                            R"("parentId":{"value":"----Root-Folder----"},"isDeleted":{"value":true}}})");
  ASSERT_EQ(page.delta.albums.size(), 1U);
  EXPECT_EQ(page.delta.albums[0].id.value, "a");
  EXPECT_FALSE(page.delta.albums[0].parent);
  EXPECT_TRUE(page.delta.albums[0].deleted);
}

TEST(Decode, SlowMotionHasNoRenderedFile) {
  const auto page =
      page_of(R"({"recordName":"a","recordType":"CPLAsset","fields":{"masterRef":{"value":{"recordName":"m"}},)"
              R"("adjustmentType":{"value":"com.apple.video.slomo"},)"
              R"("resVidFullRes":{"value":{"size":5,"fileChecksum":"c"}},)"
              R"("resJPEGThumbRes":{"value":{"size":6}}}})");
  ASSERT_EQ(page.delta.assets.size(), 1U);
  EXPECT_EQ(page.delta.assets[0].resources, (std::vector{Resource{ResourceKind::Thumbnail, "", 6, ""}}));
}

TEST(Decode, NumbersMayBeTextAndTruthsNumbers) {
  const auto page =
      page_of(R"({"recordName":"a","recordType":"CPLAsset","modified":{"timestamp":"12"},"fields":{)"
              R"("masterRef":{"value":{"recordName":"m"}},"isFavorite":{"value":true},"isHidden":{"value":"1"},)"
              R"("assetDate":{"value":"1748000000000"},"addedDate":{"value":null},"timeZoneOffset":{"value":1e9},)"
              R"("resJPEGFullRes":{"value":{"size":"77","fileChecksum":3}},"resVidFullRes":{"value":{"size":-1}},)"
              R"("keywordsEnc":{"value":"bm8gcGxpc3Q="},"locationEnc":5}})");
  ASSERT_EQ(page.delta.assets.size(), 1U);
  const auto& asset = page.delta.assets[0];
  EXPECT_TRUE(asset.favorite && asset.hidden);
  EXPECT_EQ(asset.captured, at_ms(1748000000000));
  EXPECT_FALSE(asset.added);
  EXPECT_FALSE(asset.utc_offset);
  EXPECT_FALSE(asset.location);
  EXPECT_EQ(asset.changed, at_ms(12));
  EXPECT_EQ(asset.resources, (std::vector{Resource{ResourceKind::EditedStill, "", 77, ""}}));
}

TEST(Decode, DatesThatMeanUnsetAreNone) {
  const auto captured = [](std::string_view value) {
    const auto page =
        page_of(R"({"recordName":"a","recordType":"CPLAsset","fields":{"masterRef":{"value":"m"},"assetDate":)"
                R"({"value":)" +
                std::string{value} + "}}}");
    return page.delta.assets.at(0).captured;
  };
  EXPECT_FALSE(captured("-62135596800000"));
  EXPECT_FALSE(captured("-62135769600000"));
  EXPECT_FALSE(captured("9223372036854775807"));
  EXPECT_EQ(captured("-2082844800000"), at_ms(-2082844800000));  // 1904: absurd, and passed on
}

TEST(Decode, RecordsTornApartByAPageBorderAreBothKept) {
  const auto page = recorded_page("photos/sample-missing-counterparts.json");
  EXPECT_EQ(page.delta.originals.size(), 2U);
  EXPECT_EQ(page.delta.assets.size(), 2U);
  EXPECT_NE(with_id(page.delta.assets, "ASSET_ONLY_001"), nullptr);
}

TEST(Decode, APhotoThatDoesNotSayWhichOriginalItIsOfIsKeptWithoutOne) {
  const auto page = page_of(R"({"recordName":"a","recordType":"CPLAsset","fields":{"isFavorite":{"value":1}}})");
  ASSERT_EQ(page.delta.assets.size(), 1U);
  EXPECT_TRUE(page.delta.assets[0].original.empty());
  EXPECT_TRUE(page.delta.assets[0].favorite);
  EXPECT_EQ(page.incomplete, 1U);
}

TEST(Decode, ARecordThatOnlySaysThatItExistsDoesNotTouchWhatIsKnownOfIt) {
  const auto page = page_of(R"({"recordName":"b","recordType":"CPLAsset"},{"recordType":"CPLAsset"},7,)"
                            R"({"recordName":"c","recordType":null},{"recordName":"d","recordType":null,"fields":{}})");
  EXPECT_TRUE(page.delta.assets.empty());
  EXPECT_TRUE(page.delta.gone.empty());
  EXPECT_EQ(page.incomplete, 5U);
}

TEST(Decode, ARecordThatDoesNotSayItsTypeIsKnownByWhatItSays) {
  const auto page =
      page_of(R"({"recordName":"a","recordType":null,"fields":{"masterRef":{"value":{"recordName":"m"}}}},)"
              R"({"recordName":"m","fields":{"itemType":{"value":"public.png"}}},)"
              R"({"recordName":"f","recordType":null,"deleted":false,"fields":{"albumType":{"value":"3"}}},)"
              R"({"recordName":"a-IN-f","fields":{"itemId":{"value":"a"},"containerId":{"value":"f"}}})");
  ASSERT_EQ(page.delta.assets.size(), 1U);
  ASSERT_EQ(page.delta.originals.size(), 1U);
  ASSERT_EQ(page.delta.albums.size(), 1U);
  EXPECT_EQ(page.delta.albums[0].kind, Album::Kind::Folder);
  EXPECT_EQ(page.delta.memberships, (std::vector{Membership{AlbumId{"f"}, AssetId{"a"}, 0}}));
  EXPECT_EQ(page.incomplete, 0U);
}

TEST(Decode, TruthsMayBeWritten) {
  const auto page =
      page_of(R"({"recordName":"a","recordType":"CPLAsset","fields":{"masterRef":{"value":{"recordName":"m"}},)"
              R"("isDeleted":{"value":"true"},"isHidden":{"value":false},"isFavorite":{"value":"0"}}},)"
              R"({"recordName":"g","recordType":null,"deleted":1},{"recordName":"h","deleted":"TRUE"})");
  ASSERT_EQ(page.delta.assets.size(), 1U);
  EXPECT_TRUE(page.delta.assets[0].deleted);
  EXPECT_FALSE(page.delta.assets[0].hidden || page.delta.assets[0].favorite);
  EXPECT_EQ(page.delta.gone, (std::vector<std::string>{"g", "h"}));
}

constexpr auto kSmall = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
constexpr auto kLarge = "AAAAAAAA-BBBB-4CCC-8DDD-EEEEEEEEEEEE";

TEST(Decode, AlbumsAndPhotosAreMetInWhateverCaseTheyAreWritten) {
  const std::string small{kSmall};
  const std::string large{kLarge};
  const auto page = page_of(
      R"({"recordName":")" + small +
      R"(","recordType":"CPLAsset","fields":{"masterRef":{"value":{"recordName":"mM"}}}},)" +
      R"({"recordName":"x-in-)" + small + R"(","recordType":"CPLContainerRelation","fields":{"itemId":{"value":")" +
      small + R"("},"containerId":{"value":"f"}}},)" + R"({"recordName":")" + small + "-in-" + small +
      R"(","recordType":null,"deleted":true},)" + R"({"recordName":"B","recordType":"CPLAlbum","fields":{)" +
      R"("albumType":{"value":0},"parentId":{"value":")" + small + R"("}}})");
  ASSERT_EQ(page.delta.assets.size(), 1U);
  EXPECT_EQ(page.delta.assets[0].id.value, large);
  EXPECT_EQ(page.delta.assets[0].original.value, "mM");
  EXPECT_EQ(page.delta.memberships, (std::vector{Membership{AlbumId{"f"}, AssetId{large}, 0}}));
  EXPECT_EQ(page.delta.left, (std::vector{Membership{AlbumId{large}, AssetId{large}, 0}}));
  EXPECT_EQ(page.delta.albums.at(0).parent, AlbumId{large});
}

TEST(Decode, WhatIsGoneMayHaveBeenAnOriginalAndThoseKeepTheirSpelling) {
  const auto page = page_of(R"({"recordName":")" + std::string{kSmall} + R"(","deleted":true})");
  EXPECT_EQ(page.delta.gone, (std::vector<std::string>{kLarge, kSmall}));
}

TEST(Decode, AnAlbumWithoutANameOrATypeIsOne) {
  const auto page = page_of(R"({"recordName":"a","recordType":"CPLAlbum","fields":{"position":{"value":7}}})");
  ASSERT_EQ(page.delta.albums.size(), 1U);
  EXPECT_EQ(page.delta.albums[0].kind, Album::Kind::Album);
  EXPECT_EQ(page.delta.albums[0].name, "");
  EXPECT_EQ(page.delta.albums[0].position, 7);
  EXPECT_FALSE(page.delta.albums[0].deleted);
}

TEST(Decode, AnAlbumThatIsBeingPurgedIsGone) {
  const auto page = page_of(R"({"recordName":"a","recordType":"CPLAlbum","fields":{"isExpunged":{"value":1}}})");
  EXPECT_TRUE(page.delta.albums.at(0).deleted);
}

TEST(Decode, AFrameOfABurstSaysWhetherItWasPicked) {
  const auto page =
      page_of(R"({"recordName":"a","recordType":"CPLAsset","fields":{"masterRef":{"value":{"recordName":"m"}},)"
              R"("burstId":{"value":"b"},"burstFlags":{"value":"52"}}})");
  EXPECT_EQ(page.delta.assets.at(0).burst, "b");
  EXPECT_EQ(page.delta.assets.at(0).burst_flags, 52);
}

TEST(Decode, ASizeThatIsNotWithTheFileIsBesideIt) {
  const auto sizes = [](std::string_view value, std::string_view beside) {
    const auto page =
        page_of(R"({"recordName":"m","recordType":"CPLMaster","fields":{"resOriginalRes":{"value":)" +
                std::string{value} + R"(},"resOriginalFileSize":{"value":)" + std::string{beside} + "}}}");
    std::vector<std::uint64_t> all;
    for (const auto& resource : page.delta.originals.at(0).resources) all.push_back(resource.size);
    return all;
  };
  EXPECT_EQ(sizes(R"({"size":7})", "9"), std::vector<std::uint64_t>{7});
  EXPECT_EQ(sizes(R"({"size":0})", "9"), std::vector<std::uint64_t>{9});
  EXPECT_EQ(sizes(R"({"fileChecksum":"c"})", R"("9")"), std::vector<std::uint64_t>{9});
  EXPECT_EQ(sizes(R"({"size":0,"fileChecksum":"AW2cWT2PxzWixMKuuNMTHJ8CJ3sH"})", "null"),
            std::vector<std::uint64_t>{0});
  EXPECT_TRUE(sizes(R"({"size":0})", "null").empty());
  EXPECT_TRUE(sizes(R"({"size":-1})", "null").empty());
  EXPECT_TRUE(sizes("null", "9").empty());
}

TEST(Decode, ASharedAlbumIsCalledWhatItsShareIs) {
  const auto name = [](std::string_view field) {
    return page_of(R"({"recordName":"cloudkit.zoneshare","recordType":"cloudkit.share","fields":{"cloudkit.title":)" +
                   std::string{field} + "}}")
        .delta.library_name;
  };
  EXPECT_EQ(name(R"({"value":"Trip","type":"STRING"})"), "Trip");
  EXPECT_EQ(name(R"({"value":"VHJpcA==","type":"ENCRYPTED_BYTES"})"), "Trip");
  EXPECT_EQ(name("{}"), std::nullopt);
}

TEST(Decode, NamesLookedUpInVainAreToldApart) {
  const auto page =
      page_of(R"({"recordName":"gone","serverErrorCode":"NOT_FOUND","reason":"Record not found"},)"
              R"({"recordName":"m","recordType":"CPLMaster","fields":{"itemType":{"value":"public.png"}}})");
  EXPECT_EQ(page.missing, std::vector<std::string>{"gone"});
  EXPECT_EQ(page.delta.originals.size(), 1U);
}

TEST(Decode, ChangesAreThoseOfTheZoneThatWasAskedFor) {
  const auto answer = read_answer(200, recorded_body("photos/sample-changes-zone.json"));
  ASSERT_TRUE(answer);
  const auto page = decode_changes(answer->root(), "PrimarySync");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->delta.gone, std::vector<std::string>{"ALBUM_RECORD_ID_999"});
  EXPECT_EQ(page->delta.next, SyncToken{"SYNC_TOKEN_103"});
  EXPECT_FALSE(page->delta.more);
  const auto other = decode_changes(answer->root(), "SharedSync-1");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind(), ErrorKind::Protocol);
}

TEST(Decode, ATokenThatIsNotKnownMeansToStartOver) {
  const auto answer = read_answer(200, recorded_body("errors/sample-changes-zone-bad-token.json"));
  ASSERT_TRUE(answer);
  const auto page = decode_changes(answer->root(), "PrimarySync");
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().kind(), ErrorKind::StaleToken);
}

TEST(Decode, MoreChangesWithoutATokenAreNoAnswer) {
  const auto answer = read_answer(200, R"({"zones":[{"zoneID":{"zoneName":"Z"},"moreComing":true,"syncToken":""}]})");
  const auto page = decode_changes(answer->root(), "Z");
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().kind(), ErrorKind::Protocol);
}

TEST(Decode, APurgedRecordHasOnlyAName) {
  RecordsPage page;
  decode_record(read_answer(200, recorded_body("photos/sample-record-purged.json"))->root(), page);
  EXPECT_EQ(page.delta.gone, std::vector<std::string>{"GHI789"});
}

TEST(Decode, ARelationThatIsGoneSaysInItsNameWhoLeftWhat) {
  const auto page =
      page_of(R"({"recordName":"A-IN-B-in-C","recordType":null,"deleted":true},)"
              R"({"recordName":"X-IN-Y","recordType":"CPLContainerRelation","fields":{"isDeleted":{"value":1}}})");
  EXPECT_EQ(page.delta.left,
            (std::vector{Membership{AlbumId{"C"}, AssetId{"A-IN-B"}, 0}, Membership{AlbumId{"Y"}, AssetId{"X"}, 0}}));
  EXPECT_FALSE(membership_of_name("-IN-B"));
  EXPECT_FALSE(membership_of_name("A-IN-"));
}

TEST(Decode, ZonesComeWithTheirTokens) {
  const auto zones = decode_zones(read_answer(200, recorded_body("photos/sample-zones-list.json"))->root());
  ASSERT_TRUE(zones);
  ASSERT_EQ(zones->zones.size(), 2U);
  EXPECT_EQ(zones->zones[0].name, "PrimarySync");
  EXPECT_EQ(zones->zones[0].token, SyncToken{"SYNC_TOKEN_101"});
  EXPECT_FALSE(zones->zones[1].token);
}

TEST(Decode, CountsAreInTheOrderOfTheQuestions) {
  const auto recorded = decode_counts(read_answer(200, recorded_body("photos/count-33161.json"))->root());
  ASSERT_TRUE(recorded);
  EXPECT_EQ(*recorded, (std::vector<std::optional<std::int64_t>>{33161}));
  const auto mixed = decode_counts(
      read_answer(
          200,
          R"({"batch":[{"records":[]},{"serverErrorCode":"BAD_REQUEST","reason":"x"},)"
          R"({"records":[{"fields":{"itemCount":{"value":"7"}}}]},{"records":[{"fields":{"itemCount":{"value":-1}}}]}]})")
          ->root());
  ASSERT_TRUE(mixed);
  EXPECT_EQ(*mixed, (std::vector<std::optional<std::int64_t>>{std::nullopt, std::nullopt, 7, std::nullopt}));
}

TEST(Decode, ALibraryThatIsBeingIndexedSaysSo) {
  EXPECT_TRUE(decode_indexing_state(read_answer(200, recorded_body("photos/indexing-state.json"))->root())->finished);
  EXPECT_FALSE(
      decode_indexing_state(read_answer(200, recorded_body("photos/sample-indexing-not-finished.json"))->root())
          ->finished);
}

}  // namespace
}  // namespace icloudphotos::cloud
