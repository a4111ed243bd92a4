// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

#include "icloudphotos/auth/person.h"
#include "icloudphotos/auth/session.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/cli/options.h"
#include "icloudphotos/ui/terminal.h"

namespace icloudphotos {

/// Where an account's things are.
struct Account {
  std::string name;
  std::filesystem::path state;  ///< Session and catalog.
  std::filesystem::path cache;  ///< Blobs.
};

/// The account that was named, else the only one known here, else what the terminal says. Errors: Usage, Cancelled.
[[nodiscard]] Result<Account> find_account(const cli::MountOptions& options, ui::Terminal& terminal,
                                           std::stop_token stop);

/// Passwords as the options have it: first those that can be had without a person, then a person.
class Passwords {
 public:
  explicit Passwords(const cli::MountOptions& options);

  [[nodiscard]] auth::PasswordSource& unattended() { return *unattended_; }
  /// `person` is the last to be asked, where the options let one be asked. Borrows both; outlive it.
  [[nodiscard]] std::unique_ptr<auth::PasswordSource> then(auth::PasswordSource& person);

 private:
  bool may_ask_person_;
  std::unique_ptr<auth::PasswordSource> unattended_;
};

[[nodiscard]] Result<auth::Endpoints> endpoints(const cli::MountOptions& options);

/// Goes on with a sign-in that lacks its code only. Errors: Refused: there is none, or that is not its code. Others as
/// `auth::Session::sign_in`.
[[nodiscard]] Result<void> sign_in_with_code(auth::Session& session, auth::PasswordSource& passwords, Secret code,
                                             std::stop_token stop);

}  // namespace icloudphotos
