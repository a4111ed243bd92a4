// SPDX-License-Identifier: MIT
#include "icloudphotos/net/http_server.h"

#include <atomic>
#include <charconv>
#include <map>
#include <thread>

#include <httplib.h>
#include <netdb.h>
#include <sys/socket.h>
#include <zlib.h>

#include "icloudphotos/base/files.h"
#include "icloudphotos/base/handle.h"
#include "icloudphotos/base/log.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/secret.h"
#include "icloudphotos/base/text.h"

#include "server_connection.h"

namespace icloudphotos::net {
namespace {

constexpr Log log{"net"};

constexpr std::size_t kGzipFromBytes = 1024;
constexpr int kBacklog = 1024;

using TlsContext = Handle<SSL_CTX, SSL_CTX_free>;
using Addresses = Handle<addrinfo, freeaddrinfo>;

std::string gzip(const std::string& text) {
  z_stream stream{};
  // 16: with a gzip header; level 1, because a server of tests is asked often and answers the same machine.
  if (deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));  // zlib reads it only
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const bool done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  packed.resize(done ? stream.total_out : 0);
  deflateEnd(&stream);
  return packed;
}

bool is_worth_packing(const ServerResponse& response) {
  const auto type = response.headers.get("Content-Type");
  return response.body.size() >= kGzipFromBytes && type && type->starts_with("application/json") &&
         !response.headers.get("Content-Encoding");
}

/// The status that refuses a request for its body, before a byte of that is read; 0: let it come. httplib itself would
/// read a body of any length to its end, and wait for one that was never announced.
int refusal_of(httplib::Request& request, std::size_t max_body_bytes) {
  // Unpacked by httplib it could be of any length.
  request.headers.erase("Content-Encoding");
  if (request.has_header("Transfer-Encoding")) return 411;
  if (!request.has_header("Content-Length")) {
    request.set_header("Content-Length", "0");
    return 0;
  }
  const auto text = request.get_header_value("Content-Length");
  std::uint64_t length = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, length);
  if (read.ec == std::errc::result_out_of_range) return 413;
  if (read.ec != std::errc{} || read.ptr != end || request.get_header_value_count("Content-Length") > 1) return 400;
  return length > max_body_bytes ? 413 : 0;
}

/// httplib's own request, of which handlers see a constant one.
void wipe_body(const httplib::Request& request) {
  auto& own = const_cast<httplib::Request&>(request);
  wipe(own.body.data(), own.body.size());
  for (auto& [name, value] : own.params) wipe(value.data(), value.size());
}

ServerRequest translate(const httplib::Request& from) {
  ServerRequest request{from.method, from.path, from.target, {}, from.body};
  for (const auto& [name, value] : from.headers) {
    // httplib adds these four on its own.
    if (name != "REMOTE_ADDR" && name != "REMOTE_PORT" && name != "LOCAL_ADDR" && name != "LOCAL_PORT")
      request.headers.add(name, value);
  }
  return request;
}

void translate(ServerResponse&& from, ServerConnection& connection, httplib::Response& to) {
  to.status = from.status;
  // They have no body, whatever a handler put there: its bytes would be taken for the beginning of the next answer.
  if (from.status == 204 || from.status == 304) {
    from.body.clear();
    from.stream = nullptr;
  }
  if (connection.accepts_gzip && is_worth_packing(from)) {
    if (std::string packed = gzip(from.body); !packed.empty()) {
      from.body = std::move(packed);
      from.headers.add("Content-Encoding", "gzip");
    }
  }
  for (const auto& [name, value] : from.headers.lines()) to.set_header(name, value);
  to.body = std::move(from.body);
  if (!from.stream) return;
  // All pieces in one call, because the writer keeps its own place.
  auto provider = [stream = std::move(from.stream), length = from.stream_length, &connection](std::size_t, std::size_t,
                                                                                              httplib::DataSink& sink) {
    std::uint64_t written = 0;
    stream([&](std::string_view piece) {
      const std::uint64_t room = length - written;
      if (piece.size() > room) piece = piece.substr(0, room);
      if (connection.is_dropped() || !sink.write(piece.data(), piece.size())) return false;
      written += piece.size();
      return true;
    });
    connection.was_cut = written < length;
    return !connection.was_cut;
  };
  const auto type = from.headers.get("Content-Type").value_or("application/octet-stream");
  to.headers.erase("Content-Type");
  if (from.stream_length > 0) {
    to.set_content_provider(from.stream_length, std::string{type}, std::move(provider));
  } else {
    to.set_header("Content-Type", std::string{type});
  }
}

