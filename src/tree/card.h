// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "icloudphotos/model/inode.h"
#include "icloudphotos/model/photo.h"

namespace icloudphotos::tree {

/// Which file of a photo, as it is stored: a ResourceKind, or one of these.
using Part = std::uint8_t;
inline constexpr Part kWholePhoto = 0;
inline constexpr Part kSidecar = 100;
[[nodiscard]] constexpr Part part_of(ResourceKind kind) { return static_cast<Part>(kind); }

/// A file of a photo as it is shown.
struct CardFile {
  Part part = kWholePhoto;
  std::uint8_t where = 0;  ///< Bits of `Where`.
  Inode inode;
  std::uint64_t size = 0;
  std::int64_t modified_s = 0;
  std::string suffix;  ///< What follows the stem, "-edited.JPG"; where names are single files' own, not used.
  bool operator==(const CardFile&) const = default;
};

/// A name of a photo, or of one file of it, in a directory.
struct CardPlace {
  std::int64_t directory = 0;
  std::int64_t slot = 0;
  Part part = kWholePhoto;
  std::int64_t released_s = 0;  ///< Since when the photo is away from there; 0 while it is there.
  [[nodiscard]] bool present() const { return released_s == 0; }
  bool operator==(const CardPlace&) const = default;
};

/// What is shown of a photo, and where.
struct Card {
  std::int64_t changed_s = 0;
  bool waiting = false;  ///< Its original is not known yet, or not in the cloud.
  std::vector<CardFile> files;
  std::vector<CardPlace> places;
  bool operator==(const Card&) const = default;
};

/// As two strings of bytes. Unpacking gives as much as can be read: a card is a copy, and what is damaged is found by
/// the catalog's own check.
[[nodiscard]] std::string pack_files(const Card& card);
[[nodiscard]] std::string pack_places(const Card& card);
[[nodiscard]] Card unpack_card(std::string_view files, std::string_view places);

}  // namespace icloudphotos::tree
