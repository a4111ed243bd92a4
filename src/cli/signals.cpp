// SPDX-License-Identifier: MIT
#include <array>
#include <cstdint>
#include <thread>

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "icloudphotos/base/handle.h"
#include "icloudphotos/base/log.h"
#include "icloudphotos/cli/daemon.h"

namespace icloudphotos::cli {
namespace {

constexpr Log log{"cli"};

bool is_ignored(int signal) {
  struct sigaction action {};
  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

class BlockedSignals final : public Signals {
 public:
  BlockedSignals() {
    sigemptyset(&wanted_);
    sigaddset(&wanted_, SIGTERM);
    sigaddset(&wanted_, SIGHUP);
    sigaddset(&wanted_, SIGUSR1);
    // A shell starts what stands before `&` with INT ignored, and means it.
    if (!is_ignored(SIGINT)) sigaddset(&wanted_, SIGINT);
    sigset_t blocked = wanted_;
    sigaddset(&blocked, SIGPIPE);  // a closed connection is an error of write(), not the end of the program
    sigaddset(&blocked, SIGXFSZ);  // so is a limit on file sizes
    pthread_sigmask(SIG_BLOCK, &blocked, &before_);
    signals_ = Fd{::signalfd(-1, &wanted_, SFD_CLOEXEC | SFD_NONBLOCK)};
    wake_ = Fd{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  }
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;
  ~BlockedSignals() override {
    thread_.request_stop();
    const std::uint64_t one = 1;
    if (thread_.joinable() && ::write(wake_.get(), &one, sizeof one) == sizeof one) thread_.join();
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

  void deliver(std::function<void()> stop, std::function<void()> refresh, std::function<void()> report) override {
    calls_ = {std::move(stop), std::move(refresh), std::move(report)};
    thread_ = std::jthread{[this](const std::stop_token& stopping) { run(stopping); }};
  }

 private:
  struct Calls {
    std::function<void()> stop, refresh, report;
  };

  void run(const std::stop_token& stopping) {
    std::array<pollfd, 2> both{{{signals_.get(), POLLIN, 0}, {wake_.get(), POLLIN, 0}}};
    while (!stopping.stop_requested()) {
      ::poll(both.data(), both.size(), -1);
      signalfd_siginfo info{};
      while (!stopping.stop_requested() &&
             ::read(signals_.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
        log.debug("signal number={} from_pid={}", info.ssi_signo, info.ssi_pid);
        const auto& call = info.ssi_signo == SIGHUP    ? calls_.refresh
                           : info.ssi_signo == SIGUSR1 ? calls_.report
                                                       : calls_.stop;
        call();
      }
    }
  }

  Calls calls_;
  sigset_t wanted_{};
  sigset_t before_{};
  Fd signals_;
  Fd wake_;
  std::jthread thread_;  ///< last: joined before the rest goes
};

}  // namespace

std::unique_ptr<Signals> Signals::block() { return std::make_unique<BlockedSignals>(); }

}  // namespace icloudphotos::cli
