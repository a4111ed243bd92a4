// SPDX-License-Identifier: MIT
#pragma once

#include "icloudphotos/base/result.h"
#include "icloudphotos/cli/options.h"

namespace icloudphotos {

// Commands about an account. Each talks to the mount that runs, if one does, else it does the work itself.

[[nodiscard]] Result<void> run_sign_in(const cli::SignInCommand& command);
[[nodiscard]] Result<void> run_sign_out(const cli::SignOutCommand& command);
[[nodiscard]] Result<void> run_status(const cli::StatusCommand& command);
[[nodiscard]] Result<void> run_refresh(const cli::RefreshCommand& command);
[[nodiscard]] Result<void> run_doctor(const cli::DoctorCommand& command);
[[nodiscard]] Result<void> run_password(const cli::PasswordCommand& command);

}  // namespace icloudphotos
