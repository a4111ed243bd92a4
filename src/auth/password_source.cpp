// SPDX-License-Identifier: MIT
#include "icloudphotos/auth/password_source.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "icloudphotos/base/files.h"

#include "auth/one_line.h"

namespace icloudphotos::auth {
namespace {

constexpr std::size_t kLongestLine = std::size_t{64} << 10;
constexpr int kGlance = 50;  // ms between looks at `stop`

Error unusable(std::string sentence) { return {ErrorKind::Usage, std::move(sentence)}; }

/// Takes a line out of the text of a file and wipes the text.
Secret take_first_line(std::string& text) {
  auto line = first_line(text);
  wipe(text.data(), text.size());
  return line;
}

/// When a file or what it says about itself was changed last.
std::optional<TimePoint> touched(const std::filesystem::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return std::nullopt;
  const auto last = std::max(std::pair{status.st_mtim.tv_sec, status.st_mtim.tv_nsec},
                             std::pair{status.st_ctim.tv_sec, status.st_ctim.tv_nsec});
  const auto when = std::chrono::seconds{last.first} + std::chrono::nanoseconds{last.second};
  return TimePoint{std::chrono::floor<std::chrono::milliseconds>(when)};
}

class PasswordFile final : public PasswordSource {
 public:
  PasswordFile(std::filesystem::path file, std::chrono::milliseconds patience)
      : file_{std::move(file)}, patience_{patience} {}

  Result<Secret> password(const std::string&, std::stop_token stop) override {
    if (piped_) return *piped_;
    struct stat status {};
    if (::stat(file_.c_str(), &status) != 0) return unreadable(system_message(errno));
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0 && (S_ISREG(status.st_mode) || S_ISFIFO(status.st_mode)))
      return unusable(fmt::format("others may read the password file {}; chmod it 600", file_.string()));
    if (S_ISFIFO(status.st_mode)) {
      piped_ = TRY(from_pipe(std::move(stop)));
      return *piped_;
    }
    // Secrets are often handed out as links.
    std::error_code problem;
    const auto file = std::filesystem::canonical(file_, problem);
    if (problem) return unreadable(problem.message());
    auto content = read_file(file);
    if (!content) return unusable(fmt::format("the password file cannot be read: {}", content.error().message()));
    return not_empty(take_first_line(*content));
  }

  [[nodiscard]] bool unchanged_since(TimePoint then) const override {
    if (piped_) return true;
    const auto changed = touched(file_);
    return changed && *changed <= then;
  }

 private:
  [[nodiscard]] Error unreadable(std::string_view why) const {
    return unusable(fmt::format("the password file {} cannot be read: {}", file_.string(), why));
  }
  [[nodiscard]] Result<Secret> not_empty(Secret line) const {
    if (line.empty()) return unusable(fmt::format("the password file {} is empty", file_.string()));
    return line;
  }

  /// A pipe may be open at the other end, with nothing in it, for ever.
  Result<Secret> from_pipe(std::stop_token stop) const {
    const Fd pipe{::open(file_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)};
    if (!pipe) return unreadable(system_message(errno));
    const auto deadline = std::chrono::steady_clock::now() + patience_;
    std::string text;
    text.reserve(kLongestLine);  // never moved, so that wiping it wipes all of it
    while (text.size() < kLongestLine && text.find('\n') == text.npos) {
      pollfd wait{pipe.get(), POLLIN, 0};
      const int ready = ::poll(&wait, 1, kGlance);
      if (stop.stop_requested()) return Error{ErrorKind::Cancelled, "interrupted"};
      if (std::chrono::steady_clock::now() > deadline) return unreadable("nothing came out of the pipe in time");
      if (ready <= 0) continue;
      std::array<char, 512> buffer{};
      const auto got = ::read(pipe.get(), buffer.data(), std::min(buffer.size(), kLongestLine - text.size()));
      if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (got <= 0) break;
      text.append(buffer.data(), static_cast<std::size_t>(got));
      wipe(buffer.data(), buffer.size());
    }
    return not_empty(take_first_line(text));
  }

