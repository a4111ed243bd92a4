// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

namespace icloudphotos::fuse {

/// Which signal makes the kernel say that a caller was interrupted.
enum class PendingSignal {
  Fatal,    ///< It will die of it: end its call.
  Handled,  ///< It has a handler: a program with a timer must not see EINTR from open(2).
  None,     ///< None pending: the freezer, before the machine sleeps.
  Unseen,   ///< The thread is not visible to us (another pid namespace).
};

/// Source    Measured on Linux 6.18: the kernel turns every fatal signal into SIGKILL in the thread's own pending set.
[[nodiscard]] PendingSignal pending_signal(pid_t thread);

}  // namespace icloudphotos::fuse
