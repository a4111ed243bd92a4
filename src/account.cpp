// SPDX-License-Identifier: MIT
#include "account.h"

#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "icloudphotos/auth/keyring.h"
#include "icloudphotos/auth/password_source.h"
#include "icloudphotos/base/handle.h"
#include "icloudphotos/base/text.h"

namespace icloudphotos {
namespace {

/// A folder name for an account: one path component, the same however the name was typed.
std::string folder_of(std::string_view account) {
  std::string name = ascii_lower(trim(account));
  for (char& c : name) {
    if (c == '/' || c == '\0') c = '_';
  }
  return name.starts_with('.') ? "_" + name : name;
}

Result<std::string> find_name(const cli::MountOptions& options, ui::Terminal& terminal, std::stop_token stop) {
  if (!options.account.empty()) return options.account;
  std::vector<std::string> known;
  std::error_code ignored;
  for (const auto& folder : std::filesystem::directory_iterator{options.state_home, ignored}) {
    if (std::filesystem::exists(folder.path() / "session.json", ignored)) known.push_back(folder.path().filename());
  }
  if (known.size() == 1) return known.front();
  if (known.size() > 1)
    return Error{ErrorKind::Usage,
                 fmt::format("several accounts are known here ({}); name one", fmt::join(known, ", "))};
  auto account = terminal.account(stop);
  if (!account && account.error().kind() == ErrorKind::NeedsSignIn)
    return Error{ErrorKind::Usage, "no Apple Account is known yet; name one"};
  return account;
}

/// A source that somebody else owns.
class Borrowed final : public auth::PasswordSource {
 public:
  explicit Borrowed(auth::PasswordSource& lender) : lender_{lender} {}
  Result<Secret> password(const std::string& account, std::stop_token stop) override {
    return lender_.password(account, stop);
  }
  [[nodiscard]] bool unchanged_since(TimePoint then) const override { return lender_.unchanged_since(then); }
  void worked(const std::string& account, const Secret& password) override { lender_.worked(account, password); }

 private:
  auth::PasswordSource& lender_;
};

/// A code that was typed with the command.
class TypedCode final : public auth::CodeSource {
 public:
  explicit TypedCode(Secret code) : code_{std::move(code)} {}
  Result<auth::Answer> ask(const auth::Challenge& challenge, std::stop_token) override {
    if (code_.empty()) {
      return Error{ErrorKind::Refused, challenge.last_refusal.value_or("that code was not accepted") +
                                           "; \"icloudphotos signin\" without a code asks for another one"};
    }
    return auth::Answer{auth::Answer::Kind::Code, std::exchange(code_, Secret{}), 0};
  }

 private:
  Secret code_;
};

}  // namespace

Result<Account> find_account(const cli::MountOptions& options, ui::Terminal& terminal, std::stop_token stop) {
  auto name = TRY(find_name(options, terminal, stop));
  const auto folder = folder_of(name);
  return Account{std::move(name), options.state_home / folder, options.cache_home / folder};
}

Passwords::Passwords(const cli::MountOptions& options) : may_ask_person_{false} {
  std::vector<std::unique_ptr<auth::PasswordSource>> sources;
  for (const auto provider : options.password_providers) {
    switch (provider) {
      case cli::PasswordProvider::Parameter:
        if (options.password_file) sources.push_back(auth::make_password_file(*options.password_file));
        if (options.password_command) sources.push_back(auth::make_password_command(*options.password_command));
        if (options.password_stdin) sources.push_back(auth::make_password_stdin(Fd{::dup(STDIN_FILENO)}));
        sources.push_back(auth::make_password_credential());
        break;
      case cli::PasswordProvider::Keyring:
        if (auto keyring = auth::make_keyring(auth::WhenLocked::LeaveAlone)) sources.push_back(std::move(keyring));
        break;
      case cli::PasswordProvider::Console:
      case cli::PasswordProvider::WebPage:
        may_ask_person_ = true;
        break;
    }
  }
  unattended_ = auth::make_password_chain(std::move(sources));
}

std::unique_ptr<auth::PasswordSource> Passwords::then(auth::PasswordSource& person) {
  std::vector<std::unique_ptr<auth::PasswordSource>> sources;
  sources.push_back(std::make_unique<Borrowed>(*unattended_));
  if (may_ask_person_) sources.push_back(std::make_unique<Borrowed>(person));
  return auth::make_password_chain(std::move(sources));
}

Result<auth::Endpoints> endpoints(const cli::MountOptions& options) {
  auto endpoints = TRY(auth::endpoints_of(options.domain));
  if (options.identity_url) endpoints.identity_url = *options.identity_url;
  if (options.setup_url) endpoints.setup_url = *options.setup_url;
  return endpoints;
}

Result<void> sign_in_with_code(auth::Session& session, auth::PasswordSource& passwords, Secret code,
                               std::stop_token stop) {
  if (!session.status().awaits_code) {
    return Error{ErrorKind::Refused,
                 "no sign-in is waiting for a code; \"icloudphotos signin\" without a code begins one"};
  }
  TypedCode codes{std::move(code)};
  return session.sign_in(passwords, codes, std::move(stop));
}

}  // namespace icloudphotos
