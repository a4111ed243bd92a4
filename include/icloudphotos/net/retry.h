// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>

namespace icloudphotos::net {

/// How long to wait before the next try of one request: base, 2·base, 4·base, … up to the cap, of which a random part
/// is taken ("full jitter"), so that many who failed together do not come back together. What the server asked for
/// wins.
///
/// Threads   One at a time; make one per request.
class Backoff {
 public:
  Backoff(std::chrono::milliseconds base, std::chrono::milliseconds cap, std::uint64_t seed);

  /// The wait before the next try. With `asked` (see `retry_after`) that long and up to a tenth more, even beyond the
  /// cap.
  [[nodiscard]] std::chrono::milliseconds next(std::optional<std::chrono::seconds> asked = std::nullopt);
  [[nodiscard]] int tries() const { return tries_; }  ///< How often `next` was called since the start.
  void start_over() { tries_ = 0; }                   ///< After a success.

 private:
  std::chrono::milliseconds base_;
  std::chrono::milliseconds cap_;
  std::minstd_rand random_;
  int tries_ = 0;
};

}  // namespace icloudphotos::net
