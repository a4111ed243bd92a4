// SPDX-License-Identifier: MIT
#include "blob_key.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "icloudphotos/base/text.h"

#include "checksum.h"

namespace icloudphotos::content {

BlobKey key_of(const ResourceRef& resource) {
  BlobKey key{.size = resource.size};
  if (const auto digest = digest_in(resource.checksum)) {
    key.digest[0] = std::byte{1};
    std::copy(digest->begin(), digest->end(), key.digest.begin() + 1);
    return key;
  }
  // Without a checksum nothing says that two photos are equal, so each is a blob of its own.
  const auto text = resource.checksum.empty() ? fmt::format("{}\n{}\n{}", resource.library.value, resource.asset.value,
                                                            static_cast<int>(resource.kind))
                                              : fmt::format("checksum {}", resource.checksum);
  const auto digest = sha1(as_bytes(text));
  std::copy(digest.begin(), digest.end(), key.digest.begin() + 1);
  return key;
}

std::string name_of(const BlobKey& key) { return fmt::format("{}-{}", hex_encode(key.digest), key.size); }

std::optional<BlobKey> key_named(std::string_view file_name) {
  BlobKey key;
  const auto hex_length = key.digest.size() * 2;
  if (file_name.size() <= hex_length + 1 || file_name[hex_length] != '-') return std::nullopt;
  const auto digest = hex_decode(file_name.substr(0, hex_length));
  if (!digest || digest->size() != key.digest.size()) return std::nullopt;
  std::memcpy(key.digest.data(), digest->data(), digest->size());
  const auto number = file_name.substr(hex_length + 1);
  const auto [end, problem] = std::from_chars(number.data(), number.data() + number.size(), key.size);
  if (problem != std::errc{} || end != number.data() + number.size()) return std::nullopt;
  if (name_of(key) != file_name) return std::nullopt;  // one spelling per blob
  return key;
}

std::string path_of(const BlobKey& key) {
  return fmt::format("{}/{}", hex_encode(std::span{key.digest}.subspan(1, 1)), name_of(key));
}

}  // namespace icloudphotos::content
