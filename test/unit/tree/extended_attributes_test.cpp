// SPDX-License-Identifier: MIT
#include "extended_attributes.h"

#include <map>

#include <gtest/gtest.h>

#include "icloudphotos/base/text.h"

namespace icloudphotos::tree {
namespace {

using Attributes = std::map<std::string, std::string>;

/// A photo and its file. `of` gives its attributes.
struct Subject {
  Asset asset;
  Original original;
  Resource file{ResourceKind::Original, "public.heic", 1000, "AW2cWT2PxzWixMKuuNMTHJ8CJ3sH"};
  std::vector<AlbumPath> albums;

  [[nodiscard]] Attributes attributes(const std::string& library = "") const {
    const auto list = extended_attributes(
        {.asset = asset, .original = &original, .file = file, .albums = albums, .library = library});
    Attributes made{list.begin(), list.end()};
    EXPECT_EQ(made.size(), list.size()) << "a name twice";
    return made;
  }
  [[nodiscard]] std::string value(const std::string& name) const {
    const auto all = attributes();
    const auto found = all.find(name);
    return found == all.end() ? "absent" : found->second;
  }
};

TEST(ExtendedAttributes, SayAllThatIsKnown) {
  Subject subject;
  subject.asset.id = AssetId{"94F713B8-54D2-5F74-9601-002EDAE2B8C1"};
  subject.asset.favorite = true;
  subject.asset.title = "Morning above the fjord";
  subject.asset.description = "Nobody else was up.";
  subject.asset.keywords = {"Norway", "morning"};
  subject.asset.added = TimePoint{std::chrono::milliseconds{1'718'162'054'000}};
  subject.asset.utc_offset = std::chrono::hours{2};
  subject.asset.location = Location{60.3913, 5.3221, 12.0};
  subject.albums = {{"Trips", "Fjords"}};
  EXPECT_EQ(subject.attributes("Personal Library"),
            (Attributes{{"user.xdg.tags", "Norway,morning,Fjords"},
                        {"user.baloo.rating", "10"},
                        {"user.xdg.comment", "Nobody else was up."},
                        {"user.mime_type", "image/heic"},
                        {"user.icloudphotos.checksum", "AW2cWT2PxzWixMKuuNMTHJ8CJ3sH"},
                        {"user.icloudphotos.asset", "94F713B8-54D2-5F74-9601-002EDAE2B8C1"},
                        {"user.icloudphotos.library", "Personal Library"},
                        {"user.icloudphotos.added", "2024-06-12T03:14:14Z"},
                        {"user.icloudphotos.location", "60.391300,5.322100,12.00"},
                        {"user.icloudphotos.state", "favorite"}}));
}

TEST(ExtendedAttributes, AreNotThereWhenThereIsNothingToSay) {
  Subject subject;
  subject.file = {ResourceKind::Original, "", 5, ""};
  subject.asset.id = AssetId{"A"};
  subject.asset.added = TimePoint{std::chrono::milliseconds{INT64_MAX}};
  subject.asset.location = Location{-180, -180, std::nullopt};
  subject.asset.title = " ";
  EXPECT_EQ(subject.attributes(), (Attributes{{"user.icloudphotos.asset", "A"}}));
}

TEST(ExtendedAttributes, HaveTheTitleAsCommentWhereThereIsNoDescription) {
  Subject subject;
  subject.asset.title = "Title";
  EXPECT_EQ(subject.value("user.xdg.comment"), "Title");
  subject.asset.description = "Description";
  EXPECT_EQ(subject.value("user.xdg.comment"), "Description");
}

TEST(ExtendedAttributes, HaveTagsWithoutCommasInThem) {
  Subject subject;
  subject.asset.keywords = {"Paris, France", ",", "a,b", "line\nend"};
  EXPECT_EQ(subject.value("user.xdg.tags"), "Paris France,a b,line end");
}

TEST(ExtendedAttributes, TellTheTypeOfTheFileAndNotOfThePhoto) {
  Subject subject;
  subject.original.type = "public.heic";
  subject.file = {ResourceKind::LiveVideo, "com.apple.quicktime-movie", 1, ""};
  EXPECT_EQ(subject.value("user.mime_type"), "video/quicktime");
  subject.file.type = "";
  EXPECT_EQ(subject.value("user.mime_type"), "absent");
  subject.file.kind = ResourceKind::Original;
  EXPECT_EQ(subject.value("user.mime_type"), "image/heic") << "the original is what the item is";
  subject.file.type = "public.image";
  EXPECT_EQ(subject.value("user.mime_type"), "absent") << "too vague to tell";
}

TEST(ExtendedAttributes, TellTheStateOfThePhoto) {
  Subject subject;
  EXPECT_EQ(subject.value("user.icloudphotos.state"), "absent");
  subject.asset.subtype_v2 = 2;
  subject.asset.resources.push_back({ResourceKind::MediumVideo, "public.mpeg-4", 1, ""});
  EXPECT_EQ(subject.value("user.icloudphotos.state"), "live");
  subject.asset.favorite = subject.asset.hidden = subject.asset.deleted = true;
  subject.asset.burst = "burst";
  subject.asset.resources.push_back({ResourceKind::EditedVideo, "com.apple.quicktime-movie", 1, ""});
  subject.original.resources.push_back({ResourceKind::Alternative, "com.adobe.raw-image", 1, ""});
  EXPECT_EQ(subject.value("user.icloudphotos.state"), "favorite,hidden,deleted,edited,live,raw,burst");
}

TEST(ExtendedAttributes, AreThereForAPhotoWhoseOriginalIsNotKnown) {
  Subject subject;
  const Resource edit{ResourceKind::EditedStill, "public.jpeg", 1, "sum"};
  subject.asset.resources = {edit};
  const auto list = extended_attributes(
      {.asset = subject.asset, .original = nullptr, .file = edit, .albums = subject.albums, .library = "L"});
  const Attributes attributes{list.begin(), list.end()};
  EXPECT_EQ(attributes.at("user.mime_type"), "image/jpeg");
  EXPECT_EQ(attributes.at("user.icloudphotos.state"), "edited");
}

TEST(ExtendedAttributes, FitIntoWhatLinuxAllows) {
  Subject subject;
  std::string description;
  while (description.size() < 2 * kLongestAttribute) description += "ä";
  subject.asset.description = "x" + description;
  subject.asset.id = AssetId{std::string(100'000, 'a')};
  for (int i = 0; i < 20'000; ++i) subject.asset.keywords.push_back("keyword " + std::to_string(i));
  const auto attributes = subject.attributes(std::string(100'000, 'l'));
  for (const auto& [name, value] : attributes) {
    EXPECT_LE(value.size(), kLongestAttribute) << name;
    EXPECT_TRUE(is_utf8(value)) << name;
  }
  EXPECT_EQ(attributes.at("user.xdg.comment").size(), kLongestAttribute - 1) << "a letter is not cut in two";
  const std::string& tags = attributes.at("user.xdg.tags");
  EXPECT_GT(tags.size(), kLongestAttribute - 20);
  EXPECT_EQ(tags.compare(tags.rfind(',') + 1, 8, "keyword "), 0) << "nor is a tag";
}

TEST(ExtendedAttributes, AreTextWithoutZeroBytes) {
  Subject subject;
  subject.asset.title = std::string{"a\0b\xff", 4};
  EXPECT_EQ(subject.value("user.xdg.comment"), "ab\ufffd");
}

}  // namespace
}  // namespace icloudphotos::tree
