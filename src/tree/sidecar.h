// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "icloudphotos/model/photo.h"

#include "tags.h"

namespace icloudphotos::tree {

/// What a sidecar is made of.
struct SidecarSource {
  /// How programs are told about albums. All of them find keywords and names of albums in dc:subject.
  enum class Flavour : std::uint8_t {
    On,         ///< Nothing else.
    Tree,       ///< digiKam:TagsList has them as well, albums as "Albums/Trips/Paris".
    Lightroom,  ///< lr:hierarchicalSubject has them as well, albums as "Albums|Trips|Paris".
  };
  const Asset& asset;
  const std::vector<AlbumPath>& albums;
  Flavour flavour = Flavour::On;
};

/// What the owner says about a photo as XMP (ISO 16684-1), for programs that read sidecars.
///
/// Shapes    The same source is the same bytes for ever: sidecars are copied by backups. Always XML, whatever people
///           wrote. What is not known, or makes no sense (a year 12000, a latitude of 200), is left out.
/// Dates     The capture date in the offset of the place, in the three properties programs look at.
/// Rating    5 for favourites, -1 ("rejected") for hidden and deleted photos, as icloudpd has it; else none.
[[nodiscard]] std::string sidecar_text(const SidecarSource& source);

}  // namespace icloudphotos::tree
