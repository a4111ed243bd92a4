// SPDX-License-Identifier: MIT
#include "classify.h"

#include <algorithm>

#include "icloudphotos/base/text.h"

#include "types.h"

namespace icloudphotos::tree {
namespace {

/// The part of a file name after its last dot.
std::string_view extension_in(std::string_view name) {
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string_view{} : name.substr(dot + 1);
}

/// What the item is: the first of its type, its file's type and its name that tells.
MediaKind kind_of(const Original& original) {
  MediaKind kind = kind_of_type(original.type);
  const Resource* file = find_resource(original.resources, ResourceKind::Original);
  if (kind == MediaKind::Unknown && file != nullptr) kind = kind_of_type(file->type);
  if (kind == MediaKind::Unknown) kind = kind_of_extension(extension_in(original.file_name));
  return kind;
}

bool is_gif(const Original& original) {
  return extension_of(original.type) == "GIF" || ascii_iequals(extension_in(original.file_name), "gif");
}

}  // namespace

std::uint32_t media_types(const catalog::Photo& photo, const Versions& files) {
  const Asset& asset = photo.asset;
  std::uint32_t types = 0;
  const auto mark = [&](MediaType type, bool is) {
    if (is) types |= 1U << static_cast<unsigned>(type);
  };
  mark(MediaType::Videos, photo.original && kind_of(*photo.original) == MediaKind::Video && asset.subtype == 0);
  mark(MediaType::LivePhotos, asset.subtype_v2 == 2);
  mark(MediaType::Portraits, (asset.render_type & 2) != 0);
  mark(MediaType::Panoramas, asset.subtype == 1);
  mark(MediaType::Screenshots, asset.subtype_v2 == 3);
  mark(MediaType::SloMo, asset.subtype == 100);
  mark(MediaType::TimeLapse, asset.subtype == 101);
  mark(MediaType::Bursts, !asset.burst.empty());
  mark(MediaType::Animated, photo.original && is_gif(*photo.original));
  mark(MediaType::LongExposure, (asset.render_type & 4) != 0);
  mark(MediaType::Raw, std::any_of(files.begin(), files.end(), [](const Version& file) { return file.raw; }));
  return types;
}

}  // namespace icloudphotos::tree
