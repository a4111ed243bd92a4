// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace icloudphotos::tree {

/// What people wrote, fit for XML 1.0 and for whoever shows it: UTF-8 (U+FFFD where it was not), lines ended by "\n", no
/// other control characters but tabs, nothing XML forbids, no blanks at its ends. May come out empty.
[[nodiscard]] std::string legible(std::string_view text);

/// The same on one line, words separated by single blanks.
[[nodiscard]] std::string legible_line(std::string_view text);

}  // namespace icloudphotos::tree
