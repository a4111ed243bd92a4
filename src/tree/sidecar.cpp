// SPDX-License-Identifier: MIT
#include "sidecar.h"

#include <cstddef>
#include <optional>

#include <pugixml.hpp>

#include "iso_time.h"
#include "legible.h"
#include "place.h"

namespace icloudphotos::tree {
namespace {

class StringWriter final : public pugi::xml_writer {
 public:
  void write(const void* bytes, std::size_t count) override { text_.append(static_cast<const char*>(bytes), count); }
  std::string take() && { return std::move(text_); }

 private:
  std::string text_;
};

void instruct(pugi::xml_document& document, const char* packet) {
  pugi::xml_node wrapper = document.append_child(pugi::node_pi);
  wrapper.set_name("xpacket");
  wrapper.set_value(packet);
}

/// The element everything is said in.
pugi::xml_node add_description(pugi::xml_document& document, SidecarSource::Flavour flavour) {
  pugi::xml_node root = document.append_child("x:xmpmeta");
  root.append_attribute("xmlns:x") = "adobe:ns:meta/";
  // The program that wrote the XMP. xmp:CreatorTool would be the one that made the picture.
  root.append_attribute("x:xmptk") = "mount.icloudphotos";
  pugi::xml_node rdf = root.append_child("rdf:RDF");
  rdf.append_attribute("xmlns:rdf") = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
  pugi::xml_node description = rdf.append_child("rdf:Description");
  description.append_attribute("rdf:about") = "";
  description.append_attribute("xmlns:dc") = "http://purl.org/dc/elements/1.1/";
  description.append_attribute("xmlns:xmp") = "http://ns.adobe.com/xap/1.0/";
  description.append_attribute("xmlns:photoshop") = "http://ns.adobe.com/photoshop/1.0/";
  description.append_attribute("xmlns:exif") = "http://ns.adobe.com/exif/1.0/";
  if (flavour == SidecarSource::Flavour::Tree) {
    description.append_attribute("xmlns:digiKam") = "http://www.digikam.org/ns/1.0/";
  } else if (flavour == SidecarSource::Flavour::Lightroom) {
    description.append_attribute("xmlns:lr") = "http://ns.adobe.com/lightroom/1.0/";
  }
  return description;
}

void add_value(pugi::xml_node description, const char* property, const std::string& value) {
  description.append_child(property).text().set(value.c_str());
}

/// A text of which there could be translations.
void add_text(pugi::xml_node description, const char* property, const std::string& text) {
  if (text.empty()) return;
  pugi::xml_node item = description.append_child(property).append_child("rdf:Alt").append_child("rdf:li");
  item.append_attribute("xml:lang") = "x-default";
  item.text().set(text.c_str());
}

void add_list(pugi::xml_node description, const char* property, const char* container,
              const std::vector<std::string>& items) {
  if (items.empty()) return;
  pugi::xml_node list = description.append_child(property).append_child(container);
  for (const std::string& item : items) add_value(list, "rdf:li", item);
}

void add_tags(pugi::xml_node description, const SidecarSource& source) {
  add_list(description, "dc:subject", "rdf:Bag", flat_tags(source.asset, source.albums));
  // With the keywords among them: who reads these does not look into dc:subject any more.
  if (source.flavour == SidecarSource::Flavour::Tree) {
    add_list(description, "digiKam:TagsList", "rdf:Seq", nested_tags(source.asset, source.albums, '/'));
  } else if (source.flavour == SidecarSource::Flavour::Lightroom) {
    add_list(description, "lr:hierarchicalSubject", "rdf:Bag", nested_tags(source.asset, source.albums, '|'));
  }
}

void add_rating(pugi::xml_node description, const Asset& asset) {
  if (asset.hidden || asset.deleted) {
    add_value(description, "xmp:Rating", "-1");
  } else if (asset.favorite) {
    add_value(description, "xmp:Rating", "5");
  }
}

void add_date(pugi::xml_node description, const Asset& asset) {
  const auto date = asset.captured ? iso_time(*asset.captured, asset.utc_offset) : std::nullopt;
  if (!date) return;
  for (const char* property : {"xmp:CreateDate", "photoshop:DateCreated", "exif:DateTimeOriginal"}) {
    add_value(description, property, *date);
  }
}

void add_place(pugi::xml_node description, const Asset& asset) {
  const auto place = believable(asset.location);
  if (!place) return;
  add_value(description, "exif:GPSVersionID", "2.3.0.0");
  add_value(description, "exif:GPSLatitude", xmp_degrees(place->latitude, 'N', 'S'));
  add_value(description, "exif:GPSLongitude", xmp_degrees(place->longitude, 'E', 'W'));
  if (!place->altitude) return;
  add_value(description, "exif:GPSAltitude", xmp_metres(*place->altitude));
  add_value(description, "exif:GPSAltitudeRef", *place->altitude < 0 ? "1" : "0");
}

}  // namespace

std::string sidecar_text(const SidecarSource& source) {
  pugi::xml_document document;
  instruct(document, "begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"");
  const pugi::xml_node description = add_description(document, source.flavour);
  add_text(description, "dc:title", legible(source.asset.title));
  add_text(description, "dc:description", legible(source.asset.description));
  add_tags(description, source);
  add_rating(description, source.asset);
  add_date(description, source.asset);
  add_place(description, source.asset);
  instruct(document, "end=\"w\"");
  StringWriter writer;
  document.save(writer, " ", pugi::format_indent | pugi::format_no_declaration, pugi::encoding_utf8);
  return std::move(writer).take();
}

}  // namespace icloudphotos::tree
