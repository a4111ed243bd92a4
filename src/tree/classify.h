// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "icloudphotos/catalog/catalog.h"

#include "versions.h"

namespace icloudphotos::tree {

/// The directories of `Media Types`, in the order of `kMediaTypes`.
enum class MediaType : std::uint8_t {
  Videos,
  LivePhotos,
  Portraits,
  Panoramas,
  Screenshots,
  SloMo,
  TimeLapse,
  Bursts,
  Animated,
  LongExposure,
  Raw,
};
inline constexpr std::array<std::string_view, 11> kMediaTypes{"Videos",      "Live Photos",   "Portraits",  "Panoramas",
                                                              "Screenshots", "Slo-mo",        "Time-lapse", "Bursts",
                                                              "Animated",    "Long Exposure", "RAW"};

/// The media types a photo is of, one bit each (`1 << MediaType`). Decided here from its fields, so that they follow
/// every change without another question to the far side (protocol/photos.md 6; RAW is ours).
[[nodiscard]] std::uint32_t media_types(const catalog::Photo& photo, const Versions& files);

}  // namespace icloudphotos::tree
