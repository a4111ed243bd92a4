// SPDX-License-Identifier: MIT
#include "auth/srp.h"

#include <initializer_list>
#include <optional>
#include <span>
#include <utility>

namespace icloudphotos::auth {
namespace {

constexpr std::size_t kModulusBytes = 256;
constexpr std::size_t kSecretBytes = 32;
constexpr std::int64_t kFewestIterations = 1'000;
constexpr std::int64_t kMostIterations = 1'000'000;

// RFC 5054, the group of 2048 bits.
constexpr std::string_view kModulus =
    "ac6bdb41324a9a9bf166de5e1389582faf72b6651987ee07fc3192943db56050a37329cbb4a099ed8193e0757767a13dd52312ab4b03310dcd"
    "7f48"
    "a9da04fd50e8083969edb767b0cf6095179a163ab3661a05fbd5faaae82918a9962f0b93b855f97993ec975eeaa80d740adbf4ff747359d041"
    "d5c3"
    "3ea71d281e446b14773bca97b43a23fb801676bd207a436c6481f1d2b9078717461a5b9d32e688f87748544523b524b0d57d5ea77a2775d2ec"
    "fa03"
    "2cfbdbf52fb3786160279004e57ae6af874e7303ce53299ccc041c7bc308d82a5698f3a8d0c38271ae35f8e9dbfbb694b5c803d89f7ae435de"
    "236d"
    "525f54759b65e372fcd68ef20fa7111f9e4aff73";

const BigNumber& modulus() {
  static const BigNumber n = BigNumber::from_hex(kModulus);
  return n;
}

const BigNumber& generator() {
  static const BigNumber g = BigNumber::from_hex("02");
  return g;
}

Sha256Digest hash(std::initializer_list<std::span<const std::byte>> parts) {
  Bytes joined;
  for (const auto part : parts) joined.insert(joined.end(), part.begin(), part.end());
  const auto digest = sha256(joined);
  wipe(joined.data(), joined.size());
  return digest;
}

bool starts_with_zero(const BigNumber& number) { return number.bytes().size() < kModulusBytes; }

/// x, the password as a number.
BigNumber stretched(const Secret& password, const SrpChallenge& challenge) {
  auto digest = sha256(as_bytes(password.reveal()));
  std::string hex;
  std::span<const std::byte> stretched_input = digest;
  if (challenge.protocol == "s2k_fo") {
    hex = hex_encode(digest);
    stretched_input = as_bytes(hex);
  }
  auto key = pbkdf2_sha256(stretched_input, as_bytes(challenge.salt), static_cast<unsigned>(challenge.iterations));
  auto inner = hash({as_bytes(":"), key});  // the textbook's account name is left out, its colon is not
  auto x = hash({as_bytes(challenge.salt), inner});
  BigNumber number{x};
  wipe(digest.data(), digest.size());
  wipe(hex.data(), hex.size());
  wipe(key.data(), key.size());
  wipe(inner.data(), inner.size());
  wipe(x.data(), x.size());
  return number;
}

}  // namespace

struct Srp::Exchange {
  BigNumber b;
  BigNumber s;
};

Srp::Srp() : Srp{BigNumber{random_bytes(kSecretBytes)}} {}

Srp::Srp(BigNumber a) : a_{std::move(a)}, big_a_{generator().power_mod(a_, modulus())} {}

Result<Srp::Exchange> Srp::exchange(const Secret& password, const SrpChallenge& challenge) const {
  const auto refuse = [](const char* why) {
    return Error{ErrorKind::Protocol, std::string{"the sign-in server's challenge cannot be trusted: "} + why};
  };
  if (challenge.protocol != "s2k" && challenge.protocol != "s2k_fo") return refuse("unknown protocol");
  if (challenge.iterations < kFewestIterations || challenge.iterations > kMostIterations)
    return refuse("strange iteration count");
  if (challenge.salt.empty()) return refuse("no salt");
  const BigNumber b{as_bytes(challenge.b)};
  const auto& n = modulus();
  if (!(b < n) || b.is_zero()) return refuse("its number is out of range");
  const BigNumber u{hash({big_a_.padded(kModulusBytes), b.padded(kModulusBytes)})};
  if (u.is_zero()) return refuse("its number cancels ours");

  const BigNumber k{hash({n.bytes(), generator().padded(kModulusBytes)})};
  const auto x = stretched(password, challenge);
  const auto base = b.minus_mod(k.times(generator().power_mod(x, n)).mod(n), n);
  return Exchange{b, base.power_mod(a_.plus(u.times(x)), n)};
}

SrpProof Srp::proof_of(std::string_view account, const SrpChallenge& challenge, const Exchange& exchange) const {
  auto key = hash({exchange.s.bytes()});
  auto group = hash({modulus().bytes()});
  const auto g = hash({generator().padded(kModulusBytes)});
  for (std::size_t i = 0; i < group.size(); ++i) group[i] ^= g[i];
  const auto name = sha256(as_bytes(account));
  const auto a = big_a_.bytes();
  SrpProof proof;
  proof.m1 = hash({group, name, as_bytes(challenge.salt), a, exchange.b.bytes(), key});
  proof.m2 = hash({a, proof.m1, key});
  wipe(key.data(), key.size());
  return proof;
}

Result<SrpProof> Srp::prove_anyhow(std::string_view account, const Secret& password,
                                   const SrpChallenge& challenge) const {
  return proof_of(account, challenge, TRY(exchange(password, challenge)));
}

Result<std::optional<SrpProof>> Srp::prove(std::string_view account, const Secret& password,
                                           const SrpChallenge& challenge) const {
  const auto done = TRY(exchange(password, challenge));
  if (starts_with_zero(big_a_) || starts_with_zero(done.b) || starts_with_zero(done.s))
    return std::optional<SrpProof>{};
  return std::optional{proof_of(account, challenge, done)};
}

}  // namespace icloudphotos::auth
