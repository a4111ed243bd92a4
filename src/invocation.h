// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <stop_token>

#include "icloudphotos/cli/daemon.h"
#include "icloudphotos/cli/options.h"
#include "icloudphotos/ui/control.h"
#include "icloudphotos/ui/terminal.h"

#include "account.h"

namespace icloudphotos {

/// What every command has: a terminal, and a way to be interrupted.
class Invocation {
 public:
  explicit Invocation(const cli::MountOptions& options);
  [[nodiscard]] std::stop_token stop() const { return stopping_.get_token(); }
  ui::Terminal terminal;

 private:
  std::stop_source stopping_;
  std::unique_ptr<cli::Signals> signals_;
};

/// The mount of an account that runs now, if one does.
[[nodiscard]] std::optional<ui::ControlClient> running_mount(const Account& account);

}  // namespace icloudphotos
