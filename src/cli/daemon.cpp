// SPDX-License-Identifier: MIT
#include "icloudphotos/cli/daemon.h"

#include <array>
#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "icloudphotos/base/files.h"
#include "icloudphotos/base/handle.h"

namespace icloudphotos::cli {
namespace {

constexpr int kStatusInterrupted = 8;
constexpr int kStatusMountFailed = 32;

Error failure(const char* what) { return Error{ErrorKind::Storage, std::string{what} + ": " + system_message(errno)}; }

/// Whoever opens a file must not get a descriptor that others take for the terminal.
Result<void> open_standard_streams() {
  for (;;) {
    const int fd = ::open("/dev/null", O_RDWR);
    if (fd < 0) return failure("cannot open /dev/null");
    if (fd <= STDERR_FILENO) continue;
    ::close(fd);
    return {};
  }
}

class Foreground final : public Daemon {
 public:
  void ready() override {}
};

/// The child's side.
class Background final : public Daemon {
 public:
  explicit Background(Fd parent) : parent_{std::move(parent)} {}

  void ready() override {
    if (!parent_) return;
    ::prctl(PR_SET_PDEATHSIG, 0);
    ::setsid();
    if (::chdir("/") != 0) { /* then the working directory stays busy; nothing else is lost */
    }
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = STDIN_FILENO; null >= 0 && fd <= STDERR_FILENO; ++fd) ::dup2(null, fd);
    if (null > STDERR_FILENO) ::close(null);
    const char yes = 1;
    while (::write(parent_.get(), &yes, 1) < 0 && errno == EINTR) {
    }
    parent_.reset(-1);
  }

 private:
  Fd parent_;
};

/// The parent's side: waits for the child's word or end, and does not come back.
class Parent {
 public:
  Parent(pid_t child, Fd pipe, const sigset_t& wanted)
      : child_{child}, pipe_{std::move(pipe)}, signals_{::signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK)} {}

  [[noreturn]] void wait() {
    for (;;) {
      std::array<pollfd, 2> both{{{pipe_.get(), POLLIN, 0}, {signals_.get(), POLLIN, 0}}};
      if (::poll(both.data(), both.size(), -1) < 0 && errno != EINTR) end_with_child();
      if (both[0].revents != 0) {
        char word = 0;
        if (::read(pipe_.get(), &word, 1) == 1) ::_exit(0);
        end_with_child();  // end of file: it closed its side by ending
      }
      pass_on_signals();
    }
  }

 private:
  // Ctrl-C reaches the child by the terminal, `kill` by us. Who asks twice has waited long enough.
  void pass_on_signals() {
    signalfd_siginfo info{};
    while (::read(signals_.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
      const int signal = static_cast<int>(info.ssi_signo);
      if (signal == SIGCHLD) continue;
      if (signal == SIGINT || signal == SIGTERM || signal == SIGQUIT) ++asked_to_stop_;
      if (asked_to_stop_ > 1) {
        ::kill(child_, SIGKILL);
      } else if (info.ssi_code != SI_KERNEL) {
        ::kill(child_, signal == SIGQUIT ? SIGTERM : signal);
      }
    }
  }

  [[noreturn]] void end_with_child() {
    int status = 0;
    while (::waitpid(child_, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status)) {
      if (asked_to_stop_ > 0) ::_exit(kStatusInterrupted);
      ::dprintf(STDERR_FILENO, "mount.icloudphotos: ended by signal %d (%s) before the mount answered\n",
                WTERMSIG(status), ::strsignal(WTERMSIG(status)));
      ::_exit(kStatusMountFailed);
    }
    if (WEXITSTATUS(status) != 0) ::_exit(WEXITSTATUS(status));  // it has said why
    if (asked_to_stop_ > 0) ::_exit(kStatusInterrupted);
    ::dprintf(STDERR_FILENO, "mount.icloudphotos: ended before the mount answered\n");
    ::_exit(kStatusMountFailed);
  }

  pid_t child_;
  Fd pipe_;
  Fd signals_;
  int asked_to_stop_ = 0;
};

}  // namespace

Result<std::unique_ptr<Daemon>> Daemon::start(Where where) {
  TRY(open_standard_streams());
  if (where == Where::Foreground) return std::unique_ptr<Daemon>{std::make_unique<Foreground>()};
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return failure("cannot go into the background");
  Fd read_end{ends[0]}, write_end{ends[1]};
  // The parent's signals are blocked before there is a child that could be missed by one.
  sigset_t wanted, before;
  sigemptyset(&wanted);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGQUIT, SIGCHLD}) sigaddset(&wanted, signal);
  ::sigprocmask(SIG_BLOCK, &wanted, &before);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child <= 0) ::sigprocmask(SIG_SETMASK, &before, nullptr);
  if (child < 0) return failure("cannot go into the background");
  if (child > 0) {
    write_end.reset(-1);
    Parent{child, std::move(read_end), wanted}.wait();
  }
  // Without its parent nobody could stop it from the terminal.
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) return Error{ErrorKind::Cancelled, "the calling program is gone"};
  return std::unique_ptr<Daemon>{std::make_unique<Background>(std::move(write_end))};
}

}  // namespace icloudphotos::cli
