// SPDX-License-Identifier: MIT
#include "icloudphotos/auth/password_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <utility>

#include "icloudphotos/base/files.h"
#include "icloudphotos/base/handle.h"

extern char** environ;

namespace icloudphotos::auth {
namespace {

constexpr std::chrono::seconds kCommandPatience{30};
constexpr std::size_t kLongestPassword = std::size_t{64} << 10;

Secret without_newline(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return Secret{std::move(text)};
}

class PasswordFile final : public PasswordSource {
 public:
  explicit PasswordFile(std::filesystem::path file) : file_{std::move(file)} {}

  Result<Secret> password(const std::string&, std::stop_token) override {
    struct stat status {};
    if (::stat(file_.c_str(), &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
      return Error{ErrorKind::Usage, fmt::format("others may read the password file {}; chmod it 600", file_.string())};
    }
    auto content = read_file(file_);
    if (!content) return Error{ErrorKind::Usage, fmt::format("the password file cannot be read: {}", content.error().message())};
    auto text = std::move(content).value();
    const auto line_end = text.find('\n');
    if (line_end != std::string::npos) text.resize(line_end);
    if (text.empty()) return Error{ErrorKind::Usage, fmt::format("the password file {} is empty", file_.string())};
    return without_newline(std::move(text));
  }

 private:
  std::filesystem::path file_;
};

/// A child that is killed with all it started, unless it ended by itself.
class Child {
 public:
  explicit Child(pid_t pid) : pid_{pid} {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ <= 0) return;
    ::kill(-pid_, SIGKILL);
    (void)wait();
  }
  int wait() {
    int status = -1;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {}
    pid_ = 0;
    return status;
  }

 private:
  pid_t pid_;
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

class PasswordCommand final : public PasswordSource {
 public:
  explicit PasswordCommand(std::string command) : command_{std::move(command)} {}

  Result<Secret> password(const std::string&, std::stop_token stop) override {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return failed(system_message(errno));
    const Fd reading{ends[0]};
    Fd writing{ends[1]};
    Child child{start(writing.get())};
    writing.reset(-1);
    return collect(reading.get(), child, stop);
  }

 private:
  [[nodiscard]] Error failed(std::string_view why) const {
    return Error{ErrorKind::Usage, fmt::format("the password command gave no password: {}", why)};
  }

  [[nodiscard]] pid_t start(int output) const {
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
    std::string command = command_;
    std::array<char*, 4> arguments{const_cast<char*>("sh"), const_cast<char*>("-c"), command.data(), nullptr};
    pid_t pid = 0;
    return ::posix_spawn(&pid, "/bin/sh", &setup.actions, &setup.attributes, arguments.data(), environ) == 0 ? pid : 0;
  }

  Result<Secret> collect(int output, Child& child, std::stop_token stop) const {
    const auto deadline = std::chrono::steady_clock::now() + kCommandPatience;
    std::string text;
    text.reserve(kLongestPassword);
    for (;;) {
      if (stop.stop_requested()) return Error{ErrorKind::Cancelled, "interrupted"};
      if (std::chrono::steady_clock::now() > deadline) return failed("it did not end within 30 seconds");
      pollfd wait{output, POLLIN, 0};
      if (::poll(&wait, 1, 100) <= 0) continue;  // looks at `stop` ten times a second
      std::array<char, 4096> buffer{};
      const auto got = ::read(output, buffer.data(), buffer.size());
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) break;
      if (text.size() + static_cast<std::size_t>(got) > kLongestPassword) return failed("it printed more than 64 KiB");
      text.append(buffer.data(), static_cast<std::size_t>(got));
      wipe(buffer.data(), buffer.size());
    }
    if (const int status = child.wait(); status != 0) return failed("it failed; what it wrote to standard error says why");
    if (is_blank(text)) return failed("it printed nothing");
    return without_newline(std::move(text));
  }

  [[nodiscard]] static bool is_blank(std::string_view text) { return text.empty() || text == "\n"; }

  std::string command_;
};

class PasswordChain final : public PasswordSource {
 public:
  explicit PasswordChain(std::vector<std::unique_ptr<PasswordSource>> sources) : sources_{std::move(sources)} {}

  Result<Secret> password(const std::string& account, std::stop_token stop) override {
    for (const auto& source : sources_) {
      auto password = source->password(account, stop);
      if (password || password.error().kind() != ErrorKind::NeedsSignIn) return password;
    }
    return Error{ErrorKind::NeedsSignIn,
                 "a password is needed; use --password-file or --password-command, or mount once from a terminal"};
  }

 private:
  std::vector<std::unique_ptr<PasswordSource>> sources_;
};

}  // namespace

std::unique_ptr<PasswordSource> make_password_file(std::filesystem::path file) {
  return std::make_unique<PasswordFile>(std::move(file));
}
std::unique_ptr<PasswordSource> make_password_command(std::string command) {
  return std::make_unique<PasswordCommand>(std::move(command));
}
std::unique_ptr<PasswordSource> make_password_chain(std::vector<std::unique_ptr<PasswordSource>> sources) {
  return std::make_unique<PasswordChain>(std::move(sources));
}

}  // namespace icloudphotos::auth
