// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "icloudphotos/base/result.h"
#include "icloudphotos/base/secret.h"

namespace icloudphotos {

/// A line for the shell, as a person configured it.
struct Command {
  std::string text;  ///< For `sh -c`.
  /// Added to our environment, in place of what has the same name there.
  std::vector<std::pair<std::string, std::string>> environment{};
  std::chrono::milliseconds patience = std::chrono::seconds{30};
  std::size_t longest_output = 0;  ///< Bytes it may print; 0: what it prints is thrown away.
};

/// Runs it to its end and gives what it printed. Its standard input is empty, its standard error goes to ours, it has
/// no other file of ours open, and no signal that we block or ignore is blocked or ignored there. What it left running
/// when it has ended goes on; one that does not end is killed with all it started.
///
/// Errors    Usage: it could not be started, failed, printed too much or did not end in time; which one, is said in
///           words that follow upon "the command failed:". Cancelled.
/// Threads   Any; the caller waits.
[[nodiscard]] Result<Secret> run_command(const Command& command, std::stop_token stop);

}  // namespace icloudphotos
