// SPDX-License-Identifier: MIT
#include "srp_server.h"

#include <gtest/gtest.h>

#include "icloudphotos/base/text.h"

using namespace icloudphotos;
using namespace icloudphotos::demo;

// The vectors of authentication.md 2.8.
namespace {

Bytes bytes_of(std::string_view base64) {
  const std::string text = base64_decode(base64).value();
  const auto bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

const std::string kName = "user@example.com";

SrpAccount first_account() {
  return make_srp_account("Apple-Test-1234", bytes_of("obLD1OX2BxgpOktcbX6PkA=="), 20064, SrpProtocol::S2k);
}
const BigNumber kFirstServerSecret =
    BigNumber::from_hex("e37da2028fb5711a8bf53f8709aee6d2f6255a08871d3c0a8e8338bd0cf61d2b");

}  // namespace

TEST(SrpServer, AcceptsTheProofsOfTheFirstVector) {
  const auto challenge = SrpChallenge::begin(
      first_account(),
      BigNumber::from_hex(
          "14d1bd2e5f596c5a6c8685a3182988ab852be45e7e8dddcb623ba193ad6c1329f2853300b33176236aca5c21a3f3ca"
          "1a579e884c7619e259dab0d923e0e70bd27ffa262e106d32e6b97e29198a28102a10a24c03f2681f63c58dc1bec75e"
          "f154a0bc70afd84fa0abfadb6ce3898c525fe95c94d2bdfcbe19ffb093dc67c8edd615d17b727f0efe4bcffb1f95f5"
          "4577764b023974c480ba915def47b995a7532701cb075ccc7554637de20a1914b0408986cba16d90b3c94951ca6a93"
          "4535fccbca270cd4d7ff17a2d9c00568b789b1d97d44e381ad6d62fc717efeae4a39e02df7228663aa32c4bb3cb21e"
          "153c4d521d16a2d44d016b8c6c67cdb7e9cb44886b"),
      kFirstServerSecret);
  ASSERT_TRUE(challenge);
  EXPECT_TRUE(hex_encode(challenge->server_public().bytes()).starts_with("18ec62afa56b90216f055e42f33730cca91d3aef"));
  EXPECT_TRUE(challenge->accepts(kName, {bytes_of("DT3x1wGjPslbshJ5Cg5+ulJvUIC/a4tp8lX+Zw8LBm8="),
                                         bytes_of("zjJZqYAM43rvu8Du7J8ObCp6mS0Wfbgdl+Ovh1BmSlg=")}));
  EXPECT_FALSE(challenge->accepts(kName, {bytes_of("DT3x1wGjPslbshJ5Cg5+ulJvUIC/a4tp8lX+Zw8LBm8="),
                                          bytes_of("DT3x1wGjPslbshJ5Cg5+ulJvUIC/a4tp8lX+Zw8LBm8=")}));
  EXPECT_FALSE(challenge->accepts("User@example.com", {bytes_of("DT3x1wGjPslbshJ5Cg5+ulJvUIC/a4tp8lX+Zw8LBm8="),
                                                       bytes_of("zjJZqYAM43rvu8Du7J8ObCp6mS0Wfbgdl+Ovh1BmSlg=")}));
}

TEST(SrpServer, AcceptsTheProofsOfTheSecondVectorWhoseSaltBeginsWithZero) {
  const auto account = make_srp_account("p\xc3\xa4ssw\xc3\xb6rd \xe2\x9c\x93 42", bytes_of("AP8QIDBAUGBwgJCgsMDQ4A=="),
                                        20136, SrpProtocol::S2kFo);
  EXPECT_TRUE(hex_encode(account.verifier.bytes()).starts_with("7bbd2b33919e008582d358b9bca8cf9b"));
  const BigNumber client_public{
      bytes_of("ctZ4DJ5m3nSIZidmmb5iO1w8fXRXdbnFS7rPGHVq+1/"
               "1uEBiM9OhPWZui2ThxV3QUY6D+7F4AvM5LCdv7q7QKpq0naZm2WKPaWmzSNHRVPcutSTMXn4B"
               "HgGNPxhRe1z85q/YfzKRpRRTsTS90IvcY6AEHzi5TSeXkTyNIGKHgjSZN9vyFTJNWlfT5a5FyuDRaOMukcvND0PH/"
               "K6nIXiyuPlPSATtNyYFJSRj9FLk"
               "FaOuuWtYRUKePtZ4S7dP9oOp4296lki67GUzutKeM8BwzxJMJuld9LeRlOHIggdkNE6Em5hY8uXa8lSo1hs0zHL+"
               "RGtRZlP1MMO70nY/1LAynA==")};
  const auto challenge = SrpChallenge::begin(
      account, client_public, BigNumber::from_hex("ab655e9c95479b7b820d967a90485f4f96c921984e47e407cc7f206facee05e1"));
  ASSERT_TRUE(challenge);
  EXPECT_TRUE(challenge->accepts(kName, {bytes_of("QIH1XzfF6CNlZPcnAifsB0omoVA5FYCTDQy+xZVEaaY="),
                                         bytes_of("u6PdXsfn3G0DU+1QX7L6Y+o9KuCKDequa6c6JRbKRMg=")}));
}

TEST(SrpServer, AcceptsBothPaddingsOfTheThirdVector) {
  const BigNumber two = BigNumber::from_hex("02");
  const BigNumber prime = BigNumber::from_hex(
      "ac6bdb41324a9a9bf166de5e1389582faf72b6651987ee07fc3192943db56050a37329cbb4a099ed8193e0757767a13dd52312ab4b03310d"
      "c"
      "d7f48a9da04fd50e8083969edb767b0cf6095179a163ab3661a05fbd5faaae82918a9962f0b93b855f97993ec975eeaa80d740adbf4ff747"
      "359"
      "d041d5c33ea71d281e446b14773bca97b43a23fb801676bd207a436c6481f1d2b9078717461a5b9d32e688f87748544523b524b0d57d5ea7"
      "7"
      "a2775d2ecfa032cfbdbf52fb3786160279004e57ae6af874e7303ce53299ccc041c7bc308d82a5698f3a8d0c38271ae35f8e9dbfbb694b5c"
      "8"
      "03d89f7ae435de236d525f54759b65e372fcd68ef20fa7111f9e4aff73");
  const BigNumber a = BigNumber::from_hex("bd2e98d6daccc166ed9e393a125142371eefed6c57f7449c0d52c00734dc1d84");
  const auto challenge = SrpChallenge::begin(first_account(), two.power_mod(a, prime), kFirstServerSecret);
  ASSERT_TRUE(challenge);
  EXPECT_TRUE(challenge->accepts(kName, {bytes_of("1AkuxwdDtF/ryukBVvgfMGW+ti9j5kYsGWx5g8lqaPw="),
                                         bytes_of("RAAD737dY7Ct2Uo0kWRqLAjglE1xR+s8CzKnV/+mDMo=")}));
  EXPECT_TRUE(challenge->accepts(kName, {bytes_of("2IVxLnUV9Mchy1F8KAlGShxYTU4HKV2RxiK10553Paw="),
                                         bytes_of("202Xb6dQH/9y3RhEd2K6VJzl3LuMraixOaG1ctssiT8=")}));
}

TEST(SrpServer, RefusesAPublicValueThatWouldGiveTheKeyAway) {
  EXPECT_FALSE(SrpChallenge::begin(first_account(), BigNumber{}, kFirstServerSecret));
}
