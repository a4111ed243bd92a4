// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace icloudphotos::tree {

/// What a directory is for. Stored: never renumber.
enum class Role : std::int64_t {
  Fixed = 0,       ///< Has only directories that are always there: a library, Media Types.
  AllPhotos = 1,   ///< All Photos and its directories by date.
  View = 2,        ///< Shows the current version: Favorites, albums and the like.
  Raw = 3,         ///< The same, and the RAW file.
  Jpeg = 4,        ///< JPEG and its directories by date.
  Everything = 5,  ///< Whatever there is of a photo that is nowhere else: Hidden, Recently Deleted, a shared album.
  Folder = 6,      ///< Albums and folders of albums.
};

/// In which directories a file is shown, one bit each.
enum Where : std::uint8_t { InAllPhotos = 1, InViews = 2, InRaw = 4, InJpeg = 8, InEverything = 16 };

[[nodiscard]] constexpr std::uint8_t shown_in(Role role) {
  switch (role) {
    case Role::AllPhotos:
      return InAllPhotos;
    case Role::View:
      return InViews;
    case Role::Raw:
      return InViews | InRaw;
    case Role::Jpeg:
      return InJpeg;
    case Role::Everything:
      return InEverything;
    case Role::Fixed:
    case Role::Folder:
      break;
  }
  return 0;
}

}  // namespace icloudphotos::tree
