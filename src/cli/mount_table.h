// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace icloudphotos::cli {

/// The type of the topmost file system mounted at exactly this path, by the text of /proc/self/mountinfo; nothing: none
/// is.
[[nodiscard]] std::optional<std::string> type_mounted_at(std::string_view mountinfo, std::string_view path);

}  // namespace icloudphotos::cli
