// SPDX-License-Identifier: MIT
#include "sidecar.h"

#include <gtest/gtest.h>
#include <pugixml.hpp>

#include "legible.h"

namespace icloudphotos::tree {
namespace {

using Flavour = SidecarSource::Flavour;
using Texts = std::vector<std::string>;

Asset fjord() {
  Asset asset;
  asset.captured = TimePoint{std::chrono::milliseconds{1'718'161'964'000}};
  asset.utc_offset = std::chrono::hours{2};
  asset.favorite = true;
  asset.title = "Morning above the fjord";
  asset.description = "Nobody else was up.\nRidge behind ridge.";
  asset.keywords = {"Norway", "morning"};
  asset.location = Location{60.3913, -5.3221, 12.0};
  return asset;
}

std::string text_of(const Asset& asset, const std::vector<AlbumPath>& albums = {}, Flavour flavour = Flavour::On) {
  return sidecar_text({.asset = asset, .albums = albums, .flavour = flavour});
}

/// A sidecar read back.
class Read {
 public:
  explicit Read(const std::string& text)
      : outcome_{document_.load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_ws_pcdata_single)} {}
  explicit Read(const Asset& asset) : Read{text_of(asset)} {}

  [[nodiscard]] bool well_formed() const { return outcome_; }
  /// Of a simple property, or of the first item of a list.
  [[nodiscard]] std::string value(const char* property) const {
    const pugi::xml_node node = description().child(property);
    const pugi::xml_node item = node.first_element_by_path("rdf:Alt/rdf:li");
    return (item ? item : node).text().get();
  }
  [[nodiscard]] bool has(const char* property) const { return description().child(property); }
  [[nodiscard]] Texts list(const char* property, const char* container) const {
    Texts items;
    for (const pugi::xml_node item : description().child(property).child(container).children("rdf:li")) {
      items.emplace_back(item.text().get());
    }
    return items;
  }

