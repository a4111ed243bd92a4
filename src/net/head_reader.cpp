// SPDX-License-Identifier: MIT
#include "head_reader.h"

#include <charconv>

#include "icloudphotos/base/text.h"

namespace icloudphotos::net {
namespace {

bool is_token(std::string_view name) {
  for (const char c : name)
    if (c <= ' ' || c >= 0x7f || std::string_view{"\"(),/:;<=>?@[\\]{}"}.find(c) != std::string_view::npos)
      return false;
  return !name.empty();
}

int status_of(std::string_view line) {
  const auto blank = line.find(' ');
  if (blank == std::string_view::npos) return 0;
  const auto digits = line.substr(blank + 1, 3);
  int status = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), status);
  return parsed.ptr == digits.data() + 3 && status >= 100 ? status : 0;
}

}  // namespace

HeadReader::State HeadReader::line(std::string_view line) {
  if (complete_) return State::Complete;  // a trailer
  bytes_ += line.size();
  if (bytes_ > kMaxBytes || ++lines_ > kMaxLines) return State::TooLarge;
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);

  if (line.substr(0, 5) == "HTTP/") {
    head_ = ResponseHead{status_of(line), {}};
  } else if (line.empty()) {
    complete_ = head_.status >= 200;
  } else if (const auto colon = line.find(':'); colon != std::string_view::npos && is_token(line.substr(0, colon))) {
    head_.headers.add(std::string{line.substr(0, colon)}, std::string{trim(line.substr(colon + 1))});
  }
  return complete_ ? State::Complete : State::More;
}

}  // namespace icloudphotos::net
