// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "icloudphotos/base/handle.h"
#include "icloudphotos/base/text.h"

struct evp_pkey_st;  // libcrypto's EVP_PKEY

namespace icloudphotos {

void free_private_key(evp_pkey_st* key) noexcept;

// ECDSA over the NIST curve P-256 with SHA-256 (ES256), as security keys sign.
// Shapes: public keys are 65 bytes, uncompressed (4, x, y); signatures are DER. Source: WebAuthn, "ES256".

class P256Key {
 public:
  [[nodiscard]] static P256Key generate();

  [[nodiscard]] Bytes public_key() const;
  [[nodiscard]] Bytes sign(std::span<const std::byte> message) const;

 private:
  explicit P256Key(evp_pkey_st* key) : key_{key} {}
  Handle<evp_pkey_st, free_private_key> key_;
};

/// Whether the owner of `public_key` signed `message`. Bytes that are no key or no signature are a no.
[[nodiscard]] bool p256_verifies(std::span<const std::byte> public_key, std::span<const std::byte> message,
                                 std::span<const std::byte> signature);

}  // namespace icloudphotos
