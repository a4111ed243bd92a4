// SPDX-License-Identifier: MIT
#include "photo.h"

namespace icloudphotos::demo {

std::string_view field_of(Slot slot) {
  switch (slot) {
    case Slot::Original:
      return "resOriginal";
    case Slot::OriginalAlt:
      return "resOriginalAlt";
    case Slot::OriginalVidCompl:
      return "resOriginalVidCompl";
    case Slot::JpegFull:
      return "resJPEGFull";
    case Slot::JpegMed:
      return "resJPEGMed";
    case Slot::JpegThumb:
      return "resJPEGThumb";
    case Slot::VidFull:
      return "resVidFull";
    case Slot::VidMed:
      return "resVidMed";
    case Slot::VidSmall:
      return "resVidSmall";
  }
  return {};
}

bool Photo::is_video() const {
  const auto& original = at(Slot::Original);
  if (!original) return false;
  return original->type == "com.apple.quicktime-movie" || original->type == "public.mpeg-4" ||
         original->type == "com.apple.m4v-video" || original->type == "public.3gpp" || original->type == "public.avi";
}

Traits traits_of(const Photo& photo) {
  const auto& original = photo.at(Slot::Original);
  return {.captured_ms = photo.captured_ms.value_or(photo.added_ms),
          .added_ms = photo.added_ms,
          .deleted_ms = photo.deleted_ms.value_or(0),
          .deleted = photo.deleted_ms.has_value(),
          .hidden = photo.hidden,
          .favorite = photo.favorite,
          .video = photo.is_video() && photo.subtype == 0,
          .live = photo.subtype_v2 == 2,
          .screenshot = photo.subtype_v2 == 3,
          .panorama = photo.subtype == 1,
          .slo_mo = photo.subtype == 100,
          .time_lapse = photo.subtype == 101,
          .portrait = (photo.adjustment_render_type & 2) != 0,
          .long_exposure = (photo.adjustment_render_type & 4) != 0,
          .animated = original && original->type == "com.compuserve.gif",
          .burst = !photo.burst_id.empty()};
}

}  // namespace icloudphotos::demo
