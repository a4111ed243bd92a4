// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "icloudphotos/auth/person.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/base/secret.h"

namespace icloudphotos::auth {

/// The desktop's keyring (Secret Service). Reads what this program, icloudpd and pyicloud stored; keeps a password that
/// worked. Null when built without libsecret.
[[nodiscard]] std::unique_ptr<PasswordSource> make_keyring();

/// Errors: NeedsSignIn: no keyring on this machine, or it stays locked. NotFound (erase): nothing was kept.
[[nodiscard]] Result<void> keep_in_keyring(const std::string& account, const Secret& password);
[[nodiscard]] Result<void> erase_from_keyring(const std::string& account);

}  // namespace icloudphotos::auth