  std::filesystem::path file_;
  std::chrono::milliseconds patience_;
  std::optional<Secret> piped_;
};

class PasswordCredential final : public PasswordSource {
 public:
  Result<Secret> password(const std::string&, std::stop_token) override {
    const Error none{ErrorKind::NeedsSignIn, "there is no systemd credential icloudphotos-password"};
    const auto file = path();
    if (file.empty()) return none;
    auto content = read_file(file);
    if (!content && content.error().kind() == ErrorKind::NotFound) return none;
    if (!content)
      return unusable(
          fmt::format("the systemd credential icloudphotos-password cannot be read: {}", content.error().message()));
    auto line = take_first_line(*content);
    if (line.empty()) return unusable("the systemd credential icloudphotos-password is empty");
    return line;
  }

  [[nodiscard]] bool unchanged_since(TimePoint then) const override {
    const auto changed = touched(path());
    return changed && *changed <= then;
  }

 private:
  static std::filesystem::path path() {
    const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
    if (!directory || !*directory) return {};
    return std::filesystem::path{directory} / "icloudphotos-password";
  }
};

class PasswordLine final : public PasswordSource {
 public:
  explicit PasswordLine(Result<Secret> line) : line_{std::move(line)} {}
  Result<Secret> password(const std::string&, std::stop_token) override { return line_; }
  /// Whoever starts us types or feeds in the same again: that is taken for granted.
  [[nodiscard]] bool unchanged_since(TimePoint) const override { return true; }

 private:
  Result<Secret> line_;
};

Result<Secret> read_line(const Fd& input) {
  if (::isatty(input.get()) == 1)
    return unusable("standard input is a terminal; leave password_stdin out, and the password is asked for there");
  std::string text;
  text.reserve(kLongestLine);
  // Byte by byte: what follows the line is for others.
  for (char c = 0; text.size() < kLongestLine && c != '\n';) {
    const auto got = ::read(input.get(), &c, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    text += c;
  }
  const bool too_long = text.size() >= kLongestLine && !text.ends_with('\n');
  auto line = take_first_line(text);
  if (too_long) return unusable("the first line of standard input is too long for a password");
  if (line.empty()) return unusable("there is no password on standard input; write it there, followed by a newline");
  return line;
}

class PasswordChain final : public PasswordSource {
 public:
  explicit PasswordChain(std::vector<std::unique_ptr<PasswordSource>> sources) : sources_{std::move(sources)} {}

  Result<Secret> password(const std::string& account, std::stop_token stop) override {
    for (const auto& source : sources_) {
      last_ = source.get();
      auto password = source->password(account, stop);
      if (password || password.error().kind() != ErrorKind::NeedsSignIn) return password;
    }
    last_ = nullptr;
    return Error{ErrorKind::NeedsSignIn,
                 "a password is needed; use --password-file or --password-command, or mount once from a terminal"};
  }

  [[nodiscard]] bool unchanged_since(TimePoint then) const override { return last_ && last_->unchanged_since(then); }

  void worked(const std::string& account, const Secret& password) override {
    for (const auto& source : sources_) source->worked(account, password);
  }

 private:
  std::vector<std::unique_ptr<PasswordSource>> sources_;
  PasswordSource* last_ = nullptr;  ///< Who answered.
};

}  // namespace

std::unique_ptr<PasswordSource> make_password_file(std::filesystem::path file, std::chrono::milliseconds patience) {
  return std::make_unique<PasswordFile>(std::move(file), patience);
}

std::unique_ptr<PasswordSource> make_password_credential() { return std::make_unique<PasswordCredential>(); }

std::unique_ptr<PasswordSource> make_password_stdin(Fd input) {
  return std::make_unique<PasswordLine>(read_line(input));
}

std::unique_ptr<PasswordSource> make_password_chain(std::vector<std::unique_ptr<PasswordSource>> sources) {
  return std::make_unique<PasswordChain>(std::move(sources));
}

}  // namespace icloudphotos::auth
