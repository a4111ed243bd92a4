// SPDX-License-Identifier: MIT
#include "icloudphotos/base/ecdsa.h"

#include <array>
#include <new>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>

namespace icloudphotos {
namespace {

using Key = Handle<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using DigestContext = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;

constexpr std::size_t kPublicKeyBytes = 65;

const unsigned char* data_of(std::span<const std::byte> bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* data_of(Bytes& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

/// What a key of our own making and libcrypto's own algorithms can fail of is memory.
void require(bool ok) {
  if (!ok) throw std::bad_alloc{};
}

/// Null: these bytes are no point of the curve.
Key read_public_key(std::span<const std::byte> bytes) {
  // Without const because OSSL_PARAM has none; neither is written to.
  char group[] = "P-256";
  Bytes point{bytes.begin(), bytes.end()};
  const std::array<OSSL_PARAM, 3> parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()), OSSL_PARAM_END};
  const KeyContext context{EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr)};
  require(context && EVP_PKEY_fromdata_init(context.get()) == 1);
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, const_cast<OSSL_PARAM*>(parameters.data())) != 1)
    return nullptr;
  return Key{key};
}

}  // namespace

void free_private_key(evp_pkey_st* key) noexcept { EVP_PKEY_free(key); }

P256Key P256Key::generate() {
  P256Key made{EVP_EC_gen("P-256")};
  require(made.key_ != nullptr);
  return made;
}

Bytes P256Key::public_key() const {
  Bytes bytes(kPublicKeyBytes);
  std::size_t length = 0;
  require(EVP_PKEY_get_octet_string_param(key_.get(), OSSL_PKEY_PARAM_PUB_KEY, data_of(bytes), bytes.size(), &length) ==
              1 &&
          length == kPublicKeyBytes);
  return bytes;
}

Bytes P256Key::sign(std::span<const std::byte> message) const {
  const DigestContext context{EVP_MD_CTX_new()};
  std::size_t length = 0;
  require(context && EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1);
  require(EVP_DigestSign(context.get(), nullptr, &length, data_of(message), message.size()) == 1);
  Bytes signature(length);
  require(EVP_DigestSign(context.get(), data_of(signature), &length, data_of(message), message.size()) == 1);
  signature.resize(length);  // DER: now and then some bytes shorter than it could have been
  return signature;
}

bool p256_verifies(std::span<const std::byte> public_key, std::span<const std::byte> message,
                   std::span<const std::byte> signature) {
  const Key key = public_key.size() == kPublicKeyBytes ? read_public_key(public_key) : nullptr;
  bool verified = false;
  if (key) {
    const DigestContext context{EVP_MD_CTX_new()};
    require(context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1);
    verified =
        EVP_DigestVerify(context.get(), data_of(signature), signature.size(), data_of(message), message.size()) == 1;
  }
  if (!verified) ERR_clear_error();  // ours to clean up: the next user of this thread's queue would take it for its own
  return verified;
}

}  // namespace icloudphotos
