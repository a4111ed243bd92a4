// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "icloudphotos/model/library.h"

namespace icloudphotos::content {

/// What a blob is known by: the checksum of its bytes and their number. Equal keys, equal bytes.
struct BlobKey {
  std::array<std::byte, 21>
      digest{};  ///< 01 and the digest in Apple's checksum; 00 and one of ours where there is none.
  std::uint64_t size = 0;
  auto operator<=>(const BlobKey&) const = default;
};

[[nodiscard]] BlobKey key_of(const ResourceRef& resource);
/// The blob's file name: "01…-1884695".
[[nodiscard]] std::string name_of(const BlobKey& key);
/// The key of a file of that name; nothing for any other name.
[[nodiscard]] std::optional<BlobKey> key_named(std::string_view file_name);
/// Its path below the directory of blobs, with one of 256 directories in between.
[[nodiscard]] std::string path_of(const BlobKey& key);

}  // namespace icloudphotos::content

template <>
struct std::hash<icloudphotos::content::BlobKey> {
  std::size_t operator()(const icloudphotos::content::BlobKey& key) const noexcept {
    std::size_t bits = 0;  // they are a digest's already
    std::memcpy(&bits, key.digest.data() + 1, sizeof bits);
    return bits ^ key.size;
  }
};
