// SPDX-License-Identifier: MIT
#include "invocation.h"

#include <utility>

#include "icloudphotos/base/log.h"

namespace icloudphotos {

Invocation::Invocation(const cli::MountOptions& options) : signals_{cli::Signals::block()} {
  start_log(LogTarget::StandardError, options.debug ? LogLevel::Debug : LogLevel::Warn);
  signals_->deliver([this] { stopping_.request_stop(); }, [] {}, [] {});
}

std::optional<ui::ControlClient> running_mount(const Account& account) {
  auto client = ui::ControlClient::connect(account.state);
  if (!client) return std::nullopt;
  return *std::move(client);
}

}  // namespace icloudphotos
