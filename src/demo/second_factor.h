// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "answers.h"
#include "quirks.h"

namespace icloudphotos::demo {

/// What the second factor's answers look like (authentication.md 3.2 and 3.3). The pretend account has two telephone
/// numbers, 1 and 3.
[[nodiscard]] bool is_phone(int id);

enum class OptionsDetail { Full, Reduced };
[[nodiscard]] std::string options_json(const Quirks& quirks, OptionsDetail detail, bool locked);
[[nodiscard]] std::string options_page(const Quirks& quirks, OptionsDetail detail, bool locked);
/// The body of an answer to a request for a code.
[[nodiscard]] std::string code_state_json(const Quirks& quirks, bool locked);
[[nodiscard]] net::ServerResponse wrong_code(std::string_view code, std::string_view message);

}  // namespace icloudphotos::demo
