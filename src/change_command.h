// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <filesystem>
#include <stop_token>
#include <string>
#include <thread>

#include "icloudphotos/base/mutex.h"

namespace icloudphotos {

/// Runs a person's command when the mount shows something else than before. One at a time: what changes while it runs
/// has it run once more. One that runs when this goes is ended.
///
/// Threads   Any; nobody waits for the command.
class ChangeCommand {
 public:
  ChangeCommand(std::string command, std::filesystem::path mount_point);

  void changed();

 private:
  void run(const std::stop_token& stop);

  const std::string command_;
  const std::filesystem::path mount_point_;
  Mutex mutex_;
  std::condition_variable_any news_;
  bool changed_ GUARDED_BY(mutex_) = false;
  std::jthread thread_;  ///< Last member: joined before the rest goes.
};

}  // namespace icloudphotos
