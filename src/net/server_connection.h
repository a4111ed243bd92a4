// SPDX-License-Identifier: MIT
#pragma once

#include <array>

#include <httplib.h>

#include "icloudphotos/base/handle.h"

namespace icloudphotos::net {

using Tls = Handle<SSL, SSL_free>;

constexpr int kIdleMilliseconds = 300'000;  // an idle connection is kept this long
constexpr int kStallMilliseconds = 30'000;  // a client that neither sends nor takes for this long is gone

/// One client of the server: its socket, perhaps under TLS, as httplib's parser wants to see it.
///
/// Threads   Its own; `stop_reading` any.
class ServerConnection final : public httplib::Stream {
 public:
  ServerConnection(int id, Fd socket, Tls tls);

  [[nodiscard]] bool shake_hands();
  /// Waits for the next request; false: the client, or the server, has had enough.
  [[nodiscard]] bool wait_for_request() const;
  /// From now on nothing reaches the client.
  void drop() { dropped_ = true; }
  [[nodiscard]] bool is_dropped() const { return dropped_; }
  /// Ends reading: a wait for the next request ends, an answer on its way still goes out.
  void stop_reading() const;
  void close();

  bool accepts_gzip = false;      ///< The request being answered.
  bool was_cut = false;           ///< Its answer promised more bytes than it had.
  bool is_get_with_body = false;  ///< The request is a GET, whatever its method says.
  int refusal = 0;                ///< The status that refuses it for its body, which stays unread.

  [[nodiscard]] bool is_readable() const override;
  [[nodiscard]] bool is_writable() const override;
  ssize_t read(char* to, size_t size) override;
  ssize_t write(const char* bytes, size_t size) override;
  /// Says in the port's place which connection this is: the one field that reaches the handler.
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  [[nodiscard]] socket_t socket() const override { return socket_.get(); }

 private:
  void drain();
  [[nodiscard]] bool is_buffered() const;
  ssize_t receive(char* to, size_t size) const;

  const int id_;
  Fd socket_;
  Tls tls_;
  std::array<char, 16384> buffer_{};
  std::size_t begin_ = 0, end_ = 0;
  bool dropped_ = false;
};

}  // namespace icloudphotos::net
