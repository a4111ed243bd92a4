// SPDX-License-Identifier: MIT
#include <array>
#include <cerrno>
#include <chrono>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "icloudphotos/auth/password_source.h"
#include "icloudphotos/base/files.h"
#include "icloudphotos/base/handle.h"

#include "auth/one_line.h"

extern char** environ;

namespace icloudphotos::auth {
namespace {

using Deadline = std::chrono::steady_clock::time_point;

constexpr std::size_t kLongestOutput = std::size_t{64} << 10;
constexpr int kGlance = 50;  // ms between looks at `stop` and the child

/// A child, killed with all it started unless it has ended by itself.
class Child {
 public:
  explicit Child(pid_t pid) : pid_{pid} {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ <= 0 || status_) return;
    ::kill(-pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  [[nodiscard]] bool started() const { return pid_ > 0; }
  /// How it ended, if it has.
  [[nodiscard]] std::optional<int> status() {
    int status = 0;
    if (!status_ && ::waitpid(pid_, &status, WNOHANG) == pid_) status_ = status;
    return status_;
  }

 private:
  pid_t pid_;
  std::optional<int> status_;
};

struct SpawnSetup {
  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
  SpawnSetup() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
  }
  SpawnSetup(const SpawnSetup&) = delete;
  SpawnSetup& operator=(const SpawnSetup&) = delete;
  ~SpawnSetup() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
};

/// `sh -c command` with its output in a pipe; 0 if it cannot be started.
pid_t start(std::string command, int output) {
  SpawnSetup setup;
  posix_spawn_file_actions_adddup2(&setup.actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&setup.actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  // Its own process group, to be ended as a whole; our signal mask is not for it.
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setflags(&setup.attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setpgroup(&setup.attributes, 0);
  posix_spawnattr_setsigmask(&setup.attributes, &none);
  posix_spawnattr_setsigdefault(&setup.attributes, &all);
  char shell[] = "sh";
  char option[] = "-c";
  const std::array<char*, 4> arguments{shell, option, command.data(), nullptr};
  pid_t pid = 0;
  return ::posix_spawn(&pid, "/bin/sh", &setup.actions, &setup.attributes, arguments.data(), environ) == 0 ? pid : 0;
}

class PasswordCommand final : public PasswordSource {
 public:
  PasswordCommand(std::string command, std::chrono::milliseconds patience)
      : command_{std::move(command)}, patience_{patience} {}

  Result<Secret> password(const std::string&, std::stop_token stop) override {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return failed(system_message(errno));
    const Fd reading{ends[0]};
    Fd writing{ends[1]};
    Child child{start(command_, writing.get())};
    writing.reset(-1);
    if (!child.started()) return failed("it could not be started");
    const auto deadline = std::chrono::steady_clock::now() + patience_;
    std::string text;
    text.reserve(kLongestOutput);  // never moved, so that wiping it wipes all of it
    auto collected = collect(reading.get(), child, text, deadline, stop);
    if (collected) collected = await(child, deadline, stop);
    Secret line = first_line(text);
    wipe(text.data(), text.size());
    if (!collected) return std::move(collected).error();
    if (line.empty()) return failed("it printed nothing");
    return line;
  }

  /// The same command: whether it prints the same is not for us to know, so it is taken for granted.
  [[nodiscard]] bool unchanged_since(TimePoint) const override { return true; }

 private:
  [[nodiscard]] static Error failed(std::string_view why) {
    return Error{ErrorKind::Usage, fmt::format("the password command gave no password: {}", why)};
  }
  [[nodiscard]] Result<void> go_on(Deadline deadline, const std::stop_token& stop) const {
    if (stop.stop_requested()) return Error{ErrorKind::Cancelled, "interrupted"};
    if (std::chrono::steady_clock::now() <= deadline) return {};
    return failed(
        fmt::format("it did not end within {} seconds", std::chrono::ceil<std::chrono::seconds>(patience_).count()));
  }

  Result<void> collect(int output, Child& child, std::string& text, Deadline deadline,
                       const std::stop_token& stop) const {
    for (;;) {
      TRY(go_on(deadline, stop));
      // Looked at first: what a child printed before it ended is in the pipe by now. Something it left behind may keep
      // the pipe open for ever.
      const bool over = child.status().has_value();
      pollfd wait{output, POLLIN, 0};
      const int ready = ::poll(&wait, 1, over ? 0 : kGlance);
      if (ready < 0 && errno == EINTR) continue;
      if (ready <= 0) {
        if (over) return {};
        continue;
      }
      std::array<char, 4096> buffer{};
      const auto got = ::read(output, buffer.data(), buffer.size());
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return {};
      const auto count = static_cast<std::size_t>(got);
      if (text.size() + count > kLongestOutput) return failed("it printed more than 64 KiB");
      text.append(buffer.data(), count);
      wipe(buffer.data(), buffer.size());
    }
  }

  Result<void> await(Child& child, Deadline deadline, const std::stop_token& stop) const {
    for (;;) {
      if (const auto status = child.status()) {
        if (*status == 0) return {};
        return failed("it failed; what it wrote to standard error says why");
      }
      TRY(go_on(deadline, stop));
      ::poll(nullptr, 0, kGlance);
    }
  }

  std::string command_;
  std::chrono::milliseconds patience_;
};

}  // namespace

std::unique_ptr<PasswordSource> make_password_command(std::string command, std::chrono::milliseconds patience) {
  return std::make_unique<PasswordCommand>(std::move(command), patience);
}

}  // namespace icloudphotos::auth
