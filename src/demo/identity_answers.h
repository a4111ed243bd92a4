// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "answers.h"
#include "quirks.h"

namespace icloudphotos::demo {

/// How the identity service says no (authentication.md 2.4 and 8).
[[nodiscard]] net::ServerResponse identity_error(int status, std::string_view code, std::string_view message);
[[nodiscard]] net::ServerResponse context_lost();
[[nodiscard]] net::ServerResponse unavailable();
[[nodiscard]] net::ServerResponse account_locked();
[[nodiscard]] net::ServerResponse wrong_password(PasswordRefusal refusal);
/// Of a verification code.
[[nodiscard]] net::ServerResponse wrong_code(CodeRefusal refusal);
[[nodiscard]] net::ServerResponse too_many_wrong_codes();

/// Whether `proof` is a text of the form `1:bits:date:challenge::counter` whose SHA-1 begins with so many zero bits.
[[nodiscard]] bool proves_work(std::string_view proof, std::string_view challenge, std::int64_t bits);

}  // namespace icloudphotos::demo
