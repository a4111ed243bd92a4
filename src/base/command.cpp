// SPDX-License-Identifier: MIT
#include "icloudphotos/base/command.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string_view>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "icloudphotos/base/files.h"
#include "icloudphotos/base/handle.h"

extern char** environ;

namespace icloudphotos {
namespace {

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

/// Our environment and what is added to it, as "NAME=value". A NUL ends a value, as everywhere in C.
std::vector<std::string> environment_with(const std::vector<std::pair<std::string, std::string>>& added) {
  std::vector<std::string> lines;
  for (const auto& [name, value] : added) lines.push_back(fmt::format("{}={}", name, value));
  for (char** line = environ; line != nullptr && *line != nullptr; ++line) {
    const std::string_view text{*line};
    const auto name = text.substr(0, text.find('='));
    if (std::none_of(added.begin(), added.end(), [&](const auto& other) { return other.first == name; }))
      lines.emplace_back(text);
  }
  return lines;
}

/// `sh -c` with its output in `output`, or nowhere if that is -1; 0 if it cannot be started.
pid_t start(const Command& command, int output) {
  SpawnSetup setup;
  if (output >= 0) {
    posix_spawn_file_actions_adddup2(&setup.actions, output, STDOUT_FILENO);
  } else {
    posix_spawn_file_actions_addopen(&setup.actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  }
  posix_spawn_file_actions_addopen(&setup.actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  // Not every library closes its files at exec: libcurl 7.88 leaves its connections open.
  posix_spawn_file_actions_addclosefrom_np(&setup.actions, STDERR_FILENO + 1);
  // Its own process group, to be ended as a whole; our signal mask is not for it.
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setflags(&setup.attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setpgroup(&setup.attributes, 0);
  posix_spawnattr_setsigmask(&setup.attributes, &none);
  posix_spawnattr_setsigdefault(&setup.attributes, &all);
  auto text = command.text;
  char shell[] = "sh";
  char option[] = "-c";
  const std::array<char*, 4> arguments{shell, option, text.data(), nullptr};
  auto lines = environment_with(command.environment);
  std::vector<char*> environment;
  for (auto& line : lines) environment.push_back(line.data());
  environment.push_back(nullptr);
  pid_t pid = 0;
  const int failed =
      ::posix_spawn(&pid, "/bin/sh", &setup.actions, &setup.attributes, arguments.data(), environment.data());
  return failed == 0 ? pid : 0;
}

/// One run of a command.
class Run {
 public:
  Run(const Command& command, std::stop_token stop)
      : command_{command}, stop_{std::move(stop)}, deadline_{std::chrono::steady_clock::now() + command.patience} {}

  Result<void> collect(int output, Child& child, std::string& text) const {
    for (;;) {
      TRY(go_on());
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
      if (text.size() + count > command_.longest_output)
        return failed(fmt::format("it printed more than {} KiB", command_.longest_output >> 10));
      text.append(buffer.data(), count);
      wipe(buffer.data(), buffer.size());
    }
  }

  Result<void> await(Child& child) const {
    for (;;) {
      if (const auto status = child.status()) {
        if (*status == 0) return {};
        return failed("it failed; what it wrote to standard error says why");
      }
      TRY(go_on());
      ::poll(nullptr, 0, kGlance);
    }
  }

  [[nodiscard]] static Error failed(std::string why) { return Error{ErrorKind::Usage, std::move(why)}; }

 private:
  [[nodiscard]] Result<void> go_on() const {
    if (stop_.stop_requested()) return Error{ErrorKind::Cancelled, "interrupted"};
    if (std::chrono::steady_clock::now() <= deadline_) return {};
    const auto patience = std::chrono::ceil<std::chrono::seconds>(command_.patience);
    return failed(fmt::format("it did not end within {} seconds", patience.count()));
  }

  const Command& command_;
  const std::stop_token stop_;
  const std::chrono::steady_clock::time_point deadline_;
};

}  // namespace

Result<Secret> run_command(const Command& command, std::stop_token stop) {
  Fd reading;
  Fd writing;
  if (command.longest_output > 0) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return Run::failed(system_message(errno));
    reading.reset(ends[0]);
    writing.reset(ends[1]);
  }
  const Run run{command, std::move(stop)};
  Child child{start(command, writing.get())};
  writing.reset(-1);
  if (!child.started()) return Run::failed("it could not be started");
  std::string text;
  text.reserve(command.longest_output);  // never moved, so that wiping it wipes all of it
  auto ended = reading ? run.collect(reading.get(), child, text) : Result<void>{};
  if (ended) ended = run.await(child);
  Secret printed{std::move(text)};
  if (!ended) return std::move(ended).error();
  return printed;
}

}  // namespace icloudphotos
