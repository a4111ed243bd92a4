// SPDX-License-Identifier: MIT
#include "icloudphotos/base/bignum.h"

#include <new>
#include <utility>

#include <openssl/bn.h>

namespace icloudphotos {
namespace {

using Context = Handle<BN_CTX, BN_CTX_free>;

Context make_context() {
  Context context{BN_CTX_secure_new()};
  if (!context) throw std::bad_alloc{};
  return context;
}

void require(int ok) {
  if (ok != 1) throw std::bad_alloc{};  // no operand we pass can fail otherwise: moduli are never zero
}

}  // namespace

void free_bignum(bignum_st* number) noexcept { BN_clear_free(number); }

BigNumber::BigNumber() : number_{BN_new()} {
  if (!number_) throw std::bad_alloc{};
}

BigNumber::BigNumber(std::span<const std::byte> big_endian) : BigNumber{} {
  if (BN_bin2bn(reinterpret_cast<const unsigned char*>(big_endian.data()), static_cast<int>(big_endian.size()),
                number_.get()) == nullptr) {
    throw std::bad_alloc{};
  }
}

BigNumber::BigNumber(const BigNumber& other) : number_{BN_dup(other.number_.get())} {
  if (!number_) throw std::bad_alloc{};
}

BigNumber& BigNumber::operator=(BigNumber other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

BigNumber BigNumber::from_hex(std::string_view hex) {
  return BigNumber{as_bytes(hex_decode(hex).value_or(std::string{}))};
}

Bytes BigNumber::bytes() const { return padded(static_cast<std::size_t>(BN_num_bytes(number_.get()))); }

Bytes BigNumber::padded(std::size_t length) const {
  Bytes bytes(std::max(length, static_cast<std::size_t>(BN_num_bytes(number_.get()))));
  BN_bn2binpad(number_.get(), reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  return bytes;
}

bool BigNumber::is_zero() const { return BN_is_zero(number_.get()); }
bool BigNumber::operator==(const BigNumber& other) const { return BN_cmp(number_.get(), other.number_.get()) == 0; }
bool BigNumber::operator<(const BigNumber& other) const { return BN_cmp(number_.get(), other.number_.get()) < 0; }

BigNumber BigNumber::plus(const BigNumber& other) const {
  BigNumber sum;
  require(BN_add(sum.number_.get(), number_.get(), other.number_.get()));
  return sum;
}

BigNumber BigNumber::times(const BigNumber& other) const {
  BigNumber product;
  require(BN_mul(product.number_.get(), number_.get(), other.number_.get(), make_context().get()));
  return product;
}

BigNumber BigNumber::mod(const BigNumber& modulus) const {
  BigNumber rest;
  require(BN_nnmod(rest.number_.get(), number_.get(), modulus.number_.get(), make_context().get()));
  return rest;
}

BigNumber BigNumber::minus_mod(const BigNumber& other, const BigNumber& modulus) const {
  BigNumber difference;
  require(BN_mod_sub(difference.number_.get(), number_.get(), other.number_.get(), modulus.number_.get(),
                     make_context().get()));
  return difference;
}

BigNumber BigNumber::power_mod(const BigNumber& exponent, const BigNumber& modulus) const {
  BigNumber power;
  // The exponent is a secret of the sign-in: take the same time whatever it is.
  BN_set_flags(exponent.number_.get(), BN_FLG_CONSTTIME);
  require(BN_mod_exp(power.number_.get(), number_.get(), exponent.number_.get(), modulus.number_.get(),
                     make_context().get()));
  return power;
}

}  // namespace icloudphotos
