// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "icloudphotos/base/result.h"

#include "option_table.h"

namespace icloudphotos::cli {

/// Who wrote an `-o` list: mount(8) puts `rw` into each, a person who writes it expects something.
enum class Writer { Person, Mount };

/// Takes the options of one `-o` list into `settings`; later ones win. Commas end an option except in "double quotes"
/// and behind a backslash. What concerns mount(8) and fstab alone is passed over. Errors: Usage.
[[nodiscard]] Result<void> read_mount_options(std::string_view list, Writer writer, Settings& settings);

}  // namespace icloudphotos::cli
