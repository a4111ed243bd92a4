// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "icloudphotos/model/id.h"
#include "icloudphotos/model/photo.h"

namespace icloudphotos {

/// A library the account can see.
struct Library {
  /// The values are stored: never renumber. A shared album is a library of its own: whose photos they are, nobody can
  /// ask.
  enum class Kind : std::uint8_t { Personal = 0, Shared = 1, SharedAlbum = 2 };
  LibraryId id;
  Kind kind = Kind::Personal;
  /// The token of the moment it was found: changes after it are what a list walked later may have missed.
  std::optional<SyncToken> token;
  bool prepared = true;  ///< false: the far side is still preparing it, and its lists may lack photos.
  /// Of a shared album, decoded, not cleaned; empty for the others, and where only its changes tell it.
  std::string name{};
  bool has_lists = true;  ///< false: no lists, no counts; only its changes tell what is in it.
};

/// What changed in one library, or one page of what is there. Applying it twice is the same as once.
struct Delta {
  LibraryId library;
  std::vector<Original> originals;            ///< New or changed, each whole.
  std::vector<Asset> assets;                  ///< New or changed, each whole.
  std::vector<Album> albums;                  ///< New or changed, each whole.
  std::vector<Membership> memberships;        ///< Photos that are in an album.
  std::vector<Membership> left;               ///< Photos that are in an album no longer.
  std::vector<std::string> gone;              ///< Names of records that no longer exist, of whatever kind.
  std::optional<SyncToken> next;              ///< Where to ask on; absent for a page of a list.
  bool more = false;                          ///< Ask on at once. An empty delta with `more` is normal.
  std::optional<std::string> library_name{};  ///< What the library is called from now on.
};

/// Which file of which photo, as far as needed to fetch and check its bytes.
struct ResourceRef {
  LibraryId library;
  AssetId asset;
  OriginalId original;
  ResourceKind kind = ResourceKind::Original;
  std::uint64_t size = 0;
  std::string checksum;
  bool operator==(const ResourceRef&) const = default;
};

}  // namespace icloudphotos
