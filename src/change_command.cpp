// SPDX-License-Identifier: MIT
#include "change_command.h"

#include <chrono>
#include <utility>

#include "icloudphotos/base/command.h"
#include "icloudphotos/base/log.h"

namespace icloudphotos {
namespace {

constexpr Log log{"mount"};

/// It may well copy the whole library.
constexpr std::chrono::hours kPatience{24};

}  // namespace

ChangeCommand::ChangeCommand(std::string command, std::filesystem::path mount_point)
    : command_{std::move(command)}, mount_point_{std::move(mount_point)}, thread_{[this](const std::stop_token& stop) {
        run(stop);
      }} {}

void ChangeCommand::changed() {
  {
    const Lock lock{mutex_};
    changed_ = true;
  }
  news_.notify_one();
}

void ChangeCommand::run(const std::stop_token& stop) {
  for (;;) {
    {
      Lock lock{mutex_};
      if (!news_.wait(lock, stop, [this]() REQUIRES(mutex_) { return changed_; })) return;
      changed_ = false;
    }
    const auto ran = run_command(
        {.text = command_,
         .environment = {{"ICLOUDPHOTOS_EVENT", "changed"}, {"ICLOUDPHOTOS_MOUNT_POINT", mount_point_.string()}},
         .patience = kPatience},
        stop);
    if (!ran && ran.error().kind() != ErrorKind::Cancelled)
      log.error("the command of on_change failed: {}", ran.error().message());
  }
}

}  // namespace icloudphotos
