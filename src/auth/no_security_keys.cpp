// SPDX-License-Identifier: MIT
#include "icloudphotos/auth/security_keys.h"

namespace icloudphotos::auth {

std::unique_ptr<SecurityKeys> make_security_keys() { return nullptr; }

}  // namespace icloudphotos::auth
