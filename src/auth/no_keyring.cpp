// SPDX-License-Identifier: MIT
#include "icloudphotos/auth/keyring.h"

namespace icloudphotos::auth {
namespace {

Error without() {
  return {ErrorKind::NeedsSignIn,
          "this program was built without support for keyrings; use --password-command instead"};
}

}  // namespace

std::unique_ptr<PasswordSource> make_keyring(WhenLocked) { return nullptr; }
Result<void> keep_in_keyring(const std::string&, const Secret&) { return without(); }
Result<void> erase_from_keyring(const std::string&) { return without(); }

}  // namespace icloudphotos::auth
