// SPDX-License-Identifier: MIT
// Forty bytes of numbers (date, offset, place), then texts ended by NULs: title, description, keyword, folder, album. The
// sidecar is XML that gives them back, the extended attributes are text that fits.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <pugixml.hpp>

#include "icloudphotos/base/text.h"

#include "extended_attributes.h"
#include "legible.h"
#include "sidecar.h"

using namespace icloudphotos;
using namespace icloudphotos::tree;

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

struct Numbers {
  std::int64_t captured;
  std::int64_t offset;
  double latitude;
  double longitude;
  double altitude;
};

Asset read_asset(const Numbers& numbers, const std::array<std::string, 5>& texts) {
  Asset asset;
  asset.id = AssetId{"a"};
  asset.captured = asset.added = TimePoint{std::chrono::milliseconds{numbers.captured}};
  asset.utc_offset = std::chrono::seconds{numbers.offset};
  asset.location = Location{numbers.latitude, numbers.longitude, numbers.altitude};
  asset.favorite = true;
  asset.title = texts[0];
  asset.description = texts[1];
  asset.keywords = {texts[2]};
  return asset;
}

void check_sidecar(const Asset& asset, const std::vector<AlbumPath>& albums, SidecarSource::Flavour flavour) {
  const std::string text = sidecar_text({.asset = asset, .albums = albums, .flavour = flavour});
  check(is_utf8(text));
  pugi::xml_document document;
  check(document.load_buffer(text.data(), text.size()));
  const pugi::xml_node description = document.child("x:xmpmeta").child("rdf:RDF").child("rdf:Description");
  check(description);
  check(description.first_element_by_path("dc:title/rdf:Alt/rdf:li").text().get() == legible(asset.title));
  check(description.first_element_by_path("dc:description/rdf:Alt/rdf:li").text().get() == legible(asset.description));
}

void check_attributes(const Asset& asset, const std::vector<AlbumPath>& albums) {
  const Resource file{ResourceKind::Original, asset.title, 1, ""};
  for (const auto& [name, value] :
       extended_attributes({.asset = asset, .file = file, .albums = albums, .library = asset.title})) {
    check(name.starts_with("user.") && is_utf8(value));
    check(!value.empty() && value.size() <= kLongestAttribute && value.find('\0') == std::string::npos);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Numbers numbers{};
  if (size < sizeof numbers) return 0;
  std::memcpy(&numbers, data, sizeof numbers);
  std::string_view rest{reinterpret_cast<const char*>(data) + sizeof numbers, size - sizeof numbers};
  std::array<std::string, 5> texts;
  for (std::string& text : texts) {
    text = rest.substr(0, rest.find('\0'));
    rest.remove_prefix(std::min(rest.size(), text.size() + 1));
  }
  const Asset asset = read_asset(numbers, texts);
  const std::vector<AlbumPath> albums{{texts[3], texts[4]}, {texts[4]}};
  for (const auto flavour :
       {SidecarSource::Flavour::On, SidecarSource::Flavour::Tree, SidecarSource::Flavour::Lightroom}) {
    check_sidecar(asset, albums, flavour);
  }
  check_attributes(asset, albums);
  return 0;
}
