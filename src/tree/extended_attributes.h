// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "icloudphotos/model/photo.h"

#include "tags.h"

namespace icloudphotos::tree {

/// What Linux allows for one value (XATTR_SIZE_MAX).
inline constexpr std::size_t kLongestAttribute = 65536;

/// What the attributes of a file are made of.
struct AttributeSource {
  const Asset& asset;
  const Original* original = nullptr;  ///< Null: not known.
  const Resource& file;
  const std::vector<AlbumPath>& albums;
  std::string_view library;  ///< As it is called in the mount.
};

/// Names and values, in this order. What is not known is not there.
///
/// user.xdg.tags              Keywords and names of albums, separated by commas. Readers know no way to quote one, so
///                            a comma inside a tag becomes a blank. What no longer fits is left out.
/// user.baloo.rating          "10", five stars, for favourites.
/// user.xdg.comment           The description, else the title.
/// user.mime_type             Of this file.
/// user.icloudphotos.checksum Apple's checksum of this file (base64).
/// user.icloudphotos.asset    Apple's name of the photo.
/// user.icloudphotos.library  The library it is in.
/// user.icloudphotos.added    When it came into the library: "2024-06-12T03:14:14Z".
/// user.icloudphotos.location Degrees north and east, metres above the sea: "60.391300,5.322100,12.00".
/// user.icloudphotos.state    Of the photo, whichever of its files this is. Those of these words that are true, in this
///                            order, separated by commas: favorite hidden deleted edited live raw burst.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> extended_attributes(const AttributeSource& source);

}  // namespace icloudphotos::tree
