// SPDX-License-Identifier: MIT
// Each start happens in a process of its own, as it ends the one it is called in.
#include "icloudphotos/cli/daemon.h"

#include <atomic>
#include <string>

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "icloudphotos/base/handle.h"

using namespace icloudphotos;
using cli::Daemon;
using cli::Signals;

namespace {

struct Pipe {
  Pipe() {
    int ends[2];
    if (::pipe(ends) != 0) ::abort();
    read = Fd{ends[0]};
    write = Fd{ends[1]};
  }
  /// All that is written until everybody has closed it.
  std::string text() {
    write.reset(-1);
    std::string all;
    char bytes[256];
    for (ssize_t got = 0; (got = ::read(read.get(), bytes, sizeof bytes)) > 0;)
      all.append(bytes, static_cast<std::size_t>(got));
    return all;
  }
  std::string byte() {
    char c = 0;
    return ::read(read.get(), &c, 1) == 1 ? std::string(1, c) : "";
  }
  void put(const std::string& text) const {
    if (::write(write.get(), text.data(), text.size()) < 0) ::abort();
  }
  Fd read, write;
};

/// Runs `main` in a process of its own, its standard error in `errors`; gives its pid.
template <class Main>
pid_t run(Pipe& errors, Main main) {
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  ::setpgid(0, 0);
  ::dup2(errors.write.get(), STDERR_FILENO);
  main();
  ::_exit(99);
}

int status_of(pid_t pid) {
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

std::unique_ptr<Daemon> start_in_background() { return std::move(Daemon::start(Daemon::Where::Background)).value(); }

}  // namespace

TEST(Daemon, LetsItsParentGoOnlyWhenItIsReady) {
  Pipe errors, story;
  const auto parent = run(errors, [&] {
    const auto daemon = start_in_background();
    story.put("a");
    daemon->ready();
    const bool left = ::getsid(0) == ::getpid() && ::isatty(STDIN_FILENO) == 0;
    char directory[16];
    story.put(left && std::string{::getcwd(directory, sizeof directory)} == "/" ? "b" : "?");
    ::_exit(0);
  });
  EXPECT_EQ(status_of(parent), 0);
  EXPECT_EQ(story.text(), "ab");
  EXPECT_EQ(errors.text(), "");
}

TEST(Daemon, GivesTheStatusOfAChildThatFailedAndSaysNothingMore) {
  Pipe errors;
  const auto parent = run(errors, [] {
    const auto daemon = start_in_background();
    ::dprintf(STDERR_FILENO, "why\n");
    ::_exit(32);
  });
  EXPECT_EQ(status_of(parent), 32);
  EXPECT_EQ(errors.text(), "why\n");
}

TEST(Daemon, SaysSoWhenTheChildDiesBeforeItIsReady) {
  Pipe errors;
  const auto parent = run(errors, [] {
    const auto daemon = start_in_background();
    ::raise(SIGKILL);
  });
  EXPECT_EQ(status_of(parent), 32);
  EXPECT_NE(errors.text().find("signal 9"), std::string::npos);
}

TEST(Daemon, TakesAnEndWithoutAMountForAFailure) {
  Pipe errors;
  const auto parent = run(errors, [] {
    const auto daemon = start_in_background();
    ::_exit(0);
  });
  EXPECT_EQ(status_of(parent), 32);
  EXPECT_NE(errors.text().find("before the mount answered"), std::string::npos);
}

TEST(Daemon, EndsWithItsChildWhenStoppedWhileItAsks) {
  for (const bool whole_group : {true, false}) {  // Ctrl-C; kill
    Pipe errors, story;
    const auto parent = run(errors, [&] {
      const auto daemon = start_in_background();
      const auto signals = Signals::block();
      Pipe stopped;
      signals->deliver([&] { stopped.put("s"); }, [] {}, [] {});
      story.put("a");
      stopped.byte();
      ::_exit(8);
    });
    EXPECT_EQ(story.byte(), "a");
    ::kill(whole_group ? -parent : parent, SIGINT);
    EXPECT_EQ(status_of(parent), 8);
    EXPECT_EQ(errors.text(), "");
  }
}

TEST(Daemon, EndsAChildThatDoesNotListenWhenAskedTwice) {
  Pipe errors, story;
  const auto parent = run(errors, [&] {
    const auto daemon = start_in_background();
    ::signal(SIGTERM, [](int) { (void)!::write(STDERR_FILENO, "t", 1); });
    story.put("a");
    for (;;) ::pause();
  });
  EXPECT_EQ(story.byte(), "a");
  ::kill(parent, SIGTERM);
  EXPECT_EQ(errors.byte(), "t");  // so the parent has heard the first one before the second comes
  ::kill(parent, SIGTERM);
  EXPECT_EQ(status_of(parent), 8);
}

TEST(Daemon, EndsWhenItsParentIsKilledBeforeItIsReady) {
  Pipe errors, story;
  const auto parent = run(errors, [&] {
    const auto daemon = start_in_background();
    story.put("a");
    for (;;) ::pause();
  });
  EXPECT_EQ(story.byte(), "a");
  ::kill(parent, SIGKILL);
  EXPECT_EQ(status_of(parent), -SIGKILL);
  EXPECT_EQ(story.text(), "");  // the end of the child is the end of the pipe
}

TEST(Daemon, StaysWhereItIsInTheForeground) {
  const auto before = ::getpid();
  const auto daemon = Daemon::start(Daemon::Where::Foreground);
  ASSERT_TRUE(daemon);
  (*daemon)->ready();
  EXPECT_EQ(::getpid(), before);
}

TEST(Signals, ReachTheirCallbacksEvenWhenTheyCameBefore) {
  Pipe errors, story;
  const auto child = run(errors, [&] {
    const auto signals = Signals::block();
    ::kill(::getpid(), SIGHUP);
    Pipe stopped;
    const auto stop = [&] {
      story.put("stop ");
      stopped.put("s");
    };
    const auto refresh = [&] {
      story.put("refresh ");
      ::kill(::getpid(), SIGUSR1);
    };
    const auto report = [&] {
      story.put("report ");
      ::kill(::getpid(), SIGTERM);
    };
    signals->deliver(stop, refresh, report);
    stopped.byte();
    ::_exit(0);
  });
  EXPECT_EQ(status_of(child), 0);
  EXPECT_EQ(story.text(), "refresh report stop ");
}

TEST(Signals, OfAClosedPipeAreNoEnd) {
  Pipe errors;
  const auto child = run(errors, [] {
    const auto signals = Signals::block();
    int ends[2];
    if (::pipe(ends) != 0) ::_exit(1);
    ::close(ends[0]);
    ::_exit(::write(ends[1], "x", 1) == -1 && errno == EPIPE ? 0 : 2);
  });
  EXPECT_EQ(status_of(child), 0);
}

TEST(Signals, LeaveInterruptsToWhoeverIgnoredThem) {
  Pipe errors;
  const auto child = run(errors, [] {
    ::signal(SIGINT, SIG_IGN);
    const auto signals = Signals::block();
    std::atomic<int> stops = 0;
    Pipe refreshed;
    signals->deliver([&] { ++stops; }, [&] { refreshed.put("r"); }, [] {});
    ::kill(::getpid(), SIGINT);
    ::kill(::getpid(), SIGHUP);
    refreshed.byte();
    ::_exit(stops);
  });
  EXPECT_EQ(status_of(child), 0);
}
