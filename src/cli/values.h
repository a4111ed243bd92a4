// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include <sys/types.h>

#include "icloudphotos/base/result.h"

namespace icloudphotos::cli {

// What a person writes as a value. Errors: Usage, saying what would do.

/// "20G", "1.5T", "500 MiB", or bytes; K, M, G, T are powers of 1024.
[[nodiscard]] Result<std::uint64_t> parse_size(std::string_view text);
/// "90", "90s", "5m", "2h", "500ms"; a bare number means seconds.
[[nodiscard]] Result<std::chrono::milliseconds> parse_duration(std::string_view text);
/// "", true, yes, on, 1; false, no, off, 0.
[[nodiscard]] Result<bool> parse_switch(std::string_view text);
[[nodiscard]] Result<unsigned> parse_number(std::string_view text, unsigned least, unsigned most);
/// Octal, at most 777.
[[nodiscard]] Result<mode_t> parse_umask(std::string_view text);
/// A number, or a name this system knows.
[[nodiscard]] Result<uid_t> parse_user(std::string_view text);
[[nodiscard]] Result<gid_t> parse_group(std::string_view text);

}  // namespace icloudphotos::cli
