// SPDX-License-Identifier: MIT
#include <charconv>

#include <arpa/inet.h>
#include <curl/curl.h>

#include "icloudphotos/base/handle.h"
#include "icloudphotos/base/text.h"
#include "icloudphotos/net/http.h"

namespace icloudphotos::net {
namespace {

std::optional<std::string> part(CURLU* url, CURLUPart which, unsigned flags = 0) {
  char* raw = nullptr;
  if (curl_url_get(url, which, &raw, flags) != CURLUE_OK) return std::nullopt;
  const Handle<char, curl_free> owned{raw};
  return std::string{raw};
}

}  // namespace

// curl's own parser: a second one might see another host than the one curl connects to.
std::optional<Url> parse_url(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  const auto slashes = text.find("://");  // curl takes what follows three slashes for a host
  if (slashes == std::string_view::npos || text.substr(slashes + 3, 1) == "/") return std::nullopt;
  const Handle<CURLU, curl_url_cleanup> url{curl_url()};
  if (!url) return std::nullopt;
  const unsigned flags = CURLU_PATH_AS_IS | CURLU_DISALLOW_USER | CURLU_NON_SUPPORT_SCHEME;
  if (curl_url_set(url.get(), CURLUPART_URL, std::string{text}.c_str(), flags) != CURLUE_OK) return std::nullopt;
  const auto scheme = part(url.get(), CURLUPART_SCHEME);
  const auto host = part(url.get(), CURLUPART_HOST);
  const auto port = part(url.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  const auto path = part(url.get(), CURLUPART_PATH);
  if (!scheme || !host || host->empty() || !port || !path) return std::nullopt;

  Url parsed{ascii_lower(*scheme), ascii_lower(*host), 0, *path};
  std::from_chars(port->data(), port->data() + port->size(), parsed.port);
  if (parsed.host.front() == '[' && parsed.host.back() == ']')
    parsed.host = parsed.host.substr(1, parsed.host.size() - 2);
  if (const auto query = part(url.get(), CURLUPART_QUERY)) parsed.path += "?" + *query;
  return parsed;
}

bool Url::is_loopback() const {
  if (host == "localhost") return true;  // curl never asks a resolver for this name
  in_addr v4{};
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  return inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

}  // namespace icloudphotos::net
