// SPDX-License-Identifier: MIT
// Each line of the input is a photo's file name. Whatever they are, the directory they share has legal names, each
// once, at most 255 bytes long, and one stem for all files of a photo.
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "icloudphotos/base/text.h"

#include "claims.h"
#include "names.h"
#include "types.h"
#include "versions.h"

using namespace icloudphotos;
using namespace icloudphotos::tree;

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

void check_legal(const std::string& name) {
  check(!name.empty() && name.size() <= kLongestName && is_utf8(name) && nfc(name) == name);
  check(name.front() != '.' && name.back() != '.' && name.back() != ' ');
  for (const char c : name) check(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
  check(name.find_first_of("/\\:*?\"<>|") == std::string::npos);
}

/// A photo with every file it can have, of types chosen by its number.
catalog::Photo photo_of(std::string_view name, std::size_t number) {
  static const std::vector<std::string> kTypes{
      "public.jpeg", "public.heic", "com.adobe.raw-image", "", "x.y", "com.apple.quicktime-movie", "public.image"};
  const auto type = [&](std::size_t more) { return kTypes[(number + more) % kTypes.size()]; };
  Original original;
  original.file_name = name;
  original.type = type(0);
  original.resources = {{ResourceKind::Original, type(0), 1, ""},
                        {ResourceKind::Alternative, type(number), 1, ""},
                        {ResourceKind::LiveVideo, type(5), 1, ""}};
  Asset asset;
  asset.resources = {{ResourceKind::EditedStill, type(1), 1, ""}, {ResourceKind::EditedVideo, type(number + 1), 1, ""}};
  return {asset, original};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  Claims claims;
  const auto photos = claims.directory("photos", Naming::Photo);
  const auto albums = claims.directory("albums", Naming::Directory);
  claims.begin();
  std::set<std::string> files;
  std::set<std::string> directories;
  std::size_t number = 0;
  for (const std::string_view line : split(text, '\n')) {
    if (++number > 200) break;
    const catalog::Photo photo = photo_of(line, number);
    const FileName parts = take_apart(line, photo.original->type);
    const std::string owner = "owner " + std::to_string(number);
    const std::string stem = claims.claim(photos, owner, {}, [&] { return clean(parts.stem, parts.end); });
    check(stem == claims.claim(photos, owner, {}, [] { return std::string{"unasked"}; }));
    for (const Version& file : Versions{photo}) {
      check_legal(stem + file.suffix);
      check(files.insert(case_fold(stem + file.suffix)).second);
    }
    const std::string directory = claims.claim(albums, owner, {}, [&] { return clean(line); });
    check_legal(directory);
    check(directories.insert(case_fold(directory)).second);
    check(clean(clean(line)) == clean(line) || clean(line).front() == '_');
    check_legal(clean(line).substr(0, 0) + nameless_stem(line));
  }
  return 0;
}
