// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "icloudphotos/base/bignum.h"

namespace icloudphotos::demo {

/// How the password is turned into SRP's secret (authentication.md 2.7).
enum class SrpProtocol { S2k, S2kFo };
[[nodiscard]] std::string_view name_of(SrpProtocol protocol);

struct SrpAccount {
  SrpProtocol protocol = SrpProtocol::S2k;
  Bytes salt;
  unsigned iterations = 20064;
  BigNumber verifier;
};
[[nodiscard]] SrpAccount make_srp_account(std::string_view password, Bytes salt, unsigned iterations,
                                          SrpProtocol protocol);

/// The server's half of one sign-in.
class SrpChallenge {
 public:
  /// `client_public` is A, `secret` is b; nothing for an A that would give the secret away.
  [[nodiscard]] static std::optional<SrpChallenge> begin(const SrpAccount& account, const BigNumber& client_public,
                                                         const BigNumber& secret);
  [[nodiscard]] const BigNumber& server_public() const { return server_public_; }  ///< B

  struct Proofs {
    Bytes m1, m2;
  };
  /// Whether both proofs show the password; A, B and S may be padded in them or not, since nobody knows which Apple
  /// does.
  [[nodiscard]] bool accepts(std::string_view account_name, const Proofs& proofs) const;

 private:
  enum class Padding { None, Full };
  SrpChallenge(SrpAccount account, BigNumber client_public, BigNumber server_public, BigNumber shared);
  [[nodiscard]] Proofs proofs(std::string_view account_name, Padding padding) const;

  SrpAccount account_;
  BigNumber client_public_, server_public_, shared_;
};

}  // namespace icloudphotos::demo
