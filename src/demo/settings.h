// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace icloudphotos::demo {

/// What the network of the service is like; may change while it runs.
struct Settings {
  std::atomic<std::int64_t> latency_ms = 0;
  std::atomic<std::uint64_t> bytes_per_second = 0;
  std::atomic<std::int64_t> pause_s = 900;  ///< how long a 429 or 503 without Retry-After asks for
};

}  // namespace icloudphotos::demo
