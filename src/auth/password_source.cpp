// SPDX-License-Identifier: MIT
#include "icloudphotos/auth/password_source.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <sys/stat.h>

#include "icloudphotos/base/files.h"

#include "auth/one_line.h"

namespace icloudphotos::auth {
namespace {

class PasswordFile final : public PasswordSource {
 public:
  explicit PasswordFile(std::filesystem::path file) : file_{std::move(file)} {}

  Result<Secret> password(const std::string&, std::stop_token) override {
    // Secrets are often handed out as links.
    std::error_code unreadable;
    const auto file = std::filesystem::canonical(file_, unreadable);
    if (unreadable)
      return Error{ErrorKind::Usage,
                   fmt::format("the password file {} cannot be read: {}", file_.string(), unreadable.message())};
    struct stat status {};
    if (::stat(file.c_str(), &status) == 0 && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0 && S_ISREG(status.st_mode)) {
      return Error{ErrorKind::Usage, fmt::format("others may read the password file {}; chmod it 600", file_.string())};
    }
    auto content = read_file(file);
    if (!content)
      return Error{ErrorKind::Usage, fmt::format("the password file cannot be read: {}", content.error().message())};
    auto line = first_line(*content);
    wipe(content->data(), content->size());
    if (line.empty()) return Error{ErrorKind::Usage, fmt::format("the password file {} is empty", file_.string())};
    return line;
  }

  [[nodiscard]] bool unchanged_since(TimePoint then) const override {
    struct stat status {};
    if (::stat(file_.c_str(), &status) != 0) return false;
    const auto touched = std::max(std::pair{status.st_mtim.tv_sec, status.st_mtim.tv_nsec},
                                  std::pair{status.st_ctim.tv_sec, status.st_ctim.tv_nsec});
    const auto when = std::chrono::seconds{touched.first} + std::chrono::nanoseconds{touched.second};
    return TimePoint{std::chrono::floor<std::chrono::milliseconds>(when)} <= then;
  }

 private:
  std::filesystem::path file_;
};

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

 private:
  std::vector<std::unique_ptr<PasswordSource>> sources_;
  PasswordSource* last_ = nullptr;  ///< Who answered.
};

}  // namespace

std::unique_ptr<PasswordSource> make_password_file(std::filesystem::path file) {
  return std::make_unique<PasswordFile>(std::move(file));
}
std::unique_ptr<PasswordSource> make_password_chain(std::vector<std::unique_ptr<PasswordSource>> sources) {
  return std::make_unique<PasswordChain>(std::move(sources));
}

}  // namespace icloudphotos::auth
