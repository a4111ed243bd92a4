// SPDX-License-Identifier: MIT
#include "mount_table.h"

#include "icloudphotos/base/text.h"

namespace icloudphotos::cli {
namespace {

/// The kernel writes blanks and backslashes of a path as \040 and the like.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto octal = text.substr(i + 1, 3);
    if (text[i] == '\\' && octal.size() == 3 && octal.find_first_not_of("01234567") == std::string_view::npos) {
      out += static_cast<char>((octal[0] - '0') * 64 + (octal[1] - '0') * 8 + (octal[2] - '0'));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

// A line: "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue" (proc(5)); later lines lie
// on top.
std::optional<std::string> type_mounted_at(std::string_view mountinfo, std::string_view path) {
  std::optional<std::string> type;
  for (const auto line : split(mountinfo, '\n')) {
    const auto fields = split(line, ' ');
    if (fields.size() < 7 || unescaped(fields[4]) != path) continue;
    for (std::size_t i = 6; i + 1 < fields.size(); ++i) {
      if (fields[i] != "-") continue;
      type = std::string{fields[i + 1]};
      break;
    }
  }
  return type;
}

}  // namespace icloudphotos::cli
