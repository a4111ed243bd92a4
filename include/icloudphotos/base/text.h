// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace icloudphotos {

using Bytes = std::vector<std::byte>;

[[nodiscard]] inline std::span<const std::byte> as_bytes(std::string_view text) {
  return std::as_bytes(std::span{text.data(), text.size()});
}
[[nodiscard]] inline std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Base64 with the standard alphabet and padding; `Url` uses `-_` and no padding.
enum class Base64 { Standard, Url };
[[nodiscard]] std::string base64_encode(std::span<const std::byte> bytes, Base64 alphabet = Base64::Standard);
/// Accepts either alphabet, with or without padding; nothing else (no blanks).
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);

[[nodiscard]] std::string hex_encode(std::span<const std::byte> bytes);  ///< Lower case.
[[nodiscard]] std::optional<std::string> hex_decode(std::string_view text);

/// RFC 3986: everything but letters, digits and `-._~` becomes %XX.
[[nodiscard]] std::string percent_encode(std::string_view text);
/// %XX to bytes; a lone % stays as it is.
[[nodiscard]] std::string percent_decode(std::string_view text);

[[nodiscard]] std::string_view trim(std::string_view text);  ///< ASCII white space at both ends.
[[nodiscard]] std::string ascii_lower(std::string_view text);
[[nodiscard]] std::string ascii_upper(std::string_view text);
[[nodiscard]] bool ascii_iequals(std::string_view a, std::string_view b);
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

[[nodiscard]] bool is_utf8(std::string_view text);
/// Unicode Normalisation Form C. Not UTF-8: nothing.
[[nodiscard]] std::optional<std::string> nfc(std::string_view text);
/// What two names must not share in one directory: NFC, then case folded. Not UTF-8: the text as it is.
[[nodiscard]] std::string case_fold(std::string_view text);
/// The longest prefix of at most `limit` bytes that ends at a code point.
[[nodiscard]] std::string_view cut_at_code_point(std::string_view text, std::size_t limit);
/// Control characters made visible (`\x1b`), for terminals and logs.
[[nodiscard]] std::string printable(std::string_view text);

/// A version 4 UUID from the system's random source, lower case.
[[nodiscard]] std::string random_uuid();
/// Bytes from the system's random source.
[[nodiscard]] Bytes random_bytes(std::size_t count);

}  // namespace icloudphotos
