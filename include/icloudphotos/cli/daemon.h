// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>

#include "icloudphotos/base/result.h"

namespace icloudphotos::cli {

/// Going into the background once the mount answers.
///
/// `start` forks before there is any thread. It returns in the child, which keeps the terminal until `ready`; the
/// parent never returns from it: it waits, and exits 0 after `ready`, or with the child's own exit status (8 when
/// interrupted). In the foreground nothing is forked and `ready` does nothing.
class Daemon {
 public:
  enum class Where { Foreground, Background };
  [[nodiscard]] static Result<std::unique_ptr<Daemon>> start(Where where);
  virtual ~Daemon() = default;
  /// Lets the parent go and leaves the terminal (own session, standard streams to /dev/null). Once.
  virtual void ready() = 0;
};

/// Signals on a thread of their own, blocked everywhere else: make it before any other thread.
///
/// TERM and INT: `stop`. HUP: `refresh`. USR1: `report`. PIPE is ignored. The callbacks run on that thread and may be
/// called again.
class Signals {
 public:
  [[nodiscard]] static std::unique_ptr<Signals> block();  ///< Blocks them; nothing is called yet.
  virtual ~Signals() = default;
  /// Starts calling. Before that a TERM or INT is kept and delivered at once now.
  virtual void deliver(std::function<void()> stop, std::function<void()> refresh, std::function<void()> report) = 0;
};

}  // namespace icloudphotos::cli
