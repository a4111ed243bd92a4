// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "icloudphotos/net/http.h"

using icloudphotos::net::parse_url;

TEST(Url, HasItsPartsInOneForm) {
  const auto url = parse_url("HTTPS://P01-CKDatabaseWS.icloud.com:8443/a/../b?c=d&e#fragment");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->scheme, "https");
  EXPECT_EQ(url->host, "p01-ckdatabasews.icloud.com");
  EXPECT_EQ(url->port, 8443);
  EXPECT_EQ(url->path, "/a/../b?c=d&e");
}

TEST(Url, HasThePortOfItsSchemeAndTheRootAsPath) {
  EXPECT_EQ(parse_url("https://a.example")->port, 443);
  EXPECT_EQ(parse_url("http://a.example?q")->port, 80);
  EXPECT_EQ(parse_url("https://a.example")->path, "/");
  EXPECT_EQ(parse_url("http://a.example?q")->path, "/?q");
}

TEST(Url, HasAnAddressWithoutItsBrackets) { EXPECT_EQ(parse_url("http://[::1]:80/")->host, "::1"); }

TEST(Url, IsNothingWithoutSchemeAndHostOrWithAUserInIt) {
  for (const auto* text :
       {"", "/path", "example.com", "https:///path", "https://user@example.com/", "https://u:p@127.0.0.1/",
        "https://a b/", "https://a\tb/", "https://example.com:99999/", "http://a\\b/"})
    EXPECT_FALSE(parse_url(text)) << text;
  EXPECT_FALSE(parse_url({"https://a\0b/", 12}));
}

TEST(Url, IsLoopbackOnlyWhereNoResolverIsAsked) {
  for (const auto* text :
       {"http://127.0.0.1/", "http://127.3.2.1/", "http://[::1]/", "http://localhost/", "http://LOCALHOST:1/"})
    EXPECT_TRUE(parse_url(text)->is_loopback()) << text;
  for (const auto* text : {"http://128.0.0.1/", "http://127.0.0.1.example.com/", "http://localhost.example.com/",
                           "http://[::2]/", "http://0.0.0.0/", "http://127x/"})
    EXPECT_FALSE(parse_url(text)->is_loopback()) << text;
}
