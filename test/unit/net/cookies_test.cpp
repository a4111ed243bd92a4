// SPDX-License-Identifier: MIT
#include "icloudphotos/net/cookies.h"

#include <set>

#include <gtest/gtest.h>

using namespace icloudphotos;
using net::CookieJar;
using namespace std::chrono_literals;

namespace {

constexpr TimePoint kNow{std::chrono::seconds{1'704'067'200}};  // 1 Jan 2024
constexpr auto kSetup = "https://setup.icloud.com/setup/ws/1/accountLogin";

std::string sent(const CookieJar& jar, std::string_view url, TimePoint now = kNow) {
  return std::string{jar.header_for(url, now).reveal()};
}

CookieJar jar_with(std::initializer_list<std::string_view> lines, std::string_view url = kSetup) {
  CookieJar jar;
  for (const auto line : lines) jar.store(url, line, kNow);
  return jar;
}

CookieJar reloaded(const CookieJar& jar) {
  JsonWriter out;
  jar.write(out);
  const auto document = std::move(JsonDocument::parse(out.take())).value();
  return CookieJar::read(document.root());
}

}  // namespace

TEST(Cookies, GoToEveryHostOfTheirDomain) {
  const auto jar = jar_with({"T=1; Domain=.icloud.com; Path=/; Secure; HttpOnly"});
  EXPECT_EQ(sent(jar, "https://p123-ckdatabasews.icloud.com/database"), "T=1");
  EXPECT_EQ(sent(jar, "https://icloud.com/"), "T=1");
  EXPECT_EQ(sent(jar, "https://evilicloud.com/"), "");
  EXPECT_EQ(sent(jar, "https://icloud.com.cn/"), "");
}

TEST(Cookies, StayWithTheirHostWithoutADomain) {
  const auto jar = jar_with({"T=1; Path=/"});
  EXPECT_EQ(sent(jar, "https://setup.icloud.com/x"), "T=1");
  EXPECT_EQ(sent(jar, "https://a.setup.icloud.com/x"), "");
  EXPECT_EQ(sent(jar, "https://icloud.com/x"), "");
}

TEST(Cookies, KeepTheQuotesThatBelongToTheirValue) {
  const auto jar = jar_with({"X-APPLE-WEBAUTH-USER=\"v=1:s=0:d=123\";Path=/;Domain=.icloud.com;Secure"});
  EXPECT_EQ(sent(jar, kSetup), "X-APPLE-WEBAUTH-USER=\"v=1:s=0:d=123\"");
}

TEST(Cookies, EndWhenBothOfApplesDateFormsSaySo) {
  for (const auto* date :
       {"Tue, 16-Jan-2024 02:07:19 GMT", "Tue,16-Jan-2024 02:07:19 GMT", "Tue, 16 Jan 2024 02:07:19 GMT"}) {
    const auto jar = jar_with({std::string{"T=1; Path=/; Expires="} + date});
    EXPECT_EQ(sent(jar, kSetup, kNow + 14 * 24h), "T=1") << date;
    EXPECT_EQ(sent(jar, kSetup, kNow + 16 * 24h), "") << date;
  }
}

TEST(Cookies, GoByTheirMaxAgeBeforeTheirDate) {
  const auto jar = jar_with({"T=1; Path=/; Max-Age=60; Expires=Tue, 16-Jan-2024 02:07:19 GMT"});
  EXPECT_EQ(sent(jar, kSetup, kNow + 59s), "T=1");
  EXPECT_EQ(sent(jar, kSetup, kNow + 60s), "");
}

TEST(Cookies, AreDeletedByAnEmptyValueOrADateInThePast) {
  for (const auto* line : {"T=; Path=/", "T=\"\"; Path=/", "T=x; Path=/; Expires=Thu, 01-Jan-1970 00:00:00 GMT",
                           "T=x; Path=/; Max-Age=0", "T=x; Path=/; Max-Age=-1"}) {
    auto jar = jar_with({"T=1; Path=/"});
    jar.store(kSetup, line, kNow);
    EXPECT_FALSE(jar.has("T")) << line;
    EXPECT_EQ(sent(jar, kSetup), "") << line;
  }
}

TEST(Cookies, AreReplacedByOneOfTheSameNameDomainAndPath) {
  EXPECT_EQ(sent(jar_with({"T=1; Path=/", "T=2; Path=/"}), kSetup), "T=2");
  EXPECT_EQ(jar_with({"T=1; Path=/", "T=2; Path=/setup"}).cookies().size(), 2U);
}

TEST(Cookies, GoOnlyBelowTheirPathAndTheLongestFirst) {
  const auto jar = jar_with({"A=1; Path=/", "B=2; Path=/setup", "C=3; Path=/set", "D=4"});
  EXPECT_EQ(sent(jar, kSetup), "D=4; B=2; A=1");
  EXPECT_EQ(sent(jar, "https://setup.icloud.com/setup"), "B=2; A=1");
  EXPECT_EQ(sent(jar, "https://setup.icloud.com/setup?x=/setup/ws/1/y"), "B=2; A=1");
  EXPECT_EQ(sent(jar, "https://setup.icloud.com/other"), "A=1");
}

TEST(Cookies, AreRefusedForDomainsThatAreNotTheirHosts) {
  for (const auto* domain : {"apple.com", "p01.setup.icloud.com", "com", ".com", "cloud.com", "icloud.com.cn"})
    EXPECT_TRUE(jar_with({std::string{"T=1; Domain="} + domain}).cookies().empty()) << domain;
  CookieJar china;
  china.store("https://setup.icloud.com.cn/", "T=1; Domain=com.cn", kNow);
  EXPECT_TRUE(china.cookies().empty());
  china.store("https://setup.icloud.com.cn/", "T=1; Domain=.icloud.com.cn", kNow);
  EXPECT_EQ(sent(china, "https://p01.icloud.com.cn/"), "T=1");
  CookieJar address;
  address.store("https://10.1.2.3/", "T=1; Domain=2.3", kNow);
  EXPECT_TRUE(address.cookies().empty());
}

TEST(Cookies, OfALoopbackServiceStayWithItsHostAndCountAsSecure) {
  const auto jar = jar_with({"T=1; Domain=.icloud.com; Path=/; Secure"}, "http://127.0.0.1:8080/");
  EXPECT_EQ(sent(jar, "http://127.0.0.1:9090/"), "T=1");
  EXPECT_EQ(sent(jar, "https://www.icloud.com/"), "");
  EXPECT_EQ(sent(jar, "http://127.0.0.2/"), "");
}

TEST(Cookies, MarkedSecureNeverGoOverPlainHttp) {
  const auto jar = jar_with({"S=1; Path=/; Secure", "P=2; Path=/"});
  EXPECT_EQ(sent(jar, "http://setup.icloud.com/"), "P=2");
}

TEST(Cookies, WithControlCharactersOrWithoutANameAreRefused) {
  for (const std::string_view line :
       {std::string_view{"T=a\0b", 5}, std::string_view{"T=a\r\nSet-Cookie: b"}, std::string_view{"=x"},
        std::string_view{"x"}, std::string_view{""}, std::string_view{"T=\xff"}})
    EXPECT_TRUE(jar_with({line}).cookies().empty()) << line;
}

TEST(Cookies, AreAtMostAHundredAndTheOldestGoFirst) {
  CookieJar jar;
  for (int i = 0; i < 5'000; ++i) jar.store(kSetup, "C" + std::to_string(i) + "=1", kNow);
  EXPECT_EQ(jar.cookies().size(), 100U);
  EXPECT_TRUE(jar.has("C4999"));
  EXPECT_TRUE(jar.has("C4900"));
  EXPECT_FALSE(jar.has("C4899"));
}

TEST(Cookies, TakeAtMost64KiBTogether) {
  CookieJar jar;
  jar.store(kSetup, "Huge=" + std::string(1 << 20, 'x'), kNow);
  EXPECT_TRUE(jar.cookies().empty());
  for (int i = 0; i < 50; ++i) jar.store(kSetup, "C" + std::to_string(i) + "=" + std::string(4'000, 'x'), kNow);
  EXPECT_EQ(jar.cookies().size(), 16U);
  EXPECT_TRUE(jar.has("C49"));
}

TEST(Cookies, ThatEndedMakeRoom) {
  auto jar = jar_with({"A=1; Max-Age=10", "B=1"});
  jar.store(kSetup, "C=1", kNow + 11s);
  EXPECT_FALSE(jar.has("A"));
  EXPECT_TRUE(jar.has("B"));
}

TEST(Cookies, ComeBackFromTheirJsonAsTheyWere) {
  const auto jar = reloaded(jar_with({"A=\"q\"; Path=/; Domain=icloud.com; Secure", "B=2; Path=/; Max-Age=60"}));
  EXPECT_EQ(sent(jar, kSetup), "A=\"q\"; B=2");
  EXPECT_EQ(sent(jar, kSetup, kNow + 61s), "A=\"q\"");
  EXPECT_EQ(sent(jar, "https://p01.icloud.com/"), "A=\"q\"");
}

TEST(Cookies, AreLeftOutWhenTheirJsonIsDamaged) {
  const auto document =
      std::move(JsonDocument::parse(R"([1, null, {"name": "A"}, {"name": "B", "value": "x\r\ny", "domain":
      "icloud.com", "path": "/"}, {"name": "C", "value": "1", "domain": "setup.icloud.com", "path": "/"}, {"name": "D; E",
      "value": "1", "domain": "icloud.com", "path": "/"}])"))
          .value();
  const auto jar = CookieJar::read(document.root());
  EXPECT_EQ(jar.cookies().size(), 1U);
  EXPECT_EQ(sent(jar, kSetup), "C=1");
}

TEST(Cookies, CanBeRemovedByName) {
  auto jar = jar_with({"A=1; Path=/", "A=2; Path=/setup", "B=3; Path=/"});
  jar.remove("A");
  EXPECT_EQ(sent(jar, kSetup), "B=3");
}
