// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>

#include "icloudphotos/base/handle.h"
#include "icloudphotos/base/result.h"

namespace icloudphotos::ui {

/// JSON texts over a local socket, one a line, in both directions.
///
/// Errors    Storage: the other side has gone. Protocol: a line longer than 64 KiB. Cancelled.
/// Threads   One at a time.
class Channel {
 public:
  /// Borrowed; outlives the channel.
  explicit Channel(const Fd& socket) : socket_{socket} {}
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  /// Wipes what it has sent: it may be a secret.
  [[nodiscard]] Result<void> send(std::string json);
  [[nodiscard]] Result<std::string> receive(std::stop_token stop);

 private:
  const Fd& socket_;
  std::string pending_;
};

// Paths of sockets may have no more than 107 bytes; these go by way of the directory, which may have any.

/// Listens at `path`, for its owner only; something dead that is in the way is removed. Errors: Storage.
[[nodiscard]] Result<Fd> listen_at(const std::filesystem::path& path);
/// Errors: NotFound: nobody listens there.
[[nodiscard]] Result<Fd> connect_to(const std::filesystem::path& path);
/// Whether the other side is a process of this user, or root.
[[nodiscard]] bool is_of_this_user(const Fd& socket);

/// Waits until there is something to read. false: asked to stop.
[[nodiscard]] bool wait_readable(const Fd& socket, std::stop_token stop);

}  // namespace icloudphotos::ui