/// httplib parses requests and writes answers; sockets, threads and TLS are ours, because its own loop gives a handler
/// no way to cut a connection, polls idle ones a hundred times a second and answers ranges itself.
class Httplib final : public httplib::Server {
 public:
  Httplib(HttpServer::Handler handler, std::size_t max_body_bytes)
      : handler_{std::move(handler)}, max_body_bytes_{max_body_bytes} {
    const auto serve = [this](const httplib::Request& request, httplib::Response& response) {
      answer(request, response);
    };
    const std::string anything = "[^]*";
    Get(anything, serve).Post(anything, serve).Put(anything, serve).Patch(anything, serve);
    Delete(anything, serve).Options(anything, serve);
    set_payload_max_length(max_body_bytes_);
    set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
      response.status = connection_of(request).refusal;
      if (response.status == 0) {
        response.status = -1;  // httplib's word for not yet known
        return HandlerResponse::Unhandled;
      }
      response.set_header("Connection", "close");
      return HandlerResponse::Handled;
    });
    set_keep_alive_timeout(kIdleMilliseconds / 1000).set_keep_alive_max_count(1'000'000);
    set_post_routing_handler([](const httplib::Request&, httplib::Response& response) {
      if (response.status == 204 || response.status == 304) {
        response.headers.erase("Content-Length");
        response.headers.erase("Content-Type");
      }
    });
  }

  /// httplib cuts its own streams short once this is gone.
  void set_listening_socket(int fd) { svr_sock_ = fd; }

  void serve(ServerConnection& connection, int id, const std::atomic<bool>& stopping) {
    {
      const Lock lock{mutex_};
      connections_[id] = &connection;
    }
    bool closed = !connection.shake_hands();
    while (!closed && !stopping && connection.wait_for_request()) {
      connection.was_cut = false;
      const bool fine = process_request(connection, false, closed, [this, &connection](httplib::Request& request) {
        connection.refusal = refusal_of(request, max_body_bytes_);
        // httplib leaves the body of a GET unread and would take it for the next request.
        connection.is_get_with_body = request.method == "GET" && request.get_header_value("Content-Length") != "0";
        if (connection.is_get_with_body) request.method = "POST";
        request.ranges.clear();
        connection.accepts_gzip = request.get_header_value("Accept-Encoding").find("gzip") != std::string::npos;
        request.headers.erase("Accept-Encoding");
      });
      if (!fine || connection.is_dropped() || connection.was_cut || connection.refusal != 0) break;
    }
    const Lock lock{mutex_};
    connections_.erase(id);
  }

  void stop_reading() {
    const Lock lock{mutex_};
    for (const auto& [id, connection] : connections_) connection->stop_reading();
  }

 private:
  /// We are on its thread.
  ServerConnection& connection_of(const httplib::Request& request) {
    const Lock lock{mutex_};
    return *connections_.at(request.remote_port);
  }

  void answer(const httplib::Request& request, httplib::Response& response) {
    auto& connection = connection_of(request);
    auto translated = translate(request);
    if (connection.is_get_with_body) translated.method = "GET";
    wipe_body(request);
    ServerResponse ours = handler_(translated);
    wipe(translated.body.data(), translated.body.size());
    if (ours.hang_up) connection.drop();
    translate(std::move(ours), connection, response);
  }

  const HttpServer::Handler handler_;
  const std::size_t max_body_bytes_;
  Mutex mutex_;
  std::map<int, ServerConnection*> connections_ GUARDED_BY(mutex_);
};

Result<Fd> listen_on(const std::string& address, int port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* raw = nullptr;
  const std::string service = std::to_string(port);
  if (const int failed = ::getaddrinfo(address.c_str(), service.c_str(), &hints, &raw); failed != 0)
    return Error{ErrorKind::Usage, "the address " + address + " cannot be used: " + gai_strerror(failed)};
  const Addresses addresses{raw};
  Fd socket{::socket(raw->ai_family, raw->ai_socktype | SOCK_CLOEXEC, raw->ai_protocol)};
  const int yes = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (!socket || ::bind(socket.get(), raw->ai_addr, raw->ai_addrlen) != 0 || ::listen(socket.get(), kBacklog) != 0)
    return Error{ErrorKind::Usage, "port " + service + " of " + address + " cannot be used: " + system_message(errno)};
  return socket;
}

