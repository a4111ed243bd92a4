// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "icloudphotos/base/bignum.h"
#include "icloudphotos/base/digest.h"
#include "icloudphotos/base/json.h"
#include "icloudphotos/demo/service.h"
#include "icloudphotos/net/http.h"

#include "fake_clock.h"

namespace icloudphotos::demo {

/// A client of the demo service that does what the protocol pages say and nothing more; it shares nothing with auth or
/// cloud.
class Visitor {
 public:
  explicit Visitor(Service& service) : service_{service}, http_{std::move(net::make_curl_http({})).value()} {}

  net::Response call(const std::string& method, const std::string& path, std::string body = {},
                     net::Headers more = {}) {
    net::Request request;
    request.method = method;
    request.url = path.starts_with("http") ? path : service_.base_url() + path;
    request.body = std::move(body);
    request.headers = std::move(more);
    add(request.headers, "User-Agent", agent);
    add(request.headers, "Accept", "application/json");
    if (!origin.empty()) add(request.headers, "Origin", origin);
    for (const auto& [name, value] : pinned) add(request.headers, name, value);
    add(request.headers, "X-Apple-Widget-Key", "d39ba9916b7251055b22c7f910e2ea796ee65e98b2ddecea8f5dde8d9d1a815d");
    for (const auto& [name, value] : kept) add(request.headers, name, value);
    std::string jar;
    for (const auto& [name, value] : cookies) jar += (jar.empty() ? "" : "; ") + name + "=" + value;
    if (!jar.empty()) request.headers.add("Cookie", jar);
    auto response = http_->send(request, {});
    if (!response) return {0, {}, response.error().message()};
    keep(response->headers);
    return std::move(*response);
  }

  /// SRP by the book; the answer to signin/complete.
  net::Response give_password(const std::string& account, const std::string& password,
                              const std::string& trust_tokens = "[]") {
    const BigNumber n = group(), g = BigNumber::from_hex("02"), a{sha256(as_bytes("the visitor's secret"))};
    const BigNumber client_public = g.power_mod(a, n);
    const auto started = call("POST", "/appleauth/auth/signin/init",
                              fmt::format(R"({{"a":"{}","accountName":"{}","protocols":["s2k","s2k_fo"]}})",
                                          base64_encode(client_public.bytes()), account));
    if (started.status != 200) return started;
    const auto init = std::move(JsonDocument::parse(started.body)).value();
    const std::string salt = base64_decode(*init["salt"].text()).value(), b = base64_decode(*init["b"].text()).value();
    const BigNumber server_public{as_bytes(b)};
    std::string prepared = text_of(sha256(as_bytes(password)));
    if (init["protocol"].text() == "s2k_fo") prepared = hex_encode(as_bytes(prepared));
    const auto key =
        pbkdf2_sha256(as_bytes(prepared), as_bytes(salt), static_cast<unsigned>(*init["iteration"].integer()));
    const BigNumber x{hash(salt + text_of(hash(":" + text_of(key))))};
    const BigNumber k{hash(text_of(n.bytes()) + text_of(g.padded(256)))};
    const BigNumber u{hash(text_of(client_public.padded(256)) + text_of(server_public.padded(256)))};
    const BigNumber base = server_public.minus_mod(k.times(g.power_mod(x, n)), n);
    const std::string shared = text_of(hash(text_of(base.power_mod(a.plus(u.times(x)), n).bytes())));
    std::string mixed = text_of(hash(text_of(n.bytes())));
    const std::string of_g = text_of(hash(text_of(g.padded(256))));
    for (std::size_t i = 0; i < mixed.size(); ++i) mixed[i] = static_cast<char>(mixed[i] ^ of_g[i]);
    const std::string own = text_of(client_public.bytes()), theirs = text_of(server_public.bytes());
    const std::string m1 = text_of(hash(mixed + text_of(hash(account)) + salt + own + theirs + shared));
    const std::string m2 = text_of(hash(own + m1 + shared));
    return call("POST", "/appleauth/auth/signin/complete?isRememberMeEnabled=true",
                fmt::format(R"({{"accountName":"{}","c":"{}","m1":"{}","m2":"{}","rememberMe":true,"trustTokens":{}}})",
                            account, *init["c"].text(), base64_encode(as_bytes(m1)), base64_encode(as_bytes(m2)),
                            trust_tokens));
  }
  net::Response push() { return call("PUT", "/appleauth/auth/verify/trusteddevice/securitycode"); }
  net::Response give_code(const std::string& code) {
    return call("POST", "/appleauth/auth/verify/trusteddevice/securitycode",
                fmt::format(R"({{"securityCode":{{"code":"{}"}}}})", code));
  }
  /// `region` "/cn": at the setup service of China mainland.
  net::Response log_in(const std::string& region = {}) {
    return call(
        "POST", region + "/setup/ws/1/accountLogin",
        fmt::format(R"({{"accountCountryCode":"USA","dsWebAuthToken":"{}","extended_login":true,"trustToken":"{}"}})",
                    kept_value("X-Apple-Session-Token"), kept_value("X-Apple-TwoSV-Trust-Token")));
  }
  /// All the way in.
  void sign_in() {
    ASSERT_EQ(give_password("demo@example.com", "demo-Password-1").status, 409);
    ASSERT_EQ(push().status, 202);
    ASSERT_EQ(give_code(service_.shown_code()).status, 204);
    ASSERT_EQ(call("GET", "/appleauth/auth/2sv/trust").status, 204);
    ASSERT_EQ(log_in().status, 200);
  }

