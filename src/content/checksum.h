// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "icloudphotos/base/digest.h"

namespace icloudphotos::content {

/// What Apple's `fileChecksum` is made of: SHA-1 over two salts and the bytes of the file. (protocol/photos.md 11)
class ContentDigest {
 public:
  ContentDigest();
  ContentDigest& update(std::span<const std::byte> bytes);
  /// The digest of all pieces; the object starts over.
  [[nodiscard]] Sha1Digest finish();

 private:
  void salt();

  Sha1 sha1_;
};

/// The digest a `fileChecksum` stands for; nothing for a value of another form, which cannot be checked.
[[nodiscard]] std::optional<Sha1Digest> digest_in(std::string_view checksum);
/// The `fileChecksum` of a file with these bytes.
[[nodiscard]] std::string checksum_of(std::span<const std::byte> bytes);

}  // namespace icloudphotos::content
