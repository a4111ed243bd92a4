// SPDX-License-Identifier: MIT
#include "checksum.h"

#include <algorithm>
#include <cstring>

#include "icloudphotos/base/text.h"

namespace icloudphotos::content {
namespace {

constexpr char kPlainSignature = 0x01;
// Each salt ends in its NUL, which is part of it.
constexpr std::string_view kSalts{"com.apple.XattrObjectSalt\0com.apple.DataObjectSalt\0", 51};

}  // namespace

ContentDigest::ContentDigest() { salt(); }

void ContentDigest::salt() { sha1_.update(as_bytes(kSalts)); }

ContentDigest& ContentDigest::update(std::span<const std::byte> bytes) {
  sha1_.update(bytes);
  return *this;
}

Sha1Digest ContentDigest::finish() {
  const auto digest = sha1_.finish();
  salt();
  return digest;
}

std::optional<Sha1Digest> digest_in(std::string_view checksum) {
  const auto raw = base64_decode(checksum);
  Sha1Digest digest;
  if (!raw || raw->size() != digest.size() + 1 || raw->front() != kPlainSignature) return std::nullopt;
  std::memcpy(digest.data(), raw->data() + 1, digest.size());
  return digest;
}

std::string checksum_of(std::span<const std::byte> bytes) {
  const auto digest = ContentDigest{}.update(bytes).finish();
  return base64_encode(as_bytes(kPlainSignature + std::string{as_text(digest)}));
}

}  // namespace icloudphotos::content
