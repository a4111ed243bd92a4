// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "icloudphotos/auth/person.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/base/secret.h"

namespace icloudphotos::auth {

/// What to do about a keyring that is locked.
enum class WhenLocked {
  AskPerson,   ///< The desktop shows its dialogue, for half a minute.
  LeaveAlone,  ///< It is as if nothing were in it.
};

/// The desktop's keyring (Secret Service). Reads what this program, icloudpd and pyicloud stored, for the account as
/// typed and in lower case; keeps a password that worked, unless the keyring is locked. Null when built without libsecret.
///
/// Errors    NeedsSignIn: no keyring on this machine, nothing in it, or it stays locked. Cancelled. It never takes longer
///           than 10 s, or 40 s with a person.
/// Source    protocol/authentication.md 11.2.
[[nodiscard]] std::unique_ptr<PasswordSource> make_keyring(WhenLocked when_locked = WhenLocked::AskPerson);

/// Both ask a person to unlock it. Errors: NeedsSignIn: no keyring on this machine, or it stays locked. NotFound (erase):
/// nothing was kept. What is erased is all that would have been read, whoever stored it.
[[nodiscard]] Result<void> keep_in_keyring(const std::string& account, const Secret& password);
[[nodiscard]] Result<void> erase_from_keyring(const std::string& account);

}  // namespace icloudphotos::auth