  net::Response database(const std::string& operation, const std::string& body,
                         const std::string& database = "private") {
    return call("POST", "/database/1/com.apple.photos.cloud/production/" + database + "/" + operation, body);
  }
  /// The same, parsed; anything but 200 fails the test.
  JsonDocument ask(const std::string& operation, const std::string& body,
                   const std::string& database_name = "private") {
    const auto response = database(operation, body, database_name);
    EXPECT_EQ(response.status, 200) << response.body;
    auto document = JsonDocument::parse(response.body);
    EXPECT_TRUE(document) << response.body;
    return document ? std::move(*document) : std::move(JsonDocument::parse("{}")).value();
  }
  JsonDocument list(const std::string& type, int rank, const std::string& more_filters = "", int limit = 200,
                    const std::string& direction = "ASCENDING", const std::string& zone = "PrimarySync") {
    return ask(
        "records/query",
        fmt::format(
            R"({{"query":{{"recordType":"{}","filterBy":[{{"fieldName":"startRank","comparator":"EQUALS",)"
            R"("fieldValue":{{"type":"INT64","value":{}}}}},{{"fieldName":"direction","comparator":"EQUALS",)"
            R"("fieldValue":{{"type":"STRING","value":"{}"}}}}{}]}},"resultsLimit":{},"zoneID":{{"zoneName":"{}"}}}})",
            type, rank, direction, more_filters, limit, zone));
  }
  JsonDocument control(const std::string& what, const std::string& json = {}) {
    auto result = service_.control(what, json);
    EXPECT_TRUE(result) << (result ? "" : result.error().message());
    return std::move(JsonDocument::parse(result ? *result : "{}")).value();
  }

  std::string agent =
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.3.1 Safari/605.1.15";
  std::string origin = "https://www.icloud.com";
  std::map<std::string, std::string> cookies, kept;
  std::map<std::string, std::string> pinned;  ///< headers sent in place of what was kept
  [[nodiscard]] std::string kept_value(const std::string& name) const {
    const auto found = kept.find(name);
    return found == kept.end() ? "" : found->second;
  }

 private:
  static void add(net::Headers& headers, const std::string& name, const std::string& value) {
    if (!headers.get(name)) headers.add(name, value);
  }
  void keep(const net::Headers& headers) {
    for (const auto name : {"scnt", "X-Apple-ID-Session-Id", "X-Apple-Session-Token", "X-Apple-TwoSV-Trust-Token"}) {
      if (const auto value = headers.get(name)) kept[name] = *value;
    }
    for (const auto line : headers.all("Set-Cookie")) {
      const auto pair = line.substr(0, line.find(';'));
      const auto equals = pair.find('=');
      const std::string name{pair.substr(0, equals)}, value{pair.substr(equals + 1)};
      if (value == "\"\"") {
        cookies.erase(name);
      } else {
        cookies[name] = value;
      }
    }
  }
  template <class Container>
  static std::string text_of(const Container& bytes) {
    return std::string{as_text(std::span{bytes})};
  }
  static Sha256Digest hash(const std::string& text) { return sha256(as_bytes(text)); }
  static BigNumber group() {
    return BigNumber::from_hex(
        "ac6bdb41324a9a9bf166de5e1389582faf72b6651987ee07fc3192943db56050a37329cbb4a099ed8193e0757767a13dd52312ab4b0331"
        "0"
        "dcd7f48a9da04fd50e8083969edb767b0cf6095179a163ab3661a05fbd5faaae82918a9962f0b93b855f97993ec975eeaa80d740adbf4f"
        "f"
        "747359d041d5c33ea71d281e446b14773bca97b43a23fb801676bd207a436c6481f1d2b9078717461a5b9d32e688f87748544523b524b0"
        "d"
        "57d5ea77a2775d2ecfa032cfbdbf52fb3786160279004e57ae6af874e7303ce53299ccc041c7bc308d82a5698f3a8d0c38271ae35f8e9d"
        "b"
        "fbb694b5c803d89f7ae435de236d525f54759b65e372fcd68ef20fa7111f9e4aff73");
  }
  Service& service_;
  std::unique_ptr<net::Http> http_;
};

/// A service of its own for a test, on a clock that stands still.
class DemoTest : public ::testing::Test {
 protected:
  Visitor& start(ServiceOptions options = {}) {
    options.clock = &clock;
    auto started = Service::start(options);
    EXPECT_TRUE(started) << (started ? "" : started.error().message());
    service = std::move(*started);
    visitor = std::make_unique<Visitor>(*service);
    return *visitor;
  }
  Visitor& start_signed_in(ServiceOptions options = {}) {
    start(std::move(options)).sign_in();
    return *visitor;
  }
  FakeClock clock;
  std::unique_ptr<Service> service;
  std::unique_ptr<Visitor> visitor;
};

}  // namespace icloudphotos::demo
