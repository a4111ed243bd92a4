// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "icloudphotos/model/library.h"

#include "names.h"

// What directories and files stand for, as text. Inodes are digests of these and claims are kept under them, so that a
// key changed here is another inode and another name for everybody: never change one.
namespace icloudphotos::tree {

/// No key of a library starts like this: ids are never empty.
inline constexpr std::string_view kSharedAlbumsKey = "|shared albums";

inline std::string library_key(const LibraryId& library) { return library.value + "|"; }
/// `path` as it is shown below All Photos, "2024/06"; empty for All Photos itself.
inline std::string all_photos_key(const LibraryId& library, std::string_view path) {
  return fmt::format("{}|all|{}", library.value, path);
}
/// The same below JPEG.
inline std::string jpeg_key(const LibraryId& library, std::string_view path) {
  return fmt::format("{}|jpeg|{}", library.value, path);
}
inline std::string recents_key(const LibraryId& library) { return library.value + "|recents"; }
inline std::string on_this_day_key(const LibraryId& library) { return library.value + "|today"; }
inline std::string hidden_key(const LibraryId& library) { return library.value + "|hidden"; }
inline std::string deleted_key(const LibraryId& library) { return library.value + "|deleted"; }
inline std::string favorites_key(const LibraryId& library) { return library.value + "|favorites"; }
inline std::string media_types_key(const LibraryId& library) { return library.value + "|types"; }
inline std::string media_type_key(const LibraryId& library, std::string_view name) {
  return fmt::format("{}|type|{}", library.value, name);
}
inline std::string albums_key(const LibraryId& library) { return library.value + "|albums"; }
inline std::string folder_key(const LibraryId& library, const AlbumId& folder) {
  return fmt::format("{}|folder|{}", library.value, folder.value);
}
inline std::string album_key(const LibraryId& library, const AlbumId& album) {
  return fmt::format("{}|album|{}", library.value, album.value);
}
/// Whether it is the key of an album or folder.
inline bool is_album_key(const LibraryId& library, std::string_view key) {
  if (!key.starts_with(library.value)) return false;
  const auto rest = key.substr(library.value.size());
  return rest.starts_with("|album|") || rest.starts_with("|folder|");
}
/// A resource is told by its checksum, or by its size where Apple gave none.
inline std::string file_key(const LibraryId& library, const AssetId& asset, const Resource& resource) {
  return fmt::format("{}|file|{}|{}|{}", library.value, asset.value, static_cast<int>(resource.kind),
                     resource.checksum.empty() ? fmt::format("{} bytes", resource.size) : resource.checksum);
}

/// A sidecar is told by its bytes.
inline std::string sidecar_key(const LibraryId& library, const AssetId& asset, std::string_view digest) {
  return fmt::format("{}|sidecar|{}|{}", library.value, asset.value, digest);
}

}  // namespace icloudphotos::tree
