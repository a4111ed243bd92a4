// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "icloudphotos/base/result.h"

#include "option_table.h"

namespace icloudphotos::cli {

/// The settings of a TOML text; `origin` names it in Errors. Errors: Usage.
[[nodiscard]] Result<Settings> read_config(std::string_view text, const std::string& origin);

/// The settings of the first of these files that exists; none when none does. One that others may write is refused: it
/// could name a command to run. Errors: Usage.
[[nodiscard]] Result<Settings> read_config_files(const std::vector<std::filesystem::path>& files);

}  // namespace icloudphotos::cli
