// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>

namespace icloudphotos::net {

/// Says when it is worth asking again at once: the network is back or another one, or the machine has slept.
///
/// Shapes    A burst of news is one call, and calls are at least 5 s apart; what comes meanwhile is kept for the next.
///           Only a gain counts: an address on a running interface (link-local ones reach nobody) or a default route that
///           was not there before. Addresses that are merely prolonged, as routers do all day, call nobody.
/// Errors    None: where the kernel tells nothing (a container without netlink), nobody is called.
/// Threads   `wake` is called on a thread of its own, under no lock.
/// Lifetime  After destruction `wake` is not called any more. Make it after the last fork.
class Wakeups {
 public:
  [[nodiscard]] static std::unique_ptr<Wakeups> start(std::function<void()> wake);
  virtual ~Wakeups() = default;
};

}  // namespace icloudphotos::net
