// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string_view>

#include "icloudphotos/base/handle.h"
#include "icloudphotos/base/text.h"

struct bignum_st;  // libcrypto's BIGNUM

namespace icloudphotos {

void free_bignum(bignum_st* number) noexcept;  // wipes it as well

/// A non-negative whole number of any size, for SRP. Copying copies; destruction wipes.
class BigNumber {
 public:
  BigNumber();
  explicit BigNumber(std::span<const std::byte> big_endian);
  BigNumber(const BigNumber& other);
  BigNumber(BigNumber&&) noexcept = default;
  BigNumber& operator=(BigNumber other) noexcept;
  ~BigNumber() = default;

  [[nodiscard]] static BigNumber from_hex(std::string_view hex);

  [[nodiscard]] Bytes bytes() const;                     ///< Big endian, no leading zero bytes.
  [[nodiscard]] Bytes padded(std::size_t length) const;  ///< Big endian, left-padded with zeros.
  [[nodiscard]] bool is_zero() const;
  [[nodiscard]] bool operator==(const BigNumber& other) const;
  [[nodiscard]] bool operator<(const BigNumber& other) const;

  [[nodiscard]] BigNumber plus(const BigNumber& other) const;
  [[nodiscard]] BigNumber times(const BigNumber& other) const;
  [[nodiscard]] BigNumber mod(const BigNumber& modulus) const;
  [[nodiscard]] BigNumber minus_mod(const BigNumber& other, const BigNumber& modulus) const;  ///< Never negative.
  [[nodiscard]] BigNumber power_mod(const BigNumber& exponent, const BigNumber& modulus) const;

 private:
  Handle<bignum_st, free_bignum> number_;
};

}  // namespace icloudphotos
