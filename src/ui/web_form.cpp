// SPDX-License-Identifier: MIT
#include "ui/web_form.h"

#include <charconv>
#include <string>

#include "icloudphotos/base/text.h"

namespace icloudphotos::ui {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Secret decode(std::string_view value) {
  std::string text;
  text.reserve(value.size());  // never moved, so that wiping it wipes all of it
  for (std::size_t i = 0; i < value.size(); ++i) {
    const int high = value[i] == '%' && value.size() - i > 2 ? hex_value(value[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(value[i + 2]) : -1;
    if (low >= 0) {
      text += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      text += value[i] == '+' ? ' ' : value[i];
    }
  }
  Secret secret{text};
  wipe(text.data(), text.size());
  return secret;
}

}  // namespace

Secret form_field(std::string_view body, std::string_view name) {
  for (const auto pair : split(body, '&')) {
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name) return decode(pair.substr(equals + 1));
  }
  return {};
}

std::uint64_t form_number(std::string_view body, std::string_view name) {
  const auto field = form_field(body, name);
  const auto text = field.reveal();
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc{} && read.ptr == text.data() + text.size() ? number : 0;
}

}  // namespace icloudphotos::ui
