// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include <sys/uio.h>

namespace icloudphotos::fuse {

/// The first request of a mount and its answer, in which the kernel says what it can and we say what we want of it.
///
/// libfuse before 3.17 does not know that files can be passed through, so we ask for it in its answer while that is on
/// its way. What lies where is the kernel's interface, which stays as it is.
///
/// Threads   Any: several may look for the request, one finds it.
class FirstExchange {
 public:
  /// Looks at what comes from the kernel.
  void came(std::span<const std::byte> request);
  /// Looks at what goes there, and changes the one answer.
  void goes(std::span<iovec> answer);

  enum class State { Ahead, Offered, Asked, NotOffered };
  [[nodiscard]] State state() const { return state_; }

 private:
  std::atomic<State> state_ = State::Ahead;
  std::atomic<std::uint64_t> request_ = 0;  ///< Its number.
};

}  // namespace icloudphotos::fuse
