// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "icloudphotos/model/photo.h"

namespace icloudphotos::catalog {

/// A record's name as it is stored: upper-case UUIDs and 28 characters of base64, which nearly all are, as their 16 and
/// 21 bytes; any other as text. A million photos save 60 MB, and the indexes fit the cache.
struct PackedId {
  std::string bytes;
  bool binary = false;
};
[[nodiscard]] PackedId pack_id(std::string_view id);
[[nodiscard]] std::string unpack_id(std::string_view stored, bool binary);

/// Resources as bytes; nothing for none. Unpacking gives as many as can be read: what is damaged is fetched again, not
/// trusted.
[[nodiscard]] std::optional<std::string> pack_resources(const std::vector<Resource>& resources);
[[nodiscard]] std::vector<Resource> unpack_resources(std::string_view packed);

[[nodiscard]] std::optional<std::string> pack_texts(const std::vector<std::string>& texts);
[[nodiscard]] std::vector<std::string> unpack_texts(std::string_view packed);

[[nodiscard]] std::optional<std::string> pack_location(const std::optional<Location>& location);
[[nodiscard]] std::optional<Location> unpack_location(std::string_view packed);

}  // namespace icloudphotos::catalog
