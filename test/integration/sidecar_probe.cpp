// SPDX-License-Identifier: MIT
// Writes sidecars of photos that stand on its standard input as in the demo's library.json: `sidecar_probe FLAVOUR DIR`.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "icloudphotos/base/json.h"

#include "sidecar.h"

using namespace icloudphotos;
using tree::AlbumPath;
using tree::SidecarSource;

namespace {

std::vector<std::string> texts(JsonView list) {
  std::vector<std::string> made;
  list.each([&](JsonView text) { made.emplace_back(text.text().value_or("")); });
  return made;
}

Asset read_asset(JsonView photo) {
  Asset asset;
  if (const auto captured = photo["captured"].integer())
    asset.captured = TimePoint{std::chrono::milliseconds{*captured}};
  if (const auto offset = photo["offset"].integer()) asset.utc_offset = std::chrono::seconds{*offset};
  asset.favorite = photo["favorite"].boolean().value_or(false);
  asset.hidden = photo["hidden"].boolean().value_or(false);
  asset.deleted = photo["deleted_at"].exists();
  asset.title = photo["title"].text().value_or("");
  asset.description = photo["description"].text().value_or("");
  asset.keywords = texts(photo["keywords"]);
  if (const JsonView place = photo["location"]; place.is_object()) {
    asset.location =
        Location{place["lat"].number().value_or(0), place["lon"].number().value_or(0), place["alt"].number()};
  }
  return asset;
}

SidecarSource::Flavour flavour_called(const std::string& name) {
  if (name == "tree") return SidecarSource::Flavour::Tree;
  return name == "lightroom" ? SidecarSource::Flavour::Lightroom : SidecarSource::Flavour::On;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const std::string input{std::istreambuf_iterator<char>{std::cin}, {}};
  const auto document = JsonDocument::parse(input);
  if (!document) {
    std::fprintf(stderr, "%s\n", document.error().message().c_str());
    return 1;
  }
  int count = 0;
  document->root().each([&](JsonView photo) {
    std::vector<AlbumPath> albums;
    photo["albums"].each([&](JsonView path) { albums.push_back(texts(path)); });
    const Asset asset = read_asset(photo);
    std::ofstream file{std::string{argv[2]} + "/" + std::to_string(count++) + ".xmp", std::ios::binary};
    file << tree::sidecar_text({.asset = asset, .albums = albums, .flavour = flavour_called(argv[1])});
  });
  return 0;
}
