// SPDX-License-Identifier: MIT
#include "icloudphotos/base/command.h"

#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "icloudphotos/base/files.h"
#include "icloudphotos/base/handle.h"

#include "temp_dir.h"

namespace icloudphotos {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kEnough = 4096;

std::string ran(const Command& command) {
  const auto printed = run_command(command, {});
  return printed ? std::string{printed->reveal()} : "error: " + printed.error().message();
}
std::string ran(std::string text) { return ran(Command{.text = std::move(text), .longest_output = kEnough}); }

TEST(ACommand, GivesAllThatItPrinted) {
  EXPECT_EQ(ran("echo one; echo two"), "one\ntwo\n");
  EXPECT_EQ(ran("true"), "");
  EXPECT_EQ(ran("cat; echo done"), "done\n") << "its standard input is empty";
}

TEST(ACommand, HasOurEnvironmentAndWhatIsAddedToIt) {
  ::setenv("ICLOUDPHOTOS_TEST_KEPT", "ours", 1);
  ::setenv("ICLOUDPHOTOS_TEST_CHANGED", "ours", 1);
  Command command{.text = "echo $ICLOUDPHOTOS_TEST_KEPT; printf '%s\\n' \"$ICLOUDPHOTOS_TEST_CHANGED\"; env",
                  .environment = {{"ICLOUDPHOTOS_TEST_CHANGED", "a $(echo b) `echo c`; 'd' \"e\""}},
                  .longest_output = std::size_t{1} << 20};
  const auto printed = ran(command);
  EXPECT_TRUE(printed.starts_with("ours\na $(echo b) `echo c`; 'd' \"e\"\n")) << printed;
  EXPECT_EQ(printed.find("CHANGED=ours"), std::string::npos) << "named twice";
}

TEST(ACommand, MayPrintWhatNobodyReads) {
  const TempDir directory;
  const auto mark = (directory / "mark").string();
  EXPECT_EQ(ran(Command{.text = "head -c 1000000 /dev/zero && echo done > \"$MARK\"", .environment = {{"MARK", mark}}}),
            "");
  EXPECT_EQ(read_file(mark).value_or("nothing"), "done\n");
}

TEST(ACommand, HasNoneOfOurFiles) {
  const Fd kept{::open("/dev/null", O_RDONLY)};  // without O_CLOEXEC, as the sockets of some libraries
  ASSERT_GT(kept.get(), STDERR_FILENO);
  for (const std::size_t longest : {std::size_t{0}, kEnough}) {
    const auto printed =
        run_command({.text = fmt::format("test ! -e /proc/$$/fd/{}", kept.get()), .longest_output = longest}, {});
    EXPECT_TRUE(printed);
  }
}

TEST(ACommand, MayBeEndedBySignalsThatWeBlock) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, &before);
  const auto blocked = ran("sed -n 's/^SigBlk:[[:space:]]*//p' /proc/self/status");
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  EXPECT_EQ(blocked, "0000000000000000\n");
}

TEST(ACommand, ThatFailsIsSaidToHaveFailed) {
  for (const auto* text : {"echo printed; exit 1", "no-such-program 2>/dev/null", "kill -9 $$"}) {
    for (const std::size_t longest : {std::size_t{0}, kEnough}) {
      const auto printed = run_command({.text = text, .longest_output = longest}, {});
      ASSERT_FALSE(printed) << text;
      EXPECT_EQ(printed.error().kind(), ErrorKind::Usage);
      EXPECT_EQ(printed.error().message().find("printed"), std::string::npos) << "what it printed may be secret";
    }
  }
}

TEST(ACommand, ThatNeverStopsPrintingIsStopped) { EXPECT_EQ(ran("exec yes"), "error: it printed more than 4 KiB"); }

TEST(ACommand, ThatDoesNotEndIsKilledWithAllItStarted) {
  const TempDir directory;
  const auto pid_file = (directory / "pid").string();
  for (const std::string tail : {"wait", "exec >/dev/null; wait"}) {
    for (const std::size_t longest : {std::size_t{0}, kEnough}) {
      const auto printed = run_command({.text = "sleep 1000 & echo $! > " + pid_file + "; echo printed; " + tail,
                                        .patience = 300ms,
                                        .longest_output = longest},
                                       {});
      ASSERT_FALSE(printed);
      EXPECT_EQ(printed.error().message(), "it did not end within 1 seconds");
      const auto pid = static_cast<pid_t>(std::stoi(read_file(pid_file).value_or("0")));
      ASSERT_GT(pid, 1);
      while (::kill(pid, 0) == 0 &&
             read_file("/proc/" + std::to_string(pid) + "/stat").value_or("Z").find(") Z") == std::string::npos) {
        std::this_thread::yield();  // ends, or the test hangs
      }
    }
  }
}

TEST(ACommand, ThatLeftSomethingBehindHasEnded) {
  EXPECT_EQ(ran(Command{.text = "echo printed; sleep 5 &", .patience = 60s, .longest_output = kEnough}), "printed\n");
}

TEST(ACommand, IsInterrupted) {
  std::stop_source stop;
  stop.request_stop();
  for (const std::size_t longest : {std::size_t{0}, kEnough}) {
    const auto printed = run_command({.text = "sleep 1000", .longest_output = longest}, stop.get_token());
    ASSERT_FALSE(printed);
    EXPECT_EQ(printed.error().kind(), ErrorKind::Cancelled);
  }
}

}  // namespace
}  // namespace icloudphotos
