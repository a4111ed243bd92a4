// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "icloudphotos/model/photo.h"

namespace icloudphotos::tree {

/// Where an album is below `Albums`: the names of its folders, then its own. As people wrote them, not cleaned.
using AlbumPath = std::vector<std::string>;

/// What a photo is tagged with: its keywords, then the names of its albums. Each on one line, none empty, none twice.
[[nodiscard]] std::vector<std::string> flat_tags(const Asset& asset, const std::vector<AlbumPath>& albums);

/// The same with the places of the albums: "Albums/Trips/Paris" with '/' as the separator. A separator inside a name
/// becomes '_', so that nothing looks like a level that is none.
[[nodiscard]] std::vector<std::string> nested_tags(const Asset& asset, const std::vector<AlbumPath>& albums,
                                                   char separator);

}  // namespace icloudphotos::tree
