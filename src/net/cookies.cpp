// SPDX-License-Identifier: MIT
#include "icloudphotos/net/cookies.h"

#include <algorithm>
#include <charconv>

#include "icloudphotos/base/text.h"
#include "icloudphotos/net/http.h"

#include "http_date.h"

namespace icloudphotos::net {
namespace {

constexpr std::size_t kMaxCookies = 100;
constexpr std::size_t kMaxBytes = std::size_t{64} << 10;
constexpr std::size_t kMaxCookieBytes = std::size_t{8} << 10;
constexpr std::int64_t kMaxAgeSeconds = std::int64_t{400} * 24 * 3600;  // as browsers do

std::size_t size_of(const Cookie& cookie) {
  return cookie.name.size() + cookie.value.reveal().size() + cookie.domain.size() + cookie.path.size();
}

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7f; });
}

bool is_address(std::string_view host) {
  return host.find(':') != std::string_view::npos || host.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool domain_matches(std::string_view host, std::string_view domain) {
  if (host == domain) return true;
  return !is_address(host) && host.size() > domain.size() && host.ends_with(domain) &&
         host[host.size() - domain.size() - 1] == '.';
}

// Where anybody can have a name: "com", "com.cn". Two labels of at most three and two letters are taken for such a
// place; Apple's own domains are longer.
bool is_public_suffix(std::string_view domain) {
  const auto labels = split(domain, '.');
  return labels.size() < 2 || (labels.size() == 2 && labels[0].size() <= 3 && labels[1].size() <= 2);
}

bool path_matches(std::string_view request, std::string_view cookie) {
  if (!request.starts_with(cookie)) return false;
  return request.size() == cookie.size() || cookie.back() == '/' || request[cookie.size()] == '/';
}

std::string_view without_query(std::string_view path) { return path.substr(0, path.find('?')); }

std::string default_path(std::string_view request) {
  const auto slash = request.rfind('/');
  return std::string{slash == std::string_view::npos || slash == 0 ? "/" : request.substr(0, slash)};
}

std::optional<TimePoint> expiry_of_max_age(std::string_view text, TimePoint now) {
  const bool negative = text.starts_with('-');
  const auto digits = text.substr(negative ? 1 : 0);
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  std::int64_t seconds = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), seconds).ec != std::errc{})
    seconds = kMaxAgeSeconds;
  if (negative) seconds = 0;
  return now + std::chrono::seconds{std::min(seconds, kMaxAgeSeconds)};
}

/// What stands behind the first `;` of a Set-Cookie line.
struct Attributes {
  std::string domain;
  std::string path;
  bool secure = false;
  std::optional<TimePoint> expires, expires_by_age;
};

Attributes read_attributes(std::string_view text, TimePoint now) {
  Attributes read;
  for (const auto part : split(text, ';')) {
    const auto equals = part.find('=');
    const auto name = trim(part.substr(0, equals));
    const auto value = equals == std::string_view::npos ? std::string_view{} : trim(part.substr(equals + 1));
    if (ascii_iequals(name, "Domain")) {
      read.domain = ascii_lower(value.substr(value.starts_with('.') ? 1 : 0));
    } else if (ascii_iequals(name, "Path")) {
      read.path = value.starts_with('/') ? value : std::string_view{};
    } else if (ascii_iequals(name, "Secure")) {
      read.secure = true;
    } else if (ascii_iequals(name, "Expires")) {
      if (const auto date = parse_http_date(value)) read.expires = *date;
    } else if (ascii_iequals(name, "Max-Age")) {
      read.expires_by_age = expiry_of_max_age(value, now);
    }
  }
  return read;
}

std::optional<Cookie> read_set_cookie(const Url& url, std::string_view line, TimePoint now) {
  if (line.size() > kMaxCookieBytes || !is_plain(line)) return std::nullopt;
  const auto end = line.find(';');
  const auto pair = line.substr(0, end);
  const auto equals = pair.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  const auto attributes =
      read_attributes(end == std::string_view::npos ? std::string_view{} : line.substr(end + 1), now);

  Cookie cookie;
  cookie.name = trim(pair.substr(0, equals));
  if (cookie.name.empty()) return std::nullopt;
  cookie.value = Secret{std::string{trim(pair.substr(equals + 1))}};
  cookie.domain = url.host;
  cookie.host_only = true;
  // A name given to a loopback service by its test is nobody's domain: such cookies stay with the host.
  if (!attributes.domain.empty() && !url.is_loopback()) {
    if (!domain_matches(url.host, attributes.domain)) return std::nullopt;
    if (is_public_suffix(attributes.domain) && attributes.domain != url.host) return std::nullopt;
    cookie.domain = attributes.domain;
    cookie.host_only = is_address(url.host) || is_public_suffix(attributes.domain);
  }
  cookie.path = attributes.path.empty() ? default_path(without_query(url.path)) : attributes.path;
  cookie.secure = attributes.secure;
  cookie.expires = attributes.expires_by_age ? attributes.expires_by_age : attributes.expires;
  return cookie;
}

