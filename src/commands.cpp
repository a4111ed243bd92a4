// SPDX-License-Identifier: MIT
#include "commands.h"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "icloudphotos/auth/keyring.h"
#include "icloudphotos/auth/session.h"
#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/files.h"
#include "icloudphotos/base/json.h"
#include "icloudphotos/catalog/catalog.h"
#include "icloudphotos/net/http.h"
#include "icloudphotos/ui/control.h"
#include "icloudphotos/ui/terminal.h"

#include "account.h"
#include "doctor.h"
#include "invocation.h"

namespace icloudphotos {
namespace {

using namespace std::chrono_literals;

/// An account that no mount uses, for as long as this lives.
class OwnSession {
 public:
  static Result<std::unique_ptr<OwnSession>> open(const Account& account, const cli::MountOptions& options,
                                                  auth::PasswordSource& unattended) {
    TRY(make_private_directory(account.state));
    auto own = std::make_unique<OwnSession>();
    own->catalog_ = TRY(catalog::Catalog::open(account.state, own->clock_));  // the lock
    own->http_ = TRY(net::make_curl_http({options.ca_file}));
    own->keys_ = auth::make_security_keys();
    auth::SessionOptions session{account.name, account.state, TRY(endpoints(options)), {}};
    session.unattended = &unattended;
    session.security_keys = own->keys_.get();
    own->session_ = TRY(auth::Session::open(*own->http_, own->clock_, std::move(session)));
    return own;
  }
  auth::Session& session() { return *session_; }

 private:
  SystemClock clock_;
  std::unique_ptr<catalog::Catalog> catalog_;
  std::unique_ptr<net::Http> http_;
  std::unique_ptr<auth::SecurityKeys> keys_;
  std::unique_ptr<auth::Session> session_;
};

Result<void> sign_in_here(const Account& account, const cli::SignInCommand& command, Invocation& context) {
  Passwords passwords{command.options};
  const auto own = TRY(OwnSession::open(account, command.options, passwords.unattended()));
  const auto sources = passwords.then(context.terminal);
  if (command.code.empty()) return own->session().sign_in(*sources, context.terminal, context.stop());
  return sign_in_with_code(own->session(), *sources, command.code, context.stop());
}

/// Waits until a mount that was told to end has let go of the account.
Result<void> wait_until_free(const Account& account, std::stop_token stop) {
  SystemClock clock;
  for (const auto until = clock.monotonic() + 30s;;) {
    const auto catalog = catalog::Catalog::open(account.state, clock);
    if (catalog) return {};
    if (clock.monotonic() > until) return catalog.error();
    if (!clock.sleep_for(50ms, stop)) return Error{ErrorKind::Cancelled, "interrupted"};
  }
}

Result<void> forget(const std::filesystem::path& folder) {
  std::error_code problem;
  std::filesystem::remove_all(folder, problem);
  if (problem)
    return Error{ErrorKind::Storage, fmt::format("{} cannot be removed: {}", folder.string(), problem.message())};
  return {};
}

}  // namespace

Result<void> run_sign_in(const cli::SignInCommand& command) {
  Invocation context{command.options};
  const auto account = TRY(find_account(command.options, context.terminal, context.stop()));
  if (auto mount = running_mount(account)) {
    if (command.code.empty()) {
      TRY(mount->sign_in(context.terminal, context.terminal, context.stop()));
    } else {
      TRY(mount->give_code(command.code, context.stop()));
    }
  } else {
    TRY(sign_in_here(account, command, context));
  }
  std::puts("Signed in.");
  return {};
}

Result<void> run_sign_out(const cli::SignOutCommand& command) {
  Invocation context{command.options};
  const auto account = TRY(find_account(command.options, context.terminal, context.stop()));
  auto cache = account.cache;
  if (auto mount = running_mount(account)) {
    cache = TRY(mount->sign_out(context.stop()));
    TRY(wait_until_free(account, context.stop()));
  } else {
    Passwords nobody{cli::MountOptions{}};
    const auto own = TRY(OwnSession::open(account, command.options, nobody.unattended()));
    TRY(own->session().sign_out(context.stop()));
  }
  // Whether a password was kept is nobody's trouble.
  (void)auth::erase_from_keyring(account.name);
  TRY(forget(account.state));
  if (!command.keep_cache) TRY(forget(cache));
  std::puts("Signed out.");
  return {};
}

Result<void> run_refresh(const cli::RefreshCommand& command) {
  Invocation context{command.options};
  const auto account = TRY(find_account(command.options, context.terminal, context.stop()));
  auto mount = running_mount(account);
  if (!mount)
    return Error{ErrorKind::Usage,
                 fmt::format("no mount of {} runs here; mounting it looks for changes", account.name)};
  TRY(mount->refresh({command.wait, command.accept}, context.stop()));
  if (command.wait) std::puts("Up to date.");
  return {};
}

Result<void> run_doctor(const cli::DoctorCommand& command) {
  Invocation context{command.options};
  const auto account = TRY(find_account(command.options, context.terminal, context.stop()));
  std::string text;
  if (auto mount = running_mount(account)) {
    text = TRY(mount->examine(context.stop()));
  } else {
    std::error_code ignored;
    if (!std::filesystem::exists(account.state / "catalog.db", ignored))
      return Error{ErrorKind::NotFound, fmt::format("nothing is known of {} here; mount it first", account.name)};
    SystemClock clock;
    text = TRY(examine(*TRY(catalog::Catalog::open(account.state, clock))));
  }
  const auto findings = TRY(JsonDocument::parse(text));
  if (command.json) {
    std::puts(text.c_str());
  } else {
    findings.root().each([](JsonView finding) { std::puts(describe_finding(finding).c_str()); });
  }
  return {};
}

Result<void> run_password(const cli::PasswordCommand& command) {
  Invocation context{command.options};
  const auto account = TRY(find_account(command.options, context.terminal, context.stop()));
  if (command.what == cli::PasswordCommand::What::Delete) return auth::erase_from_keyring(account.name);
  auto options = command.options;
  options.password_providers = {cli::PasswordProvider::Parameter, cli::PasswordProvider::Console};
  Passwords passwords{options};
  const auto password = TRY(passwords.then(context.terminal)->password(account.name, context.stop()));
  return auth::keep_in_keyring(account.name, password);
}

}  // namespace icloudphotos
