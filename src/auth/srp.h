// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "icloudphotos/base/bignum.h"
#include "icloudphotos/base/digest.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/base/secret.h"

namespace icloudphotos::auth {

/// What the far side answers to `A`.
struct SrpChallenge {
  std::string protocol;  ///< "s2k" or "s2k_fo".
  std::string salt;      ///< Raw bytes; leading zeros count.
  std::int64_t iterations = 0;
  std::string b;  ///< B, big endian.
};

/// What proves that we know the password, and the answer a server that knows it as well would give.
struct SrpProof {
  Sha256Digest m1;
  Sha256Digest m2;
};

/// The client's half of SRP-6a as Apple does it: 2048 bits, SHA-256, the account's name left out of x.
///
/// Errors    Protocol: an answer nothing may be proved to (B or u of 0, a strange salt, protocol or iteration count).
/// Source    protocol/authentication.md 2.7.
class Srp {
 public:
  Srp();                      ///< A fresh 256-bit secret `a`.
  explicit Srp(BigNumber a);  ///< For the published vectors.

  [[nodiscard]] const BigNumber& public_key() const { return big_a_; }
  /// Clients disagree on how to write A, B and S when their first byte is zero. Such an exchange (1 in 85) is better
  /// thrown away: then there is no proof, and asking again with another secret costs nothing.
  [[nodiscard]] Result<std::optional<SrpProof>> prove(std::string_view account, const Secret& password,
                                                      const SrpChallenge& challenge) const;
  /// The same without that escape, writing numbers without leading zeros.
  [[nodiscard]] Result<SrpProof> prove_anyhow(std::string_view account, const Secret& password,
                                              const SrpChallenge& challenge) const;

 private:
  struct Exchange;
  [[nodiscard]] Result<Exchange> exchange(const Secret& password, const SrpChallenge& challenge) const;
  [[nodiscard]] SrpProof proof_of(std::string_view account, const SrpChallenge& challenge,
                                  const Exchange& exchange) const;

  BigNumber a_;
  BigNumber big_a_;
};

}  // namespace icloudphotos::auth
