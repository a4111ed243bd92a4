// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "code_desk.h"
#include "quirks.h"

namespace icloudphotos::demo {

/// What the second factor's answers look like (authentication.md 3.2 and 3.3). The pretend account has two telephone
/// numbers, 1 and 3.
inline constexpr CodeTarget kDevices = 0, kNoPhone = -1;
[[nodiscard]] bool is_phone(CodeTarget target);

enum class OptionsDetail { Full, Reduced };
[[nodiscard]] std::string options_json(const Quirks& quirks, OptionsDetail detail, const CodeState& state);
[[nodiscard]] std::string options_page(const Quirks& quirks, OptionsDetail detail, const CodeState& state);
/// The body that answers a right password.
[[nodiscard]] std::string challenge_json(const Quirks& quirks, const CodeState& state);
/// The body of an answer to a request for a code.
[[nodiscard]] std::string code_state_json(const Quirks& quirks, CodeTarget target, CodeMode mode,
                                          const CodeState& state);

}  // namespace icloudphotos::demo
