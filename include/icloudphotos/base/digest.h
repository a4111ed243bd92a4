// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "icloudphotos/base/handle.h"

struct evp_md_ctx_st;  // libcrypto's EVP_MD_CTX

namespace icloudphotos {

using Sha1Digest = std::array<std::byte, 20>;
using Sha256Digest = std::array<std::byte, 32>;

void free_digest_context(evp_md_ctx_st* context) noexcept;

/// SHA-1 over bytes that come in pieces.
class Sha1 {
 public:
  Sha1();
  Sha1(const Sha1& other);  ///< Goes on from the pieces `other` has seen, so that a common beginning is hashed once.
  Sha1(Sha1&&) noexcept = default;
  Sha1& operator=(Sha1&&) noexcept = default;
  ~Sha1() = default;
  Sha1& update(std::span<const std::byte> bytes);
  /// The digest of all pieces; the object starts over.
  [[nodiscard]] Sha1Digest finish();

 private:
  Handle<evp_md_ctx_st, free_digest_context> context_;
};

[[nodiscard]] Sha1Digest sha1(std::span<const std::byte> bytes);
[[nodiscard]] Sha256Digest sha256(std::span<const std::byte> bytes);
[[nodiscard]] Sha256Digest pbkdf2_sha256(std::span<const std::byte> password, std::span<const std::byte> salt,
                                         unsigned iterations);

}  // namespace icloudphotos
