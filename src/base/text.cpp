// SPDX-License-Identifier: MIT
#include "icloudphotos/base/text.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <new>

#include <fmt/format.h>
#include <sys/random.h>
#include <utf8proc.h>

#include "icloudphotos/base/handle.h"

namespace icloudphotos {
namespace {

void free_text(utf8proc_uint8_t* text) noexcept { ::free(text); }
using Utf8Text = Handle<utf8proc_uint8_t, free_text>;

/// How many bytes text begins with that are ASCII: most text is nothing else. Eight at a time.
std::size_t ascii_at(std::string_view text) {
  constexpr std::uint64_t kNotAscii = 0x8080808080808080;
  std::size_t known = 0;
  for (std::uint64_t eight = 0; text.size() - known >= sizeof eight; known += sizeof eight) {
    std::memcpy(&eight, text.data() + known, sizeof eight);
    if ((eight & kNotAscii) != 0) break;
  }
  while (known < text.size() && static_cast<unsigned char>(text[known]) < 0x80) ++known;
  return known;
}

std::optional<std::string> mapped(std::string_view text, int options) {
  utf8proc_uint8_t* raw = nullptr;
  const auto length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                   &raw, static_cast<utf8proc_option_t>(options));
  const Utf8Text owned{raw};
  if (length < 0) return std::nullopt;
  return std::string{reinterpret_cast<const char*>(raw), static_cast<std::size_t>(length)};
}

constexpr std::string_view kStandard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrl = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  if (c == '/' || c == '_') return 63;
  return -1;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_unreserved(char c) {
  return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}

}  // namespace

std::string base64_encode(std::span<const std::byte> bytes, Base64 alphabet) {
  const auto digits = alphabet == Base64::Url ? kUrl : kStandard;
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto left = bytes.size() - i;
    std::uint32_t group = std::to_integer<std::uint32_t>(bytes[i]) << 16;
    if (left > 1) group |= std::to_integer<std::uint32_t>(bytes[i + 1]) << 8;
    if (left > 2) group |= std::to_integer<std::uint32_t>(bytes[i + 2]);
    for (std::size_t digit = 0; digit < 4; ++digit) {
      if (digit <= left) {
        out += digits[(group >> (18 - 6 * digit)) & 63];
      } else if (alphabet == Base64::Standard) {
        out += '=';
      }
    }
  }
  return out;
}

std::optional<std::string> base64_decode(std::string_view text) {
  for (int padding = 0; padding < 2 && !text.empty() && text.back() == '='; ++padding) text.remove_suffix(1);
  if (text.size() % 4 == 1) return std::nullopt;
  std::string out;
  out.reserve(text.size() * 3 / 4);
  std::uint32_t group = 0;
  int bits = 0;
  for (const char c : text) {
    const int digit = base64_digit(c);
    if (digit < 0) return std::nullopt;
    group = group << 6 | static_cast<std::uint32_t>(digit);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out += static_cast<char>(group >> bits & 0xff);
    }
  }
  return out;
}

std::string hex_encode(std::span<const std::byte> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const auto byte : bytes) {
    out += kDigits[std::to_integer<unsigned>(byte) >> 4];
    out += kDigits[std::to_integer<unsigned>(byte) & 15];
  }
  return out;
}

std::optional<std::string> hex_decode(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_digit(text[i]);
    const int low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high << 4 | low);
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(text[i + 1]) << 4 | hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string ascii_lower(std::string_view text) {
  std::string out{text};
  for (char& c : out) c = lower(c);
  return out;
}

std::string ascii_upper(std::string_view text) {
  std::string out{text};
  for (char& c : out) c = upper(c);
  return out;
}

bool ascii_iequals(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

bool is_utf8(std::string_view text) {
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    if (const auto plain = static_cast<utf8proc_ssize_t>(
            ascii_at({reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(left)}))) {
      bytes += plain;
      left -= plain;
      continue;
    }
    utf8proc_int32_t code_point = 0;
    const auto used = utf8proc_iterate(bytes, left, &code_point);
    if (used <= 0) return false;
    bytes += used;
    left -= used;
  }
  return true;
}

std::optional<std::string> nfc(std::string_view text) {
  if (ascii_at(text) == text.size()) return std::string{text};
  return mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

std::string case_fold(std::string_view text) {
  if (ascii_at(text) == text.size()) return ascii_lower(text);
  // Folding can undo composition, hence once more.
  auto folded = mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
  if (folded) folded = nfc(*folded);
  return folded ? *folded : std::string{text};
}

std::string_view cut_at_code_point(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xc0) == 0x80) --limit;
  return text.substr(0, limit);
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    // C1 controls (U+0080 to U+009F, in UTF-8 c2 80 to c2 9f) move a terminal just as escape does.
    const bool c1 = c == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    if (c < 0x20 || c == 0x7f || c1) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", c1 ? static_cast<unsigned char>(text[++i]) : c);
    } else {
      out += text[i];
    }
  }
  return out;
}

Bytes random_bytes(std::size_t count) {
  Bytes bytes(count);
  std::size_t filled = 0;
  while (filled < count) {
    const auto got = ::getrandom(bytes.data() + filled, count - filled, 0);
    if (got > 0) filled += static_cast<std::size_t>(got);
  }
  return bytes;
}

std::string random_uuid() {
  auto bytes = random_bytes(16);
  bytes[6] = (bytes[6] & std::byte{0x0f}) | std::byte{0x40};
  bytes[8] = (bytes[8] & std::byte{0x3f}) | std::byte{0x80};
  const auto hex = hex_encode(bytes);
  const auto part = [&](std::size_t from, std::size_t length) { return std::string_view{hex}.substr(from, length); };
  return fmt::format("{}-{}-{}-{}-{}", part(0, 8), part(8, 4), part(12, 4), part(16, 4), part(20, 12));
}

}  // namespace icloudphotos