 private:
  [[nodiscard]] pugi::xml_node description() const {
    return document_.child("x:xmpmeta").child("rdf:RDF").child("rdf:Description");
  }
  pugi::xml_document document_;
  pugi::xml_parse_result outcome_;
};

TEST(Sidecar, SaysAllThatIsKnown) {
  EXPECT_EQ(text_of(fjord(), {{"Trips", "Fjords & fells"}}, Flavour::Tree),
            "<?xpacket begin=\"\xef\xbb\xbf\""
            R"( id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="mount.icloudphotos">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:digiKam="http://www.digikam.org/ns/1.0/">
   <dc:title>
    <rdf:Alt>
     <rdf:li xml:lang="x-default">Morning above the fjord</rdf:li>
    </rdf:Alt>
   </dc:title>
   <dc:description>
    <rdf:Alt>
     <rdf:li xml:lang="x-default">Nobody else was up.
Ridge behind ridge.</rdf:li>
    </rdf:Alt>
   </dc:description>
   <dc:subject>
    <rdf:Bag>
     <rdf:li>Norway</rdf:li>
     <rdf:li>morning</rdf:li>
     <rdf:li>Fjords &amp; fells</rdf:li>
    </rdf:Bag>
   </dc:subject>
   <digiKam:TagsList>
    <rdf:Seq>
     <rdf:li>Norway</rdf:li>
     <rdf:li>morning</rdf:li>
     <rdf:li>Albums/Trips/Fjords &amp; fells</rdf:li>
    </rdf:Seq>
   </digiKam:TagsList>
   <xmp:Rating>5</xmp:Rating>
   <xmp:CreateDate>2024-06-12T05:12:44+02:00</xmp:CreateDate>
   <photoshop:DateCreated>2024-06-12T05:12:44+02:00</photoshop:DateCreated>
   <exif:DateTimeOriginal>2024-06-12T05:12:44+02:00</exif:DateTimeOriginal>
   <exif:GPSVersionID>2.3.0.0</exif:GPSVersionID>
   <exif:GPSLatitude>60,23.478000N</exif:GPSLatitude>
   <exif:GPSLongitude>5,19.326000W</exif:GPSLongitude>
   <exif:GPSAltitude>12000/1000</exif:GPSAltitude>
   <exif:GPSAltitudeRef>0</exif:GPSAltitudeRef>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
)");
}

TEST(Sidecar, OfAPhotoNobodySaidAnythingAboutHasItsDate) {
  Asset asset;
  asset.captured = TimePoint{std::chrono::milliseconds{1'718'161'964'250}};
  EXPECT_EQ(text_of(asset),
            "<?xpacket begin=\"\xef\xbb\xbf\""
            R"( id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="mount.icloudphotos">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/">
   <xmp:CreateDate>2024-06-12T03:12:44.250Z</xmp:CreateDate>
   <photoshop:DateCreated>2024-06-12T03:12:44.250Z</photoshop:DateCreated>
   <exif:DateTimeOriginal>2024-06-12T03:12:44.250Z</exif:DateTimeOriginal>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
)");
}

TEST(Sidecar, LeavesOutWhatMakesNoSense) {
  Asset asset = fjord();
  asset.captured = TimePoint{std::chrono::milliseconds{253'402'300'800'000}};
  asset.location = Location{200, 0, 5.0};
  asset.title = "\x01\x02";
  asset.description = " \n";
  asset.keywords = {""};
  const Read read{asset};
  ASSERT_TRUE(read.well_formed());
  for (const char* property : {"dc:title", "dc:description", "dc:subject", "xmp:CreateDate", "photoshop:DateCreated",
                               "exif:DateTimeOriginal", "exif:GPSVersionID", "exif:GPSLatitude", "exif:GPSAltitude"}) {
    EXPECT_FALSE(read.has(property)) << property;
  }
  EXPECT_TRUE(read.has("xmp:Rating"));
}

TEST(Sidecar, RatesFavouritesAndRejectsWhatIsHiddenOrDeleted) {
  Asset asset;
  EXPECT_FALSE(Read{asset}.has("xmp:Rating"));
  asset.favorite = true;
  EXPECT_EQ(Read{asset}.value("xmp:Rating"), "5");
  asset.hidden = true;
  EXPECT_EQ(Read{asset}.value("xmp:Rating"), "-1");
  asset.favorite = asset.hidden = false;
  asset.deleted = true;
  EXPECT_EQ(Read{asset}.value("xmp:Rating"), "-1");
}

TEST(Sidecar, TellsAltitudesBelowTheSea) {
  Asset asset;
  asset.location = Location{31.5, 35.5, -430.5};
  const Read read{asset};
  EXPECT_EQ(read.value("exif:GPSAltitude"), "430500/1000");
  EXPECT_EQ(read.value("exif:GPSAltitudeRef"), "1");
}

TEST(Sidecar, TellsEachProgramOfAlbumsInItsOwnWay) {
  Asset asset;
  asset.keywords = {"sea"};
  const std::vector<AlbumPath> albums{{"Trips", "Paris"}};
  const Read plain{text_of(asset, albums, Flavour::On)};
  const Read tree{text_of(asset, albums, Flavour::Tree)};
  const Read lightroom{text_of(asset, albums, Flavour::Lightroom)};
  for (const Read* read : {&plain, &tree, &lightroom}) {
    EXPECT_EQ(read->list("dc:subject", "rdf:Bag"), (Texts{"sea", "Paris"}));
  }
  EXPECT_EQ(tree.list("digiKam:TagsList", "rdf:Seq"), (Texts{"sea", "Albums/Trips/Paris"}));
  EXPECT_EQ(lightroom.list("lr:hierarchicalSubject", "rdf:Bag"), (Texts{"sea", "Albums|Trips|Paris"}));
  EXPECT_FALSE(plain.has("digiKam:TagsList") || plain.has("lr:hierarchicalSubject"));
  EXPECT_FALSE(tree.has("lr:hierarchicalSubject") || lightroom.has("digiKam:TagsList"));
}

TEST(Sidecar, IsXmlWhateverPeopleWrote) {
  const Texts hostile{"]]>",
                      "</rdf:li></dc:title><x>&amp;&#0;<!--",
                      "\"quotes' & <tags> ?>",
                      "\xff\xfe\xc3",
                      std::string{"a\0b\x1b\x0c\x7f", 6},
                      "tabs\tand\r\nline\rends",
                      "👩‍👩‍👧 e\xcc\x81 \xe2\x80\xae abc",
                      "\xef\xbf\xbf \xed\xa0\x80",
                      std::string(300'000, 'x') + "&"};
  for (const std::string& text : hostile) {
    Asset asset;
    asset.title = asset.description = text;
    asset.keywords = {text};
    const Read read{text_of(asset, {{text, text + "2"}}, Flavour::Tree)};
    ASSERT_TRUE(read.well_formed()) << text.substr(0, 100);
    EXPECT_EQ(read.value("dc:title"), legible(text));
    EXPECT_EQ(read.value("dc:description"), legible(text));
    EXPECT_EQ(read.list("dc:subject", "rdf:Bag"), (Texts{legible_line(text), legible_line(text + "2")}));
    EXPECT_EQ(read.list("digiKam:TagsList", "rdf:Seq").size(), 2U);
  }
}

TEST(Sidecar, DoesNotChangeWithWhatIsNotInIt) {
  Asset asset = fjord();
  const std::string before = text_of(asset);
  asset.changed = TimePoint{std::chrono::milliseconds{1}};
  asset.added = asset.created = asset.changed;
  asset.resources.push_back({ResourceKind::EditedStill, "public.jpeg", 1, "x"});
  EXPECT_EQ(text_of(asset), before);
}

}  // namespace
}  // namespace icloudphotos::tree
