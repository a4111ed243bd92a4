// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace icloudphotos::cli {

[[nodiscard]] std::string help_text();
[[nodiscard]] std::string version_text();

}  // namespace icloudphotos::cli
