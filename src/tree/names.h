// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "icloudphotos/tree/options.h"

namespace icloudphotos::tree {

/// What Linux allows for one name.
inline constexpr std::size_t kLongestName = 255;
/// What an extension may have; longer ones are part of the name.
inline constexpr std::size_t kLongestExtension = 8;

/// What the files of one photo have between stem and extension when there are several of a kind.
inline constexpr std::string_view kEditedSuffix = "-edited";
inline constexpr std::string_view kAlternativeSuffix =
    "-alternative";                                       ///< Only where the extension does not tell it apart.
inline constexpr std::string_view kLiveSuffix = "-live";  ///< Likewise.
inline constexpr std::string_view kEditedLiveSuffix = "-edited-live";  ///< Likewise.

/// What the XMP sidecar of a file has after the file's own name: "IMG_1.HEIC.xmp". No photo has it for its extension.
inline constexpr std::string_view kSidecarSuffix = ".xmp";

/// The longest stem of a photo. Room for the longest suffix is kept from the start, because a photo that is edited next
/// year, or gets a sidecar, must not change its name for it.
inline constexpr std::size_t kLongestStem =
    kLongestName - kAlternativeSuffix.size() - 1 - kLongestExtension - kSidecarSuffix.size();
static_assert(kAlternativeSuffix.size() >= kEditedLiveSuffix.size());

/// Whether more of the name follows, so that a dot or a blank at the end does no harm.
enum class End : std::uint8_t { OfName, OfStem };

/// A legal, portable name or stem: product.md 3, rule 1. Never empty, always UTF-8 in NFC. Of any length.
[[nodiscard]] std::string clean(std::string_view text, End end = End::OfName);

/// The text, with a '_' for each byte of it that is not UTF-8.
[[nodiscard]] std::string mended(std::string_view text);

/// What was uploaded, taken apart. Views into the name it was made from, and constants.
struct FileName {
  std::string_view stem;       ///< Not cleaned.
  std::string_view extension;  ///< Without its dot, 1–8 letters and digits.
  End end = End::OfStem;       ///< How to clean the stem.
};
/// Rule 2: the extension as uploaded; one that is missing or contradicts the type comes from the type, and BIN when the
/// type does not tell either. "xmp" is a sidecar's, and part of a photo's name.
[[nodiscard]] FileName take_apart(std::string_view name, std::string_view type);

/// Rule 4: the stem of a photo without a file name.
[[nodiscard]] std::string nameless_stem(std::string_view record_name);

/// What a name is claimed for.
enum class Naming : std::uint8_t {
  Photo,      ///< A stem, shared by all files of a photo.
  Directory,  ///< A whole name.
};

/// The n-th candidate for a wish, from 1: the wish itself, then "wish (2)"; cut to what is allowed.
[[nodiscard]] std::string candidate(std::string_view wish, std::uint32_t n, Naming naming);

/// What two names claimed in one directory must not share. For photos "IMG_1-edited" is the same as "IMG_1": it would
/// meet the edited version of the latter, now or some day.
[[nodiscard]] std::string claim_key(std::string_view name, Naming naming);

/// The key under which the stem of a photo's file or sidecar is claimed, from the file's name: `claim_key(stem)` for
/// `stem + suffix`, whatever the suffix. `sidecars` tells what stands before ".xmp": a whole name, or a stem.
[[nodiscard]] std::string key_of_file_name(std::string_view name, TreeOptions::Sidecars sidecars);

}  // namespace icloudphotos::tree
