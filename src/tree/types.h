// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace icloudphotos::tree {

/// What a file is, as far as the tree cares.
enum class MediaKind : std::uint8_t { Unknown, Image, Raw, Video, Audio, Document };

/// The extension of a uniform type identifier, upper case and without its dot; empty when the type does not tell.
[[nodiscard]] std::string_view extension_of(std::string_view type);

/// What kind of file a type is; any type with "raw" in its name is RAW.
[[nodiscard]] MediaKind kind_of_type(std::string_view type);

/// What kind of file an extension (without its dot, any case) promises.
[[nodiscard]] MediaKind kind_of_extension(std::string_view extension);

/// What an extension, any case, says about a file of this type.
enum class Verdict : std::uint8_t {
  Agrees,       ///< It is one this type has, or the type is too vague to tell ("public.image").
  Contradicts,  ///< It belongs to another type.
  NoExtension,  ///< No type we know has it: what looks like an extension is part of the name ("Panel.v2").
};
[[nodiscard]] Verdict judge_extension(std::string_view extension, std::string_view type);

}  // namespace icloudphotos::tree
