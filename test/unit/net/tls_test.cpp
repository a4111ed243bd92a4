// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "icloudphotos/net/http.h"
#include "icloudphotos/net/http_server.h"

using namespace icloudphotos;
using namespace icloudphotos::net;

namespace {

const std::filesystem::path kData{ICLOUDPHOTOS_TEST_DATA "/tls"};

std::unique_ptr<HttpServer> serve(const char* certificate) {
  const ServerOptions options{.tls_certificate = kData / certificate, .tls_key = kData / "loopback.key"};
  const auto prove = [](const ServerRequest&) {
    ServerResponse response;
    response.body = "proved";
    return response;
  };
  return std::move(HttpServer::start(options, prove)).value();
}

Result<Response> get(const HttpServer& server, const HttpOptions& options) {
  const auto http = std::move(make_curl_http(options)).value();
  return http->send(Request{.url = fmt::format("https://localhost:{}/", server.port())}, {});
}

}  // namespace

TEST(Tls, TrustsTheAuthorityOfItsCaFile) {
  const auto server = serve("loopback.pem");
  const auto response = get(*server, {.ca_file = kData / "authority.pem"});
  ASSERT_TRUE(response) << response.error().message();
  EXPECT_EQ(response->body, "proved");
}

TEST(Tls, RefusesAnAuthorityItDoesNotKnow) {
  const auto server = serve("loopback.pem");
  const auto response = get(*server, {});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind(), ErrorKind::Offline);
  EXPECT_NE(response.error().message().find("--ca-file"), std::string::npos) << response.error().message();
}

TEST(Tls, RefusesACertificateOfAnotherHost) {
  const auto server = serve("elsewhere.pem");
  EXPECT_FALSE(get(*server, {.ca_file = kData / "authority.pem"}));
}

TEST(Tls, SaysSoWhenTheCaFileHoldsNoCertificate) {
  for (const auto* file : {"missing.pem", "README.md", "."}) {
    const auto http = make_curl_http({.ca_file = kData / file});
    ASSERT_FALSE(http) << file;
    EXPECT_EQ(http.error().kind(), ErrorKind::Usage);
  }
}
