// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/model/id.h"

namespace icloudphotos {

/// Which file of a photo. The values are stored: never renumber.
enum class ResourceKind : std::uint8_t {
  Original = 1,     ///< The bytes as uploaded.
  Alternative = 2,  ///< The other half of a RAW + JPEG pair.
  LiveVideo = 3,    ///< The moving part of a Live Photo.
  EditedStill = 4,  ///< What the phone shows now.
  EditedVideo = 5,  ///< The same for a video, or for the video of an edited Live Photo.
  Medium = 6,       ///< Apple's preview JPEG.
  Thumbnail = 7,    ///< Apple's thumbnail JPEG.
  MediumVideo = 8,  ///< Apple's 720p transcode.
};

/// One file of a photo as the far side describes it. A resource's bytes never change: other bytes are another checksum.
struct Resource {
  ResourceKind kind = ResourceKind::Original;
  std::string type;        ///< Uniform type identifier, "public.heic"; may be empty.
  std::uint64_t size = 0;  ///< Bytes, exact.
  std::string checksum;    ///< Apple's `fileChecksum`, base64; may be empty (then only the size is checked).
  bool operator==(const Resource&) const = default;
};

/// What was imported (Apple: CPLMaster).
struct Original {
  OriginalId id;
  std::string file_name;            ///< As uploaded, decoded, not cleaned; empty when there is none.
  std::string type;                 ///< Uniform type identifier of the item; may be empty.
  std::vector<Resource> resources;  ///< Original, Alternative, LiveVideo, renditions.
  TimePoint changed{};              ///< When the record changed last.
};

/// Where a photo was taken: degrees north and east, metres above the sea.
struct Location {
  double latitude = 0;
  double longitude = 0;
  std::optional<double> altitude;
  bool operator==(const Location&) const = default;
};

/// A photo as its owner sees it (Apple: CPLAsset). Absent dates are std::nullopt, absurd ones are passed on.
struct Asset {
  AssetId id;
  OriginalId original;  ///< Empty: the far side does not say.
  std::optional<TimePoint> captured;
  std::optional<TimePoint> added;
  std::optional<std::chrono::seconds> utc_offset;  ///< East of UTC, of the place where it was taken.
  TimePoint created{};                             ///< When the record was made.
  TimePoint changed{};                             ///< When the record changed last.
  bool favorite = false;
  bool hidden = false;
  bool deleted = false;          ///< In Recently Deleted, or purged.
  std::int64_t subtype = 0;      ///< Apple's assetSubtype: 1 panorama, 100 slo-mo, 101 time-lapse.
  std::int64_t subtype_v2 = 0;   ///< Apple's assetSubtypeV2: 2 Live Photo, 3 screenshot.
  std::int64_t render_type = 0;  ///< Apple's adjustmentRenderType: bit 2 portrait, bit 4 long exposure.
  std::string adjustment_type;   ///< Editor's format; "com.apple.video.slomo" has no rendered file.
  std::string burst;             ///< Shared by the frames of a burst; empty outside.
  std::int64_t burst_flags = 0;  ///< Apple's burstFlags: bit 2 not picked, 4 by the camera, 8 by a person, 16 on top.
  std::string title;
  std::string description;
  std::vector<std::string> keywords;
  std::optional<Location> location;
  std::vector<Resource> resources;  ///< EditedStill, EditedVideo, and renditions of the edit.
};

/// An album, or a folder of albums.
struct Album {
  enum class Kind : std::uint8_t { Album = 0, Folder = 1 };
  AlbumId id;
  Kind kind = Kind::Album;
  std::string name;               ///< Decoded, not cleaned; may be empty.
  std::optional<AlbumId> parent;  ///< None: top level.
  std::int64_t position = 0;      ///< Order among its siblings.
  TimePoint created{};
  bool deleted = false;
};

/// A photo is in an album.
struct Membership {
  AlbumId album;
  AssetId asset;
  std::int64_t position = 0;
  bool operator==(const Membership&) const = default;
};

}  // namespace icloudphotos
