// SPDX-License-Identifier: MIT
#include "server_connection.h"

#include <algorithm>

#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include "icloudphotos/base/secret.h"

namespace icloudphotos::net {
namespace {

constexpr std::size_t kMostDrained = std::size_t{1} << 20;
constexpr int kDrainMilliseconds = 500;

bool wait_for(int fd, short events, int milliseconds) {
  pollfd poll_fd{fd, events, 0};
  int ready = 0;
  do ready = ::poll(&poll_fd, 1, milliseconds);
  while (ready < 0 && errno == EINTR);
  return ready > 0;
}

void configure(int socket) {
  const int yes = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  const timeval stall{kStallMilliseconds / 1000, 0};  // for TLS, which reads and writes on its own
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &stall, sizeof stall);
  ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &stall, sizeof stall);
}

}  // namespace

ServerConnection::ServerConnection(int id, Fd socket, Tls tls)
    : id_{id}, socket_{std::move(socket)}, tls_{std::move(tls)} {
  configure(socket_.get());
  if (tls_) SSL_set_fd(tls_.get(), socket_.get());
}

bool ServerConnection::shake_hands() { return !tls_ || SSL_accept(tls_.get()) == 1; }

bool ServerConnection::wait_for_request() const {
  return is_buffered() || wait_for(socket_.get(), POLLIN, kIdleMilliseconds);
}

void ServerConnection::stop_reading() const { ::shutdown(socket_.get(), SHUT_RD); }

void ServerConnection::close() {
  if (dropped_) {  // a reset, so that the client cannot take it for an empty answer
    const linger at_once{1, 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  } else if (tls_) {
    SSL_shutdown(tls_.get());
  }
  if (refusal != 0) drain();
}

/// Closing over unread bytes would reset the connection, and the client might never see why it was refused.
void ServerConnection::drain() {
  ::shutdown(socket_.get(), SHUT_WR);
  std::size_t drained = 0;
  while (drained < kMostDrained && wait_for(socket_.get(), POLLIN, kDrainMilliseconds)) {
    const auto count = ::recv(socket_.get(), buffer_.data(), buffer_.size(), 0);
    if (count <= 0) break;
    drained += static_cast<std::size_t>(count);
  }
  wipe(buffer_.data(), buffer_.size());
}

bool ServerConnection::is_readable() const {
  return is_buffered() || wait_for(socket_.get(), POLLIN, kStallMilliseconds);
}

bool ServerConnection::is_writable() const { return !dropped_ && wait_for(socket_.get(), POLLOUT, kStallMilliseconds); }

ssize_t ServerConnection::read(char* to, size_t size) {
  if (begin_ == end_) {
    const ssize_t count = receive(buffer_.data(), buffer_.size());
    if (count <= 0) return count;
    begin_ = 0;
    end_ = static_cast<std::size_t>(count);
  }
  const std::size_t count = std::min(size, end_ - begin_);
  std::copy_n(buffer_.data() + begin_, count, to);
  wipe(buffer_.data() + begin_, count);
  begin_ += count;
  return static_cast<ssize_t>(count);
}

ssize_t ServerConnection::write(const char* bytes, size_t size) {
  if (!is_writable()) return -1;
  if (tls_) return SSL_write(tls_.get(), bytes, static_cast<int>(std::min(size, std::size_t{1} << 30)));
  return ::send(socket_.get(), bytes, size, MSG_NOSIGNAL);
}

void ServerConnection::get_remote_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = id_;
}

void ServerConnection::get_local_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}

bool ServerConnection::is_buffered() const { return begin_ != end_ || (tls_ && SSL_pending(tls_.get()) > 0); }

ssize_t ServerConnection::receive(char* to, size_t size) const {
  if (!is_readable()) return -1;
  return tls_ ? SSL_read(tls_.get(), to, static_cast<int>(size)) : ::recv(socket_.get(), to, size, 0);
}

}  // namespace icloudphotos::net
