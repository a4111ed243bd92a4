// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

#include "icloudphotos/base/secret.h"

namespace icloudphotos::ui {

/// The field of a form as a browser posts it (application/x-www-form-urlencoded); empty when it is not there.
[[nodiscard]] Secret form_field(std::string_view body, std::string_view name);
/// The same as a number; 0 when it is none.
[[nodiscard]] std::uint64_t form_number(std::string_view body, std::string_view name);

}  // namespace icloudphotos::ui
