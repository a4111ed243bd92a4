// SPDX-License-Identifier: MIT
#include "ui/control_channel.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "icloudphotos/base/files.h"
#include "icloudphotos/base/secret.h"

namespace icloudphotos::ui {
namespace {

Error failure(std::string_view what) {
  return Error{ErrorKind::Storage, fmt::format("{}: {}", what, system_message(errno))};
}
Error gone() { return Error{ErrorKind::Storage, "the other side has gone"}; }

Fd make_socket() { return Fd{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)}; }

/// The address of `path` by way of its directory, which has to stay open while it is used.
struct Address {
  explicit Address(const std::filesystem::path& path)
      : directory{::open(path.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)} {
    text.sun_family = AF_UNIX;
    const auto name = fmt::format("/proc/self/fd/{}/{}", directory.get(), path.filename().string());
    if (!directory || name.size() >= sizeof text.sun_path) return;
    std::memcpy(text.sun_path, name.c_str(), name.size() + 1);
    valid = true;
  }
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&text); }
  Fd directory;
  sockaddr_un text{};
  bool valid = false;
};

}  // namespace

Channel::~Channel() { wipe(pending_.data(), pending_.size()); }

Result<void> Channel::send(std::string json) {
  json += '\n';
  std::string_view rest = json;
  while (!rest.empty()) {
    const auto sent = ::send(socket_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) break;
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
  const bool complete = rest.empty();
  wipe(json.data(), json.size());
  return complete ? Result<void>{} : gone();
}

Result<std::string> Channel::receive(std::stop_token stop) {
  // What may be secret is short: it is never moved while it grows, so that wiping it wipes all of it.
  pending_.reserve(std::min(longest_line_, kLongestCall));
  std::size_t searched = 0;
  for (;;) {
    if (const auto end = pending_.find('\n', searched); end != std::string::npos) {
      auto line = pending_.substr(0, end);
      const auto rest = pending_.substr(end + 1);
      wipe(pending_.data(), pending_.size());
      pending_ = rest;
      return line;
    }
    searched = pending_.size();
    if (!wait_readable(socket_, stop)) return Error{ErrorKind::Cancelled, "interrupted"};
    std::array<char, 16384> arrived;
    const auto room = std::min(arrived.size(), longest_line_ - pending_.size());
    if (room == 0) return Error{ErrorKind::Protocol, "the other side does not keep to lines"};
    const auto got = ::recv(socket_.get(), arrived.data(), room, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return gone();
    pending_.append(arrived.data(), static_cast<std::size_t>(got));
    wipe(arrived.data(), static_cast<std::size_t>(got));
  }
}

bool Channel::wait_for_end(std::stop_token stop) const { return wait_readable(socket_, std::move(stop)); }

Result<Fd> listen_at(const std::filesystem::path& path) {
  const Address address{path};
  if (!address.valid) return failure(fmt::format("cannot listen at {}", path.string()));
  auto socket = make_socket();
  // Whoever uses the account's state has it locked, so what is there belongs to nobody any more.
  ::unlink(path.c_str());
  if (!socket || ::bind(socket.get(), address.get(), sizeof address.text) != 0 || ::chmod(path.c_str(), 0600) != 0 ||
      ::listen(socket.get(), 8) != 0) {
    return failure(fmt::format("cannot listen at {}", path.string()));
  }
  return socket;
}

Result<Fd> connect_to(const std::filesystem::path& path) {
  const Address address{path};
  auto socket = make_socket();
  if (!address.valid || !socket || ::connect(socket.get(), address.get(), sizeof address.text) != 0)
    return Error{ErrorKind::NotFound, "no mount of this account runs"};
  return socket;
}

bool is_of_this_user(const Fd& socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  return peer.uid == ::geteuid() || peer.uid == 0;
}

bool wait_readable(const Fd& socket, std::stop_token stop) {
  const Fd woken{::eventfd(0, EFD_CLOEXEC)};
  const std::stop_callback wake{stop, [&] { (void)!::eventfd_write(woken.get(), 1); }};
  for (;;) {
    std::array<pollfd, 2> wait{{{socket.get(), POLLIN, 0}, {woken.get(), POLLIN, 0}}};
    if (::poll(wait.data(), wait.size(), -1) < 0 && errno != EINTR) return false;
    if (stop.stop_requested()) return false;
    if (wait[0].revents != 0) return true;
  }
}

}  // namespace icloudphotos::ui
