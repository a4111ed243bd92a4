// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <deque>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "icloudphotos/base/digest.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/net/http_server.h"

namespace icloudphotos::ui {

/// Who may see the page: a browser that came through a link, at the address we gave, from our own pages.
///
/// Threads   Any.
class WebGuard {
 public:
  /// Before that nobody gets in.
  void set_port(int port);
  /// The token of a new link; the one before is void unless it was used.
  [[nodiscard]] std::string new_token();

  /// Whether the request was meant for us and comes from no other page. The error is for the visitor.
  [[nodiscard]] Result<void> check_address(const net::ServerRequest& request) const;
  /// Whether the browser was let in before.
  [[nodiscard]] bool knows(const net::ServerRequest& request) const;
  /// Uses the token up: the Set-Cookie line that makes the browser known.
  [[nodiscard]] std::optional<std::string> let_in(std::string_view token);
  /// Whether any browser was let in.
  [[nodiscard]] bool has_visitors() const;
  /// Waits for the first one; false: stopped.
  [[nodiscard]] bool wait_for_visitor(std::stop_token stop);

 private:
  [[nodiscard]] std::string cookie_name() const REQUIRES(mutex_);

  mutable Mutex mutex_;
  std::condition_variable_any let_in_;
  int port_ GUARDED_BY(mutex_) = 0;
  // Digests only: no comparison tells by its time how much of a guess was right.
  std::optional<Sha256Digest> token_ GUARDED_BY(mutex_);
  std::deque<Sha256Digest> visitors_ GUARDED_BY(mutex_);
};

}  // namespace icloudphotos::ui
