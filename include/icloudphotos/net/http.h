// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "icloudphotos/base/result.h"

namespace icloudphotos::net {

/// Header lines in order; names compare without case and may repeat.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<std::pair<std::string, std::string>> lines) : lines_{lines} {}

  void add(std::string name, std::string value) { lines_.emplace_back(std::move(name), std::move(value)); }
  /// Replaces all lines of that name by one.
  void set(std::string_view name, std::string value);
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;  ///< The first of that name.
  [[nodiscard]] std::vector<std::string_view> all(std::string_view name) const;
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& lines() const { return lines_; }

 private:
  std::vector<std::pair<std::string, std::string>> lines_;
};

struct Request {
  std::string method = "GET";
  std::string url{};
  Headers headers{};
  std::string body{};
  std::size_t max_body_bytes = std::size_t{64} << 20;  ///< A longer answer ends in Protocol; a sink counts for itself.
  /// No byte for that long, once the request is on a connection: Offline. Connecting may take 5 s.
  std::chrono::milliseconds stall_timeout{15'000};
  std::chrono::milliseconds total_timeout{
      60'000};  ///< In all, waiting for a free connection included: Offline. 0: no limit.
  /// A new connection instead of a kept one (after a 421, which may mean the wrong connection was reused).
  bool fresh_connection = false;
};

struct ResponseHead {
  int status = 0;
  Headers headers;
};

struct Response {
  int status = 0;
  Headers headers;
  std::string body;
};

/// Where a body goes while it arrives. Called on the net thread: must not wait.
class BodySink {
 public:
  virtual ~BodySink() = default;
  /// The status line and headers, before any byte. false: not wanted, the transfer ends (and `send` returns the head).
  virtual bool begin(const ResponseHead& head) = 0;
  /// The next bytes. false: enough, the transfer ends (and `send` returns the head).
  virtual bool write(std::span<const std::byte> bytes) = 0;
};

/// One HTTP request out.
///
/// Shapes    Every status is an answer, not an Error; redirects are never followed. Without a sink compression is asked
///           for and undone; a sink gets the bytes as they came. Status, range and length are the caller's to check,
///           but a body shorter than its Content-Length is never passed off as whole. A request that died without an
///           answer on a kept connection was repeated once on a new one.
/// Errors    Offline: no connection, no TLS, no answer in time, an answer cut short. Protocol: an answer that is not
/// HTTP
///           or over its limits (128 KiB of headers). Usage: a URL that is neither https nor http to a loopback
///           address, a header that is not one line. Cancelled: `stop` was requested; `send` is back within 100 ms.
/// Threads   Any number at once; the caller waits, all transfers run on one thread inside.
/// Lifetime  Destroy it when nobody waits in `send` any more. Make it after the last fork.
class Http {
 public:
  virtual ~Http() = default;
  [[nodiscard]] virtual Result<Response> send(const Request& request, std::stop_token stop) = 0;
  [[nodiscard]] virtual Result<ResponseHead> send(const Request& request, BodySink& sink, std::stop_token stop) = 0;
};

struct HttpOptions {
  std::optional<std::filesystem::path> ca_file{};  ///< PEM, trusted in addition to the system's.
  std::size_t connections_per_host = 12;
  /// As many of them may be downloads, which are requests with a sink; fewer for a while after a host or the line showed
  /// that it has enough. 0: all.
  std::size_t downloads_per_host = 0;
  std::uint64_t max_download_rate = 0;  ///< Bytes a second of all downloads together. 0: no limit.
};

[[nodiscard]] Result<std::unique_ptr<Http>> make_curl_http(const HttpOptions& options);

/// `Retry-After` in seconds or as an HTTP date (`now` counts then), capped at an hour; anything else: nothing.
[[nodiscard]] std::optional<std::chrono::seconds> retry_after(const Headers& headers, std::chrono::sys_seconds now);

/// A date as HTTP headers and cookies write it, Apple's `Tue,16-Jan-2024 02:07:19 GMT` included. Before 1970: nothing.
[[nodiscard]] std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text);

/// The parts of an absolute URL; nothing if it is none.
struct Url {
  std::string scheme;  ///< Lower case.
  std::string host;    ///< Lower case, IPv6 without brackets.
  int port = 0;        ///< The scheme's when not given.
  std::string path;    ///< From the `/`, with the query.
  [[nodiscard]] bool is_loopback() const;
};
[[nodiscard]] std::optional<Url> parse_url(std::string_view text);

}  // namespace icloudphotos::net
