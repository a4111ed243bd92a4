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

/// Claims of library names, and the start of no other key: ids are never empty.
inline constexpr std::string_view kLibrariesKey = "|libraries";

inline std::string library_key(const LibraryId& library) { return library.value + "|"; }
/// `path` as it is shown below All Photos, "2024/06"; empty for All Photos itself.
inline std::string all_photos_key(const LibraryId& library, std::string_view path) {
  return fmt::format("{}|all|{}", library.value, path);
}
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
/// A resource is told by its checksum, or by its size where Apple gave none.
inline std::string file_key(const LibraryId& library, const AssetId& asset, const Resource& resource) {
  return fmt::format("{}|file|{}|{}|{}", library.value, asset.value, static_cast<int>(resource.kind),
                     resource.checksum.empty() ? fmt::format("{} bytes", resource.size) : resource.checksum);
}

/// Whether a claim's directory is of this library.
inline bool is_key_of(const LibraryId& library, std::string_view key) {
  return key.size() > library.value.size() && key.starts_with(library.value) && key[library.value.size()] == '|';
}
inline Naming naming_of(const LibraryId& library, std::string_view key) {
  const std::string_view rest = key.substr(library.value.size());
  return rest == "|albums" || rest.starts_with("|folder|") ? Naming::Directory : Naming::Photo;
}

}  // namespace icloudphotos::tree
