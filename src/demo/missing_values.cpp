// SPDX-License-Identifier: MIT
#include "missing_values.h"

namespace icloudphotos::demo {
namespace {

constexpr PhotoId kCycle = 26;

/// Of a video or an animation nothing else would tell what it is.
bool can_lose_type(const Photo& photo) {
  const auto& original = photo.at(Slot::Original);
  return original && !photo.is_video() && original->type != "com.compuserve.gif";
}

void lose_type(Photo& photo) {
  if (!can_lose_type(photo)) return;
  photo.item_type.reset();
  photo.at(Slot::Original)->type.clear();
}

}  // namespace

Photo with_gaps_of_master(Photo photo, PhotoId owner) {
  switch (owner % kCycle) {
    case 1:
      photo.gaps.name_value = photo.name.has_value();
      photo.name.reset();
      break;
    case 3:
      photo.name.reset();
      break;
    case 5:
      photo.gaps.type_value = photo.item_type.has_value();
      photo.item_type.reset();
      break;
    case 7:
      photo.gaps.original_res = true;
      break;
    case 9:
      lose_type(photo);
      break;
    case 11:
      photo.at(Slot::JpegMed).reset();
      break;
    case 13:
      photo.gaps.size = true;
      break;
    case 15:
      photo.no_download_url = true;
      break;
    case 17:
      photo.name.reset();
      lose_type(photo);
      break;
    default:
      break;
  }
  return photo;
}

Photo with_gaps_of_asset(Photo photo, PhotoId id) {
  switch (id % kCycle) {
    case 19:
      photo.captured_ms.reset();
      break;
    case 21:
      photo.offset_s.reset();
      photo.time_zone.clear();
      break;
    case 23:
      photo.gaps.zero_flags = true;
      break;
    case 25:
      photo.captured_ms.reset();
      photo.gaps.added = true;
      break;
    default:
      break;
  }
  return photo;
}

std::vector<std::string_view> names_of(const Gaps& gaps) {
  std::vector<std::string_view> names;
  if (gaps.name_value) names.emplace_back("filenameEnc.value");
  if (gaps.type_value) names.emplace_back("itemType.value");
  if (gaps.original_res) names.emplace_back("resOriginalRes");
  if (gaps.size) names.emplace_back("resOriginalRes.size");
  if (gaps.zero_flags) names.emplace_back("isFavorite");
  if (gaps.added) names.emplace_back("addedDate");
  return names;
}

}  // namespace icloudphotos::demo
