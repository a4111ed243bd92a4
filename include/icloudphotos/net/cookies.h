// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/json.h"
#include "icloudphotos/base/secret.h"

namespace icloudphotos::net {

struct Cookie {
  std::string name;
  Secret value;        ///< Quotes included: they belong to it.
  std::string domain;  ///< "icloud.com" without a dot; see `host_only`.
  std::string path;
  bool host_only = false;
  bool secure = false;
  std::optional<TimePoint> expires;  ///< None: a session cookie, which is kept all the same.
};

/// The cookies of one session, with their domains.
///
/// Shapes    Follows RFC 6265 where Apple does; values keep their quotes; an empty value or a past expiry deletes;
///           both of Apple's date forms are read; at most 100 cookies and 64 KiB. A loopback host counts as secure.
/// Threads   One at a time.
/// Source    protocol/authentication.md 0.4 (traps a to g).
class CookieJar {
 public:
  /// Takes in one `Set-Cookie` line of an answer from `url`; a domain that is not the host's is refused.
  void store(std::string_view url, std::string_view set_cookie, TimePoint now);
  /// The `Cookie` header for a request to `url`; empty when there is none.
  [[nodiscard]] Secret header_for(std::string_view url, TimePoint now) const;
  [[nodiscard]] bool has(std::string_view name) const;
  void remove(std::string_view name);
  [[nodiscard]] const std::vector<Cookie>& cookies() const { return cookies_; }

  void write(JsonWriter& out) const;  ///< As one JSON array.
  [[nodiscard]] static CookieJar read(JsonView array);

 private:
  std::vector<Cookie> cookies_;
};

}  // namespace icloudphotos::net