bool is_sound(const Cookie& cookie) {
  return !cookie.name.empty() && !cookie.domain.empty() && cookie.path.starts_with('/') &&
         size_of(cookie) <= kMaxCookieBytes && is_plain(cookie.name) && is_plain(cookie.value.reveal()) &&
         is_plain(cookie.domain) && is_plain(cookie.path) && cookie.name.find_first_of("=;") == std::string::npos &&
         cookie.value.reveal().find(';') == std::string_view::npos;
}

bool means_deletion(const Cookie& cookie, TimePoint now) {
  const auto value = cookie.value.reveal();
  return value.empty() || value == "\"\"" || (cookie.expires && *cookie.expires <= now);
}

bool is_secure(const Url& url) { return url.scheme == "https" || url.is_loopback(); }

// Last set, last to go: what each answer sets anew outlives what nobody renews.
void make_room(std::vector<Cookie>& cookies) {
  std::size_t bytes = 0;
  for (const auto& cookie : cookies) bytes += size_of(cookie);
  while (cookies.size() > kMaxCookies || bytes > kMaxBytes) {
    bytes -= size_of(cookies.front());
    cookies.erase(cookies.begin());
  }
}

}  // namespace

void CookieJar::store(std::string_view url_text, std::string_view set_cookie, TimePoint now) {
  const auto url = parse_url(url_text);
  if (!url) return;
  auto cookie = read_set_cookie(*url, set_cookie, now);
  if (!cookie || !is_sound(*cookie) || (cookie->secure && !is_secure(*url))) return;
  std::erase_if(cookies_, [&](const Cookie& old) {
    return (old.expires && *old.expires <= now) ||
           (old.name == cookie->name && old.domain == cookie->domain && old.path == cookie->path);
  });
  if (means_deletion(*cookie, now)) return;
  cookies_.push_back(std::move(*cookie));
  make_room(cookies_);
}

Secret CookieJar::header_for(std::string_view url_text, TimePoint now) const {
  const auto url = parse_url(url_text);
  if (!url) return {};
  const auto path = without_query(url->path);
  std::vector<const Cookie*> chosen;
  for (const auto& cookie : cookies_) {
    const bool here = cookie.host_only ? url->host == cookie.domain : domain_matches(url->host, cookie.domain);
    const bool expired = cookie.expires && *cookie.expires <= now;
    if (here && !expired && path_matches(path, cookie.path) && (!cookie.secure || is_secure(*url)))
      chosen.push_back(&cookie);
  }
  std::stable_sort(chosen.begin(), chosen.end(), [](auto* a, auto* b) { return a->path.size() > b->path.size(); });
  std::string header;
  for (const auto* cookie : chosen) {
    if (!header.empty()) header += "; ";
    header.append(cookie->name).append("=").append(cookie->value.reveal());
  }
  return Secret{std::move(header)};
}

bool CookieJar::has(std::string_view name) const {
  return std::any_of(cookies_.begin(), cookies_.end(), [&](const Cookie& cookie) { return cookie.name == name; });
}

void CookieJar::remove(std::string_view name) {
  std::erase_if(cookies_, [&](const Cookie& cookie) { return cookie.name == name; });
}

void CookieJar::write(JsonWriter& out) const {
  out.array();
  for (const auto& cookie : cookies_) {
    out.object();
    out.member("name", cookie.name).key("value").value(cookie.value.reveal());
    out.member("domain", cookie.domain).member("path", cookie.path);
    out.member("host_only", cookie.host_only).member("secure", cookie.secure);
    if (cookie.expires) out.key("expires_ms").value(std::int64_t{cookie.expires->time_since_epoch().count()});
    out.end();
  }
  out.end();
}

CookieJar CookieJar::read(JsonView array) {
  CookieJar jar;
  array.each([&](JsonView element) {
    const auto text = [&](std::string_view name) { return std::string{element[name].text().value_or("")}; };
    Cookie cookie{text("name"), Secret{text("value")}, text("domain"), text("path"), true, true, std::nullopt};
    cookie.host_only = element["host_only"].boolean().value_or(true);
    cookie.secure = element["secure"].boolean().value_or(true);
    if (const auto expires = element["expires_ms"].integer())
      cookie.expires = TimePoint{std::chrono::milliseconds{*expires}};
    if (is_sound(cookie)) jar.cookies_.push_back(std::move(cookie));
  });
  make_room(jar.cookies_);
  return jar;
}

}  // namespace icloudphotos::net
