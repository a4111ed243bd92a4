// SPDX-License-Identifier: MIT
#include "icloudphotos/net/wakeups.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <exception>
#include <limits>
#include <stop_token>
#include <thread>
#include <utility>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/handle.h"
#include "icloudphotos/base/log.h"

#include "wake_decision.h"

namespace icloudphotos::net {
namespace {

constexpr Log log{"net"};

Monotonic now() { return std::chrono::steady_clock::now(); }

std::chrono::nanoseconds read_clock(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

/// Only one of the two clocks stands still while the machine sleeps.
std::chrono::nanoseconds time_asleep() { return read_clock(CLOCK_BOOTTIME) - read_clock(CLOCK_MONOTONIC); }

/// Readable when interfaces, addresses or routes change.
Fd network_news() {
  Fd news{::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE)};
  sockaddr_nl groups{};
  groups.nl_family = AF_NETLINK;
  groups.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;
  if (news && ::bind(news.get(), reinterpret_cast<const sockaddr*>(&groups), sizeof groups) == 0) return news;
  log.debug("the kernel does not tell of networks");
  return {};
}

/// A timer that never runs out, but is cancelled when the wall clock jumps: at every resume, and when somebody sets it.
Fd clock_news() { return Fd{::timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK)}; }

void arm(const Fd& timer) {
  std::uint64_t unused = 0;
  (void)!::read(timer.get(), &unused, sizeof unused);  // ECANCELED, where it was: read once, that is over
  itimerspec never{};
  never.it_value.tv_sec = std::numeric_limits<std::int32_t>::max();
  never.it_value.tv_sec *= 4;
  ::timerfd_settime(timer.get(), TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, nullptr);
}

void drain(const Fd& news) {
  std::array<char, 8192> unread{};
  // What it says is not asked: the state is looked at afterwards, which also serves when messages were lost.
  while (::recv(news.get(), unread.data(), unread.size(), 0) > 0) {
  }
}

class KernelWakeups final : public Wakeups {
 public:
  explicit KernelWakeups(std::function<void()> wake)
      : wake_{std::move(wake)}, network_{network_news()}, clock_{clock_news()}, stop_{::eventfd(0, EFD_CLOEXEC)} {
    if (!network_ && !clock_) return;
    if (clock_) arm(clock_);
    // After the socket and the timer were made: what happens from now on is news.
    decision_ = WakeDecision{ways_out(), time_asleep()};
    thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
  }
  KernelWakeups(const KernelWakeups&) = delete;
  KernelWakeups& operator=(const KernelWakeups&) = delete;
  ~KernelWakeups() override = default;

 private:
  void run(const std::stop_token& stop) {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    const std::stop_callback ending{stop, [this] { ::eventfd_write(stop_.get(), 1); }};
    std::array<pollfd, 3> sources{{{stop_.get(), POLLIN, 0}, {network_.get(), POLLIN, 0}, {clock_.get(), POLLIN, 0}}};
    while (!stop.stop_requested()) {
      const int ready = ::poll(sources.data(), sources.size(), patience_ms());
      if (stop.stop_requested()) return;
      if (ready > 0 && sources[1].revents != 0) drain(network_);
      if (ready > 0 && sources[2].revents != 0) arm(clock_);
      if (ready > 0) decision_.hear(now());
      if (const auto due = decision_.due(); due && now() >= *due) look();
    }
  }

  void look() {
    try {
      if (!decision_.look(ways_out(), time_asleep(), now())) return;
      log.info("the network is back, or the machine has slept: asking again");
      wake_();
    } catch (const std::exception& problem) {
      log.warn("nobody was woken reason=\"{}\"", problem.what());
    }
  }

  [[nodiscard]] int patience_ms() const {
    const auto due = decision_.due();
    if (!due) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*due - now());
    return static_cast<int>(std::clamp<std::chrono::milliseconds::rep>(left.count(), 0, 60'000));
  }

  const std::function<void()> wake_;
  const Fd network_;
  const Fd clock_;
  const Fd stop_;
  WakeDecision decision_{{}, {}};  ///< of the thread
  std::jthread thread_;            ///< last: joined before the rest goes
};

}  // namespace

std::unique_ptr<Wakeups> Wakeups::start(std::function<void()> wake) {
  return std::make_unique<KernelWakeups>(std::move(wake));
}

}  // namespace icloudphotos::net
