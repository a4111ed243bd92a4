// SPDX-License-Identifier: MIT
#include "srp_server.h"

#include "icloudphotos/base/digest.h"
#include "icloudphotos/base/text.h"

namespace icloudphotos::demo {
namespace {

constexpr std::size_t kGroupBytes = 256;

/// The 2048-bit group of RFC 5054.
const BigNumber& group() {
  static const BigNumber prime = BigNumber::from_hex(
      "ac6bdb41324a9a9bf166de5e1389582faf72b6651987ee07fc3192943db56050a37329cbb4a099ed8193e0757767a13dd52312ab4b03310d"
      "cd7f48a9da04fd50e8083969edb767b0cf6095179a163ab3661a05fbd5faaae82918a9962f0b93b855f97993ec975eeaa80d740adbf4ff74"
      "7359d041d5c33ea71d281e446b14773bca97b43a23fb801676bd207a436c6481f1d2b9078717461a5b9d32e688f87748544523b524b0d57d"
      "5ea77a2775d2ecfa032cfbdbf52fb3786160279004e57ae6af874e7303ce53299ccc041c7bc308d82a5698f3a8d0c38271ae35f8e9dbfbb6"
      "94b5c803d89f7ae435de236d525f54759b65e372fcd68ef20fa7111f9e4aff73");
  return prime;
}
const BigNumber& generator() {
  static const BigNumber two = BigNumber::from_hex("02");
  return two;
}

template <class... Parts>
Bytes hash(const Parts&... parts) {
  Bytes all;
  (all.insert(all.end(), parts.begin(), parts.end()), ...);
  const auto digest = sha256(all);
  return {digest.begin(), digest.end()};
}

Bytes bytes_of(std::string_view text) {
  const auto bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

const BigNumber& multiplier() {
  static const BigNumber k{hash(group().bytes(), generator().padded(kGroupBytes))};
  return k;
}

}  // namespace

std::string_view name_of(SrpProtocol protocol) { return protocol == SrpProtocol::S2k ? "s2k" : "s2k_fo"; }

SrpAccount make_srp_account(std::string_view password, Bytes salt, unsigned iterations, SrpProtocol protocol) {
  Bytes prepared = hash(as_bytes(password));
  if (protocol == SrpProtocol::S2kFo) prepared = bytes_of(hex_encode(prepared));
  const auto key = pbkdf2_sha256(prepared, salt, iterations);
  const BigNumber x{hash(salt, hash(bytes_of(":"), key))};
  BigNumber verifier = generator().power_mod(x, group());
  return {protocol, std::move(salt), iterations, std::move(verifier)};
}

SrpChallenge::SrpChallenge(SrpAccount account, BigNumber client_public, BigNumber server_public, BigNumber shared)
    : account_{std::move(account)},
      client_public_{std::move(client_public)},
      server_public_{std::move(server_public)},
      shared_{std::move(shared)} {}

std::optional<SrpChallenge> SrpChallenge::begin(const SrpAccount& account, const BigNumber& client_public,
                                                const BigNumber& secret) {
  if (client_public.mod(group()).is_zero()) return std::nullopt;
  const BigNumber server_public =
      multiplier().times(account.verifier).plus(generator().power_mod(secret, group())).mod(group());
  const BigNumber u{hash(client_public.mod(group()).padded(kGroupBytes), server_public.padded(kGroupBytes))};
  const BigNumber base = client_public.times(account.verifier.power_mod(u, group())).mod(group());
  return SrpChallenge{account, client_public, server_public, base.power_mod(secret, group())};
}

SrpChallenge::Proofs SrpChallenge::proofs(std::string_view account_name, Padding padding) const {
  const auto form = [&](const BigNumber& number) {
    return padding == Padding::Full ? number.padded(kGroupBytes) : number.bytes();
  };
  Bytes mixed = hash(group().bytes());
  const Bytes of_generator = hash(generator().padded(kGroupBytes));
  for (std::size_t i = 0; i < mixed.size(); ++i) mixed[i] ^= of_generator[i];
  const Bytes key = hash(form(shared_));
  Bytes m1 = hash(mixed, hash(as_bytes(account_name)), account_.salt, form(client_public_), form(server_public_), key);
  Bytes m2 = hash(form(client_public_), m1, key);
  return {std::move(m1), std::move(m2)};
}

bool SrpChallenge::accepts(std::string_view account_name, const Proofs& given) const {
  for (const Padding padding : {Padding::None, Padding::Full}) {
    const Proofs wanted = proofs(account_name, padding);
    if (wanted.m1 == given.m1 && wanted.m2 == given.m2) return true;
  }
  return false;
}

}  // namespace icloudphotos::demo
