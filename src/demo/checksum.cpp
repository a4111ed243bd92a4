// SPDX-License-Identifier: MIT
#include "checksum.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "icloudphotos/base/text.h"

namespace icloudphotos::demo {

Sha1 begin_checksum() {
  using namespace std::string_view_literals;  // the zero bytes at the ends belong to the salts
  Sha1 digest;
  digest.update(as_bytes("com.apple.XattrObjectSalt\0"sv)).update(as_bytes("com.apple.DataObjectSalt\0"sv));
  return digest;
}

std::string end_checksum(Sha1 digest) {
  std::array<std::byte, 21> signature{std::byte{1}};
  std::ranges::copy(digest.finish(), signature.begin() + 1);
  return base64_encode(signature);
}

std::string file_checksum(std::span<const std::byte> bytes) {
  Sha1 digest = begin_checksum();
  digest.update(bytes);
  return end_checksum(std::move(digest));
}

}  // namespace icloudphotos::demo
