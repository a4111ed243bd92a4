// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>

#include "icloudphotos/base/handle.h"
#include "icloudphotos/base/result.h"

namespace icloudphotos::ui {

/// JSON texts over a local socket, one a line, in both directions.
///
/// Errors    Storage: the other side has gone, or does not take what it is sent. Protocol: a line that is too long.
///           Cancelled.
/// Threads   One at a time.
class Channel {
 public:
  /// What a mount takes: calls and answers to its questions, secrets among them.
  static constexpr std::size_t kLongestCall = std::size_t{64} << 10;
  /// What a command takes: the findings of a doctor in a large library.
  static constexpr std::size_t kLongestAnswer = std::size_t{64} << 20;

  /// Borrowed; outlives the channel.
  explicit Channel(const Fd& socket, std::size_t longest_line = kLongestCall)
      : socket_{socket}, longest_line_{longest_line} {}
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  /// Wipes what it has sent: it may be a secret.
  [[nodiscard]] Result<void> send(std::string json);
  [[nodiscard]] Result<std::string> receive(std::stop_token stop);
  /// Waits for the other side to go, or to say something nobody asked for. false: asked to stop.
  [[nodiscard]] bool wait_for_end(std::stop_token stop) const;

 private:
  const Fd& socket_;
  const std::size_t longest_line_;
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
