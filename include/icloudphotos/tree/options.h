// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

namespace icloudphotos::tree {

/// What the tree shows and how it calls it. All of it is decided when the tree is loaded.
struct TreeOptions {
  /// Who the names are like: our own rules, or those of the downloader icloudpd, whose archives many people have.
  enum class Naming : std::uint8_t { Ours, Icloudpd };
  /// Which files of a photo All Photos has. The other directories show the current version always.
  enum class Versions : std::uint8_t {
    Both,      ///< Every one: the original and what the phone shows now.
    Original,  ///< As uploaded: the original, the other half of a RAW pair, the Live video.
    Current,   ///< What the phone shows now: the edit, else the original; the Live video.
  };
  /// What icloudpd's names call the video of a Live Photo that is a HEIC. Our own names always have the original's stem.
  enum class LiveNames : std::uint8_t {
    Original,  ///< IMG_1.MOV
    Suffix,    ///< IMG_1_HEVC.MOV
  };
  /// Letters that are not ASCII, in names of files.
  enum class Unicode : std::uint8_t { Keep, Remove };
  /// XMP sidecars.
  enum class Sidecars : std::uint8_t {
    Off,
    On,         ///< `IMG_1.HEIC.xmp` in All Photos, one for all files of a photo.
    Tree,       ///< The same, with albums as a tree of tags.
    Lightroom,  ///< `IMG_1.xmp`, as Adobe's programs look for it, with albums as hierarchical keywords.
  };

  std::string layout = "%Y/%m";  ///< strftime, for All Photos and JPEG.
  /// Whose clock decides under which date a photo is filed: "photo" (the place where it was taken), "local" (this
  /// computer), "UTC", or a name of the tz database, "Europe/Berlin".
  std::string zone = "photo";
  Naming naming = Naming::Ours;
  Versions versions = Versions::Both;
  LiveNames live = LiveNames::Original;
  Unicode unicode = Unicode::Keep;
  bool hidden = false;   ///< Show Hidden.
  bool deleted = false;  ///< Show Recently Deleted.
  bool jpeg = false;     ///< Show JPEG, Apple's own renditions.
  Sidecars xmp = Sidecars::Off;
  bool xattr = false;  ///< Extended attributes: captions, keywords, places.
};

}  // namespace icloudphotos::tree