int port_of(int socket) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length) != 0) return 0;
  if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<sockaddr_in6*>(&address)->sin6_port);
  return ntohs(reinterpret_cast<sockaddr_in*>(&address)->sin_port);
}

Result<TlsContext> load_tls(const ServerOptions& options) {
  if (!options.tls_certificate) return TlsContext{};
  if (!options.tls_key) return Error{ErrorKind::Usage, "a TLS certificate needs its key"};
  TlsContext context{SSL_CTX_new(TLS_server_method())};
  if (!context || SSL_CTX_use_certificate_chain_file(context.get(), options.tls_certificate->c_str()) != 1)
    return Error{ErrorKind::Usage, "the TLS certificate " + options.tls_certificate->string() + " cannot be used"};
  if (SSL_CTX_use_PrivateKey_file(context.get(), options.tls_key->c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context.get()) != 1)
    return Error{ErrorKind::Usage, "the TLS key " + options.tls_key->string() + " cannot be used"};
  SSL_CTX_set_mode(context.get(), SSL_MODE_AUTO_RETRY);
  return context;
}

class ThreadedServer final : public HttpServer {
 public:
  ThreadedServer(Fd socket, TlsContext tls, Handler handler, std::size_t max_body_bytes)
      : socket_{std::move(socket)},
        port_{port_of(socket_.get())},
        tls_{std::move(tls)},
        httplib_{std::move(handler), max_body_bytes} {
    httplib_.set_listening_socket(socket_.get());
    acceptor_ = std::jthread{[this] { accept_all(); }};
  }
  ~ThreadedServer() override {
    stopping_ = true;
    httplib_.set_listening_socket(-1);
    ::shutdown(socket_.get(), SHUT_RDWR);  // ends accept
    acceptor_.join();
    httplib_.stop_reading();
    threads_.clear();  // joins
  }
  [[nodiscard]] int port() const override { return port_; }

 private:
  void accept_all() {
    for (int id = 1; !stopping_; ++id) {
      Fd client{::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC)};
      if (stopping_) return;
      join_finished();
      if (!client) {
        // Out of descriptors or a client that left while waiting: those that are served go on.
        log.debug("no connection accepted: {}", system_message(errno));
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
        continue;
      }
      threads_.emplace(
          id, std::jthread{[this, id, client = std::move(client)]() mutable { serve(id, std::move(client)); }});
    }
  }

  void serve(int id, Fd client) {
    try {
      Tls tls{tls_ ? SSL_new(tls_.get()) : nullptr};
      ServerConnection connection{id, std::move(client), std::move(tls)};
      httplib_.serve(connection, id, stopping_);
      connection.close();
    } catch (const std::exception& failure) {
      log.error("a connection ended by an exception: {}", failure.what());
    }
    const Lock lock{mutex_};
    finished_.push_back(id);
  }

  void join_finished() {
    std::vector<int> finished;
    {
      const Lock lock{mutex_};
      finished.swap(finished_);
    }
    for (const int id : finished) threads_.erase(id);
  }

  Fd socket_;
  const int port_;
  const TlsContext tls_;
  Httplib httplib_;
  std::atomic<bool> stopping_ = false;
  Mutex mutex_;
  std::vector<int> finished_ GUARDED_BY(mutex_);  ///< threads that have nothing left to do but be joined
  std::map<int, std::jthread> threads_;           ///< the acceptor's, and the destructor's once that has ended
  std::jthread acceptor_;
};

}  // namespace

std::optional<std::string> ServerRequest::query(std::string_view name) const {
  const std::size_t mark = target.find('?');
  if (mark == std::string::npos) return std::nullopt;
  for (const std::string_view pair : split(std::string_view{target}.substr(mark + 1), '&')) {
    const std::size_t equals = pair.find('=');
    if (percent_decode(pair.substr(0, equals)) != name) continue;
    return equals == std::string_view::npos ? std::string{} : percent_decode(pair.substr(equals + 1));
  }
  return std::nullopt;
}

Result<std::unique_ptr<HttpServer>> HttpServer::start(const ServerOptions& options, Handler handler) {
  TlsContext tls = TRY(load_tls(options));
  Fd socket = TRY(listen_on(options.address, options.port));
  return std::unique_ptr<HttpServer>{
      std::make_unique<ThreadedServer>(std::move(socket), std::move(tls), std::move(handler), options.max_body_bytes)};
}

}  // namespace icloudphotos::net
