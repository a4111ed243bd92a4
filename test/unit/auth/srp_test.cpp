// SPDX-License-Identifier: MIT
// The vectors are those of the protocol notes, computed by two independent implementations that agree.
#include "auth/srp.h"

#include <gtest/gtest.h>

#include "icloudphotos/base/text.h"

namespace icloudphotos::auth {
namespace {

constexpr const char* kAccount = "user@example.com";

struct Vector {
  const char* password;
  const char* protocol;
  std::int64_t iterations;
  const char* salt;
  const char* a;
  const char* big_a;
  const char* big_b;
  const char* m1;
  const char* m2;
};

constexpr Vector kVector1{
    "Apple-Test-1234",
    "s2k",
    20064,
    "a1b2c3d4e5f60718293a4b5c6d7e8f90",
    "bd2e98d6daccc166ed9e393a125142371eefed6c57f7449c0d52c00734dc1cb0",
    "14d1bd2e5f596c5a6c8685a3182988ab852be45e7e8dddcb623ba193ad6c1329f2853300b33176236aca5c21a3f3ca1a579e884c"
    "7619e259dab0d923e0e70bd27ffa262e106d32e6b97e29198a28102a10a24c03f2681f63c58dc1bec75ef154a0bc70afd84fa0ab"
    "fadb6ce3898c525fe95c94d2bdfcbe19ffb093dc67c8edd615d17b727f0efe4bcffb1f95f54577764b023974c480ba915def47b9"
    "95a7532701cb075ccc7554637de20a1914b0408986cba16d90b3c94951ca6a934535fccbca270cd4d7ff17a2d9c00568b789b1d9"
    "7d44e381ad6d62fc717efeae4a39e02df7228663aa32c4bb3cb21e153c4d521d16a2d44d016b8c6c67cdb7e9cb44886b",
    "18ec62afa56b90216f055e42f33730cca91d3aef4af4e7a028cdab01790102c2c2697815743f0071e536a70e64a98669ec63d002"
    "071b76a28af28fbe8224c4abdee2c8482adb19e6530c5ac20d043f0949e38ea8c5b5a53108c0ff85fcd5db25a95b9e566c5d1da0"
    "e3531aa97f74c1bf0365a0b3a709f5ffd463488ac73e4fbd6a98ede2d4630960c65db0e8ec801c7ddf4a4741d306eeaac36e07aa"
    "8fe152d76022e3869c971e329c20550415f2926efeb9cd55e73fa695c7a38b975ea3ccb6878b5cf24048bcbc62086bb1a874bab3"
    "c1ecfa5bb984bb603ea3cdfb5dc9abc3bc935870235af656826ad8ccfb81f0c1a2a94650ae298b69cbbae2bdf53e1512",
    "0d3df1d701a33ec95bb212790a0e7eba526f5080bf6b8b69f255fe670f0b066f",
    "ce3259a9800ce37aefbbc0eeec9f0e6c2a7a992d167db81d97e3af8750664a58"};

constexpr Vector kVector2{
    "p\xc3\xa4ssw\xc3\xb6rd \xe2\x9c\x93 42",
    "s2k_fo",
    20136,
    "00ff102030405060708090a0b0c0d0e0",
    "5b6c82e7f6b6936f8a3cbfeb093e0c469f73e35cf6b3f0a6d58ea93b737694db",
    "72d6780c9e66de748866276699be623b5c3c7d745775b9c54bbacf18756afb5ff5b8406233d3a13d666e8b64e1c55dd0518e83fb"
    "b17802f3392c276feeaed02a9ab49da666d9628f6969b348d1d154f72eb524cc5e7e011e018d3f18517b5cfce6afd87f3291a514"
    "53b134bdd08bdc63a0041f38b94d2797913c8d20628782349937dbf215324d5a57d3e5ae45cae0d168e32e91cbcd0f43c7fcaea7"
    "2178b2b8f94f4804ed372605252463f452e415a3aeb96b5845429e3ed6784bb74ff683a9e36f7a9648baec6533bad29e33c070cf"
    "124c26e95df4b79194e1c8820764344e849b9858f2e5daf254a8d61b34cc72fe446b516653f530c3bbd2763fd4b0329c",
    "348ba72e2e4616cd5ce80c774e1bd72cdedeb13b8a0d2bc48a119a1195020db6bd2204cc3e956783a93f1c6808e9bab20f6c2314"
    "73ef95bf2872c784254aef2bf9df28ea3408d1c25d418f8797f095a622bf84f35252ea153062320fa9548a45099c0f6e23331b05"
    "e1800520a1e4250838b2ed5bbb52c9715667d7a09048aff63ba67d1bf286f1d2a384e86d59f8b38b2842f660b07493fd6e89dd82"
    "6f17460a9bfcc5edf3c83071236689deddcb59e997bd2b581609f171c5c1334e6a1e0375291b6e26f8cf77e459c723d8aa4de896"
    "6a2e61414b2fea661354160216fdcba36de1e55dc3004744924f00a831999be9de955986427e3f6c479f4b98d63ec5bf",
    "4081f55f37c5e8236564f7270227ec074a26a150391580930d0cbec5954469a6",
    "bba3dd5ec7e7dc6d0353ed505fb2fa63ea3d2ae08a0deaae6ba73a2516ca44c8"};

SrpChallenge challenge_of(const Vector& vector) {
  return {vector.protocol, *hex_decode(vector.salt), vector.iterations, *hex_decode(vector.big_b)};
}

class SrpVectors : public testing::TestWithParam<Vector> {};

TEST_P(SrpVectors, ProofsAreThePublishedOnes) {
  const auto& vector = GetParam();
  const Srp srp{BigNumber::from_hex(vector.a)};
  EXPECT_EQ(hex_encode(srp.public_key().bytes()), vector.big_a);
  const auto proof = srp.prove(kAccount, Secret{vector.password}, challenge_of(vector));
  ASSERT_TRUE(proof) << proof.error().message();
  ASSERT_TRUE(proof->has_value());
  EXPECT_EQ(hex_encode((*proof)->m1), vector.m1);
  EXPECT_EQ(hex_encode((*proof)->m2), vector.m2);
}

INSTANTIATE_TEST_SUITE_P(Srp, SrpVectors, testing::Values(kVector1, kVector2));

TEST(Srp, AnExchangeWhoseWritingIsDisputedIsThrownAway) {
  // Vector 3: S begins with a zero byte.
  const Srp srp{BigNumber::from_hex("bd2e98d6daccc166ed9e393a125142371eefed6c57f7449c0d52c00734dc1d84")};
  const auto challenge = challenge_of(kVector1);
  const auto proof = srp.prove(kAccount, Secret{kVector1.password}, challenge);
  ASSERT_TRUE(proof);
  EXPECT_FALSE(proof->has_value());
  const auto anyhow = srp.prove_anyhow(kAccount, Secret{kVector1.password}, challenge);
  ASSERT_TRUE(anyhow);
  EXPECT_EQ(base64_encode(anyhow->m1), "1AkuxwdDtF/ryukBVvgfMGW+ti9j5kYsGWx5g8lqaPw=");
  EXPECT_EQ(base64_encode(anyhow->m2), "RAAD737dY7Ct2Uo0kWRqLAjglE1xR+s8CzKnV/+mDMo=");
}

TEST(Srp, NothingIsProvedToAServerThatCheats) {
  const Srp srp;
  const auto refuses = [&](auto spoil) {
    auto challenge = challenge_of(kVector1);
    spoil(challenge);
    const auto proof = srp.prove(kAccount, Secret{kVector1.password}, challenge);
    return !proof && proof.error().kind() == ErrorKind::Protocol;
  };
  EXPECT_TRUE(refuses([](SrpChallenge& c) { c.b = std::string(256, '\0'); }));
  EXPECT_TRUE(refuses([](SrpChallenge& c) { c.b = std::string(256, '\xff'); }));  // beyond N
  EXPECT_TRUE(refuses([](SrpChallenge& c) { c.b.clear(); }));
  EXPECT_TRUE(refuses([](SrpChallenge& c) { c.salt.clear(); }));
  EXPECT_TRUE(refuses([](SrpChallenge& c) { c.protocol = "plain"; }));
  for (const std::int64_t iterations : {-1, 0, 1, 999, 1'000'001, 1'000'000'000}) {
    EXPECT_TRUE(refuses([&](SrpChallenge& c) { c.iterations = iterations; })) << iterations;
  }
  EXPECT_FALSE(refuses([](SrpChallenge&) {}));
}

TEST(Srp, EverySecretIsAnother) { EXPECT_FALSE(Srp{}.public_key() == Srp{}.public_key()); }

}  // namespace
}  // namespace icloudphotos::auth
