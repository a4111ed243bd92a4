// SPDX-License-Identifier: MIT
#include "icloudphotos/base/packing.h"

namespace icloudphotos {

void pack_number(std::string& out, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) out.push_back(static_cast<char>((number & 0x7f) | 0x80));
  out.push_back(static_cast<char>(number));
}

void pack_signed(std::string& out, std::int64_t number) {
  pack_number(out, (static_cast<std::uint64_t>(number) << 1) ^ static_cast<std::uint64_t>(number >> 63));
}

void pack_text(std::string& out, std::string_view text) {
  pack_number(out, text.size());
  out.append(text);
}

std::optional<std::uint64_t> Unpacker::number() {
  std::uint64_t number = 0;
  for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
    const auto byte = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    number |= std::uint64_t{byte & 0x7fU} << shift;
    if ((byte & 0x80U) == 0) return number;
  }
  rest_ = {};
  return std::nullopt;
}

std::optional<std::int64_t> Unpacker::signed_number() {
  const auto number = this->number();
  if (!number) return std::nullopt;
  return static_cast<std::int64_t>((*number >> 1) ^ (~(*number & 1) + 1));
}

std::optional<std::string_view> Unpacker::text() {
  const auto size = number();
  if (!size || *size > rest_.size()) {
    rest_ = {};
    return std::nullopt;
  }
  const auto text = rest_.substr(0, *size);
  rest_.remove_prefix(*size);
  return text;
}

}  // namespace icloudphotos
