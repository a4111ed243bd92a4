// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "icloudphotos/base/clock.h"

namespace icloudphotos::cli {

/// Where whoever started us as a service wants to hear of us.
struct ServicePlace {
  std::string socket;                     ///< A path, or `@` and an abstract name; empty: nowhere.
  std::chrono::microseconds watchdog{0};  ///< How long it waits for a sign of life; 0: for ever.
};

/// Takes it out of the environment, so that no program of ours speaks for us. Before there are other threads.
[[nodiscard]] ServicePlace take_service_place();

/// Tells systemd, or whoever else understands it, how a service is getting on. Where nobody listens it does nothing.
///
/// Threads   Any. One of its own asks for more time while the service starts, and gives signs of life afterwards.
/// Source    sd_notify(3)
class ServiceManager {
 public:
  /// `is_alive` is called for each sign of life, by the thread above; while it does not come back there is none.
  [[nodiscard]] static std::unique_ptr<ServiceManager> start(ServicePlace place, Clock& clock,
                                                             std::function<void()> is_alive);
  virtual ~ServiceManager() = default;

  virtual void ready() = 0;
  virtual void stopping() = 0;
  /// What it is doing now, in one line. Told only when it is something else than before.
  virtual void status(std::string_view text) = 0;
};

}  // namespace icloudphotos::cli
