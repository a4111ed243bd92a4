// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "icloudphotos/base/handle.h"

namespace icloudphotos {

/// One accepted connection of a RawServer.
class RawConnection {
 public:
  RawConnection(int fd, int number) : fd_{fd}, number_{number} {}

  [[nodiscard]] int number() const { return number_; }  ///< 1 for the first that came.

  /// The next request, head and body as they came; empty when the client has gone.
  std::string read_request() {
    for (;;) {
      const auto head_end = buffer_.find("\r\n\r\n");
      if (head_end != std::string::npos) {
        const auto field = buffer_.find("Content-Length: ");
        const std::size_t body = field < head_end ? std::stoul(buffer_.substr(field + 16, 12)) : 0;
        if (buffer_.size() >= head_end + 4 + body) {
          const auto request = buffer_.substr(0, head_end + 4 + body);
          buffer_.erase(0, request.size());
          return request;
        }
      }
      if (!fill()) return {};
    }
  }
  /// false when the client has gone.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  /// The end comes to the client as a reset instead of an orderly close.
  void reset() {
    const linger now{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  }
  /// Answers nothing until the client goes, or the server.
  void wait_until_client_goes() {
    while (fill()) {
    }
  }

 private:
  bool fill() {
    char bytes[4096];
    const auto got = ::recv(fd_, bytes, sizeof bytes, 0);
    if (got <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(got));
    return true;
  }

  int fd_;
  int number_;
  std::string buffer_;
};

/// A loopback server that says exactly the bytes a test wants, a thread a connection. A connection ends when `handler`
/// returns.
class RawServer {
 public:
  using Handler = std::function<void(RawConnection&)>;

  explicit RawServer(Handler handler) : handler_{std::move(handler)}, listener_{::socket(AF_INET, SOCK_STREAM, 0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size);
    ::listen(listener_.get(), 64);
    ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::jthread{[this] { accept(); }};
  }
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;
  ~RawServer() {
    ::shutdown(listener_.get(), SHUT_RDWR);
    acceptor_.join();
    {
      const std::lock_guard lock{mutex_};
      for (auto& client : clients_)
        if (client.fd) ::shutdown(client.fd.get(), SHUT_RDWR);
    }
    for (auto& client : clients_) client.thread.join();
  }

  [[nodiscard]] std::string url(std::string_view path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + std::string{path};
  }
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] int connections() const { return count_; }

 private:
  struct Client {
    Fd fd;
    std::jthread thread;
  };

  void accept() {
    for (;;) {
      const int fd = ::accept(listener_.get(), nullptr, nullptr);
      if (fd < 0) return;
      const std::lock_guard lock{mutex_};
      auto& client = clients_.emplace_back();
      client.fd.reset(fd);
      client.thread = std::jthread{[this, &client, fd, number = ++count_] {
        RawConnection connection{fd, number};
        handler_(connection);
        const std::lock_guard closing{mutex_};
        client.fd.reset(-1);
      }};
    }
  }

  Handler handler_;
  Fd listener_;
  int port_ = 0;
  std::atomic<int> count_ = 0;
  std::mutex mutex_;  ///< `clients_` and their descriptors
  std::list<Client> clients_;
  std::jthread acceptor_;
};

}  // namespace icloudphotos
