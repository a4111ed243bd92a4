// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "icloudphotos/base/result.h"
#include "icloudphotos/net/http.h"

namespace icloudphotos::net {

struct ServerRequest {
  std::string method;
  std::string path;    ///< Decoded, without the query.
  std::string target;  ///< As it came, with the query.
  Headers headers;
  std::string body;
  [[nodiscard]] std::optional<std::string> query(std::string_view name) const;
};

struct ServerResponse {
  int status = 200;
  Headers headers;
  std::string body;
  /// Instead of `body`: writes the body itself, piece by piece, by calling `write`, which says false when the client
  /// has gone. Returning before `stream_length` bytes were written cuts the connection. Runs on the connection's thread
  /// and may wait.
  std::function<void(const std::function<bool(std::string_view)>& write)> stream;
  std::uint64_t stream_length = 0;
  /// Answer nothing and drop the connection.
  bool hang_up = false;
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  int port = 0;                                               ///< 0: any free one.
  std::optional<std::filesystem::path> tls_certificate = {};  ///< PEM; with tls_key: HTTPS.
  std::optional<std::filesystem::path> tls_key = {};
  std::size_t max_body_bytes = std::size_t{64} << 20;  ///< Of a request.
};

/// A small HTTP/1.1 server: one handler for everything, a thread a connection, ranges left to the handler.
///
/// Shapes    A body is taken as it came, compressed or not, and must say its length: 411. Too long: 413, unread. Both
///           end the connection. Bodies are overwritten once the handler is done, as they may hold passwords.
/// Errors    Usage: the address or certificate cannot be used.
/// Threads   The handler is called from many threads at once. Destruction stops it and waits for handlers.
class HttpServer {
 public:
  using Handler = std::function<ServerResponse(const ServerRequest&)>;
  [[nodiscard]] static Result<std::unique_ptr<HttpServer>> start(const ServerOptions& options, Handler handler);
  virtual ~HttpServer() = default;
  [[nodiscard]] virtual int port() const = 0;
};

}  // namespace icloudphotos::net
