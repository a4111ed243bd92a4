// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "media.h"

namespace icloudphotos::demo {

/// A photo's place in its zone, from 0; never reused.
using PhotoId = std::uint32_t;

/// The renditions a photo may have (photos.md 9.2).
enum class Slot { Original, OriginalAlt, OriginalVidCompl, JpegFull, JpegMed, JpegThumb, VidFull, VidMed, VidSmall };
inline constexpr std::array kSlots{Slot::Original, Slot::OriginalAlt, Slot::OriginalVidCompl,
                                   Slot::JpegFull, Slot::JpegMed,     Slot::JpegThumb,
                                   Slot::VidFull,  Slot::VidMed,      Slot::VidSmall};
/// `resOriginal`, `resJPEGFull`, …: what the names of its fields begin with.
[[nodiscard]] std::string_view field_of(Slot slot);

struct Rendition {
  Media media;
  std::string type;  ///< UTI
  int width = 0, height = 0;
};

struct Place {
  double latitude = 0, longitude = 0, altitude = 0;
};

enum class NameEncoding { Base64, String, InvalidBase64, InvalidUtf8 };

/// Fields that the records of a photo lack.
struct Gaps {
  bool name_value = false;    ///< `filenameEnc` without a value
  bool type_value = false;    ///< `itemType` without a value
  bool original_res = false;  ///< no `resOriginalRes`, though type and size of the picture are told
  bool size = false;          ///< of `resOriginalRes`
  bool zero_flags = false;    ///< flags that are not set
  bool added = false;         ///< `addedDate`; that the record was created says as much
};

/// One asset together with its master.
struct Photo {
  std::string asset;   ///< CPLAsset recordName
  std::string master;  ///< CPLMaster recordName; several photos may share one
  std::array<std::optional<Rendition>, kSlots.size()> renditions;
  [[nodiscard]] const std::optional<Rendition>& at(Slot slot) const {
    return renditions[static_cast<std::size_t>(slot)];
  }
  [[nodiscard]] std::optional<Rendition>& at(Slot slot) { return renditions[static_cast<std::size_t>(slot)]; }

  std::optional<std::string> name;
  NameEncoding name_encoding = NameEncoding::Base64;
  std::optional<std::string> item_type;
  std::optional<std::int64_t> captured_ms;
  std::int64_t added_ms = 0;
  std::int64_t modified_ms = 0;  ///< the asset's record
  std::optional<std::int64_t> offset_s;
  std::string time_zone;
  bool favorite = false, hidden = false;
  std::optional<std::int64_t> deleted_ms;
  std::int64_t duration_ms = 0;
  std::int64_t orientation = 1, subtype = 0, subtype_v2 = 0;
  std::string burst_id;
  std::int64_t burst_flags = 0;
  std::string adjustment_type;
  std::int64_t adjustment_render_type = 0;
  std::optional<std::string> title, description;
  std::vector<std::string> keywords;
  std::optional<Place> place;
  bool no_download_url = false;  ///< still being uploaded by the phone
  Gaps gaps;
  bool late_master = false;  ///< lists leave its master out; the feed and lookup have it

  [[nodiscard]] bool is_video() const;
  [[nodiscard]] bool is_edited() const { return at(Slot::JpegFull) || at(Slot::VidFull); }
};

/// What of a photo decides where it stands in the indexes; a computed library has it without making the photo.
struct Traits {
  std::int64_t captured_ms = 0, added_ms = 0, deleted_ms = 0;
  bool deleted = false, hidden = false, favorite = false;
  bool video = false, live = false, screenshot = false, panorama = false, slo_mo = false, time_lapse = false;
  bool portrait = false, long_exposure = false, animated = false, burst = false;
};
[[nodiscard]] Traits traits_of(const Photo& photo);

struct Member {
  std::string asset;
  std::int64_t position = 0;
};

struct Album {
  std::string id;
  bool is_folder = false;
  std::optional<std::string> name;
  std::string parent;  ///< empty: none
  std::int64_t position = 0;
  std::int64_t created_ms = 0, modified_ms = 0;
  bool trashed = false;
  std::vector<Member> members;
};

}  // namespace icloudphotos::demo
