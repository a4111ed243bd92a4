// SPDX-License-Identifier: MIT
#include "icloudphotos/base/clock.h"

#include "icloudphotos/base/mutex.h"

namespace icloudphotos {

TimePoint SystemClock::now() const {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

Monotonic SystemClock::monotonic() const { return std::chrono::steady_clock::now(); }

bool SystemClock::sleep_for(std::chrono::milliseconds duration, std::stop_token stop) {
  Mutex mutex;
  std::condition_variable_any woken;
  Lock lock{mutex};
  woken.wait_for(lock, stop, duration, [&] { return stop.stop_requested(); });
  return !stop.stop_requested();
}

}  // namespace icloudphotos
