// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "icloudphotos/base/digest.h"

namespace icloudphotos::demo {

/// A SHA-1 that has seen the two salts with which every file signature begins (photos.md 11).
[[nodiscard]] Sha1 begin_checksum();
/// The signature as it stands in records: base64 of 0x01 and the digest of the salts and all bytes.
[[nodiscard]] std::string end_checksum(Sha1 digest);
[[nodiscard]] std::string file_checksum(std::span<const std::byte> bytes);

}  // namespace icloudphotos::demo
