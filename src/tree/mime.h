// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace icloudphotos::tree {

/// The media type of a uniform type identifier: "image/heic" for "public.heic". Empty when the identifier does not tell
/// ("public.image") or is unknown.
[[nodiscard]] std::string_view mime_type_of(std::string_view type);

}  // namespace icloudphotos::tree
