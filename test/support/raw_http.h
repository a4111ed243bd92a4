// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <sys/socket.h>

#include "icloudphotos/base/handle.h"

namespace icloudphotos {

/// A client that sends what it is told and shows what comes, byte for byte.
class RawHttp {
 public:
  explicit RawHttp(int port) : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    const timeval patience{20, 0};  // a test that waits longer has failed
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  [[nodiscard]] bool is_connected() const { return connected_; }

  bool send(std::string_view bytes) {
    return ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
  }
  /// One answer with a Content-Length (or none and no body), head and body; what came when the server went before.
  std::string read_answer(bool has_body = true) {
    while (buffer_.find("\r\n\r\n") == std::string::npos && fill()) {
    }
    const std::size_t head = buffer_.find("\r\n\r\n");
    if (head == std::string::npos) return take(buffer_.size());
    const std::size_t field = buffer_.find("Content-Length: ");
    const std::size_t body = has_body && field < head ? std::stoul(buffer_.substr(field + 16, 12)) : 0;
    while (buffer_.size() < head + 4 + body && fill()) {
    }
    return take(std::min(buffer_.size(), head + 4 + body));
  }
  /// Everything until the server closes.
  std::string read_all() {
    while (fill()) {
    }
    return take(buffer_.size());
  }

 private:
  bool fill() {
    char piece[4096];
    const ssize_t count = ::recv(socket_.get(), piece, sizeof piece, 0);
    if (count > 0) buffer_.append(piece, static_cast<std::size_t>(count));
    return count > 0;
  }
  std::string take(std::size_t count) {
    std::string taken = buffer_.substr(0, count);
    buffer_.erase(0, count);
    return taken;
  }
  Fd socket_;
  bool connected_ = false;
  std::string buffer_;
};

}  // namespace icloudphotos
