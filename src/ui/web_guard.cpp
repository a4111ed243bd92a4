// SPDX-License-Identifier: MIT
#include "ui/web_guard.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "icloudphotos/base/text.h"

namespace icloudphotos::ui {
namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kMostVisitors = 8;

std::string new_secret() { return base64_encode(random_bytes(kSecretBytes), Base64::Url); }

/// The only value of a header; a repeated one could be read differently by others.
std::optional<std::string_view> only(const net::Headers& headers, std::string_view name) {
  const auto all = headers.all(name);
  if (all.size() != 1) return std::nullopt;
  return all.front();
}

}  // namespace

void WebGuard::set_port(int port) {
  const Lock lock{mutex_};
  port_ = port;
}

std::string WebGuard::new_token() {
  auto token = new_secret();
  const Lock lock{mutex_};
  token_ = sha256(as_bytes(token));
  return token;
}

Result<void> WebGuard::check_address(const net::ServerRequest& request) const {
  const Error foreign{ErrorKind::Refused,
                      "This address is not the one the link was made for. Open the link as it is shown."};
  const auto host = only(request.headers, "Host");
  int port = 0;
  {
    const Lock lock{mutex_};
    port = port_;
  }
  // A name that somebody else's DNS resolves to this machine would make their page one with ours.
  if (!host || (*host != fmt::format("127.0.0.1:{}", port) && *host != fmt::format("localhost:{}", port)))
    return foreign;
  if (request.method != "POST") return {};
  // Browsers send the origin with every form, and pages cannot forge it. It is compared with its port, which cookies
  // and SameSite know nothing of, so what another server on this machine makes the browser send is refused too. That,
  // with SameSite=Strict, is why forms carry no token of their own.
  const auto origin = only(request.headers, "Origin");
  if (!origin || *origin != fmt::format("http://{}", *host))
    return Error{ErrorKind::Refused, "This was not sent from the sign-in page itself, so it does not count."};
  return {};
}

bool WebGuard::knows(const net::ServerRequest& request) const {
  const Lock lock{mutex_};
  const auto name = cookie_name();
  for (const auto line : request.headers.all("Cookie")) {
    for (const auto pair : split(line, ';')) {
      const auto cookie = trim(pair);
      if (!cookie.starts_with(name + "=")) continue;
      const auto digest = sha256(as_bytes(cookie.substr(name.size() + 1)));
      if (std::find(visitors_.begin(), visitors_.end(), digest) != visitors_.end()) return true;
    }
  }
  return false;
}

std::optional<std::string> WebGuard::let_in(std::string_view token) {
  const auto digest = sha256(as_bytes(token));
  const Lock lock{mutex_};
  if (token_ != digest) return std::nullopt;
  token_.reset();
  const auto secret = new_secret();
  visitors_.push_back(sha256(as_bytes(secret)));
  if (visitors_.size() > kMostVisitors) visitors_.pop_front();
  let_in_.notify_all();
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict", cookie_name(), secret);
}

bool WebGuard::has_visitors() const {
  const Lock lock{mutex_};
  return !visitors_.empty();
}

bool WebGuard::wait_for_visitor(std::stop_token stop) {
  Lock lock{mutex_};
  return let_in_.wait(lock, std::move(stop), [this]() REQUIRES(mutex_) { return !visitors_.empty(); });
}

/// Cookies do not know ports: two mounts of one person must not overwrite each other's.
std::string WebGuard::cookie_name() const { return fmt::format("icloudphotos_{}", port_); }

}  // namespace icloudphotos::ui
