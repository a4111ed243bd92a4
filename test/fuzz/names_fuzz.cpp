// SPDX-License-Identifier: MIT
// Each line of the input is a photo's file name. Whatever they are, the directory they share has legal names, each
// once, at most 255 bytes long with a sidecar's suffix, one stem for all files of a photo, and from each of them a way
// back to its claim. The same under icloudpd's names, but for the stem.
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "icloudphotos/base/text.h"

#include "icloudpd_names.h"
#include "names.h"
#include "versions.h"

using namespace icloudphotos;
using namespace icloudphotos::tree;

namespace {

using Sidecars = TreeOptions::Sidecars;

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
  original.id = OriginalId{std::string{name}};
  original.file_name = number % 5 == 0 ? "" : std::string{name};
  original.type = type(0);
  original.resources = {{ResourceKind::Original, type(0), 1, ""},
                        {ResourceKind::Alternative, type(number), 1, ""},
                        {ResourceKind::LiveVideo, type(5), 1, ""}};
  Asset asset;
  asset.resources = {{ResourceKind::EditedStill, type(1), 1, ""}, {ResourceKind::EditedVideo, type(number + 1), 1, ""}};
  return {asset, original};
}

/// The names given in one directory of each kind.
struct Given {
  std::set<std::string> keys, files, sidecars, directory_keys, icloudpd;
};

void give_ours(Given& given, const catalog::Photo& photo) {
  const FileName parts = take_apart(photo.original->file_name, photo.original->type);
  const std::string wish =
      photo.original->file_name.empty() ? nameless_stem(photo.original->id.value) : clean(parts.stem, parts.end);
  std::string stem;
  for (std::uint32_t n = 1; stem.empty() || !given.keys.insert(claim_key(stem, Naming::Photo)).second; ++n)
    stem = candidate(wish, n, Naming::Photo);
  const std::string key = claim_key(stem, Naming::Photo);
  for (const Version& file : Versions{photo}) {
    const std::string name = stem + file.suffix;
    const std::string sidecar = name + std::string{kSidecarSuffix};
    check_legal(name);
    check_legal(sidecar);
    check(given.files.insert(case_fold(name)).second && given.files.insert(case_fold(sidecar)).second);
    check(key_of_file_name(name, Sidecars::Off) == key && key_of_file_name(sidecar, Sidecars::On) == key);
  }
  const std::string shared = stem + std::string{kSidecarSuffix};
  check(given.sidecars.insert(case_fold(shared)).second && key_of_file_name(shared, Sidecars::Lightroom) == key);
}

void give_icloudpd(Given& given, const catalog::Photo& photo, std::size_t number) {
  TreeOptions options;
  options.naming = TreeOptions::Naming::Icloudpd;
  options.versions = static_cast<TreeOptions::Versions>(number % 3);
  options.live = static_cast<TreeOptions::LiveNames>(number % 2);
  options.unicode = static_cast<TreeOptions::Unicode>(number / 2 % 2);
  for (const IcloudpdFile& file : icloudpd_files(photo, options)) {
    std::string name = icloudpd_candidate(file.name, file.resource->size, 1);
    check(name == file.name);
    for (std::uint32_t n = 2; !given.icloudpd.insert(name).second; ++n)
      name = icloudpd_candidate(file.name, file.resource->size, n);
    check(!name.empty() && name.size() <= kLongestName && is_utf8(name) && name != "." && name != "..");
    check(name.find('/') == std::string::npos && name.find('\0') == std::string::npos && name != ".icloudphotos");
  }
}

void give_directory(Given& given, std::string_view line) {
  std::string name;
  for (std::uint32_t n = 1; name.empty() || !given.directory_keys.insert(claim_key(name, Naming::Directory)).second;
       ++n)
    name = candidate(clean(line), n, Naming::Directory);
  check_legal(name);
  check(clean(name) == name);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Given given;
  std::size_t number = 0;
  for (const std::string_view line : split({reinterpret_cast<const char*>(data), size}, '\n')) {
    if (++number > 200) break;
    const catalog::Photo photo = photo_of(line, number);
    give_ours(given, photo);
    give_icloudpd(given, photo, number);
    give_directory(given, line);
  }
  return 0;
}
