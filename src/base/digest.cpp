// SPDX-License-Identifier: MIT
#include "icloudphotos/base/digest.h"

#include <new>

#include <openssl/evp.h>

namespace icloudphotos {
namespace {

const unsigned char* data_of(std::span<const std::byte> bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

template <class Digest>
Digest digest_of(const EVP_MD* algorithm, std::span<const std::byte> bytes) {
  Digest digest;
  if (EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr, algorithm,
                 nullptr) != 1) {
    throw std::bad_alloc{};  // the only way it can fail; ends at a fence like any lack of memory
  }
  return digest;
}

}  // namespace

void free_digest_context(evp_md_ctx_st* context) noexcept { EVP_MD_CTX_free(context); }

Sha1::Sha1() : context_{EVP_MD_CTX_new()} {
  if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha1(), nullptr) != 1) throw std::bad_alloc{};
}

Sha1::Sha1(const Sha1& other) : context_{EVP_MD_CTX_new()} {
  if (!context_ || EVP_MD_CTX_copy_ex(context_.get(), other.context_.get()) != 1) throw std::bad_alloc{};
}

Sha1& Sha1::update(std::span<const std::byte> bytes) {
  EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
  return *this;
}

Sha1Digest Sha1::finish() {
  Sha1Digest digest;
  EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr);
  EVP_DigestInit_ex(context_.get(), EVP_sha1(), nullptr);
  return digest;
}

Sha1Digest sha1(std::span<const std::byte> bytes) { return digest_of<Sha1Digest>(EVP_sha1(), bytes); }

Sha256Digest sha256(std::span<const std::byte> bytes) { return digest_of<Sha256Digest>(EVP_sha256(), bytes); }

Sha256Digest pbkdf2_sha256(std::span<const std::byte> password, std::span<const std::byte> salt, unsigned iterations) {
  Sha256Digest key;
  if (PKCS5_PBKDF2_HMAC(reinterpret_cast<const char*>(password.data()), static_cast<int>(password.size()),
                        data_of(salt), static_cast<int>(salt.size()), static_cast<int>(iterations), EVP_sha256(),
                        static_cast<int>(key.size()), reinterpret_cast<unsigned char*>(key.data())) != 1) {
    throw std::bad_alloc{};
  }
  return key;
}

}  // namespace icloudphotos
