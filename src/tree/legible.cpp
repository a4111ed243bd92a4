// SPDX-License-Identifier: MIT
#include "legible.h"

#include <cstddef>

#include "icloudphotos/base/text.h"

namespace icloudphotos::tree {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

/// How many bytes a character has that starts like this.
std::size_t length_by(unsigned char first) {
  if (first < 0xC0) return 1;
  if (first < 0xE0) return 2;
  return first < 0xF0 ? 3 : 4;
}

bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first == 0x7F || (first < 0x20 && first != '\t' && first != '\n');
  return first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
}

/// U+FFFE and U+FFFF, which XML 1.0 does not have.
bool is_no_character(std::string_view character) { return character == "\xef\xbf\xbe" || character == "\xef\xbf\xbf"; }

}  // namespace

std::string legible(std::string_view text) {
  std::string made;
  made.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    std::string_view character = text.substr(at, length_by(static_cast<unsigned char>(text[at])));
    if (!is_utf8(character)) {
      made += kReplacement;
      ++at;
      continue;
    }
    at += character.size();
    if (character == "\r") {
      if (text.substr(at).starts_with('\n')) continue;
      character = "\n";
    }
    if (is_no_character(character)) character = kReplacement;
    if (!is_control(character)) made += character;
  }
  return std::string{trim(made)};
}

std::string legible_line(std::string_view text) {
  std::string made;
  bool blank = false;
  for (const char byte : legible(text)) {
    const bool white = byte == ' ' || byte == '\t' || byte == '\n';
    if (!white && blank) made += ' ';
    if (!white) made += byte;
    blank = white;
  }
  return made;
}

}  // namespace icloudphotos::tree
