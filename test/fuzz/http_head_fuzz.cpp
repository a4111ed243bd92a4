// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "icloudphotos/base/text.h"

#include "../../src/net/head_reader.h"

using namespace icloudphotos;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  net::HeadReader reader;
  for (const auto line : split({reinterpret_cast<const char*>(data), size}, '\n'))
    if (reader.line(line) == net::HeadReader::State::TooLarge) break;
  const auto& head = reader.head();
  if (head.status != 0 && (head.status < 100 || head.status > 999)) std::abort();
  if (reader.complete() && head.status < 200) std::abort();
  std::size_t bytes = 0;
  for (const auto& [name, value] : head.headers.lines()) {
    if (name.empty() || name.find_first_of(": \r\n\t") != std::string::npos) std::abort();
    bytes += name.size() + value.size();
  }
  if (bytes > net::HeadReader::kMaxBytes || head.headers.lines().size() > net::HeadReader::kMaxLines) std::abort();
  if (const auto wait = net::retry_after(head.headers, std::chrono::sys_seconds{std::chrono::seconds{1'790'000'000}}))
    if (wait->count() < 0 || wait->count() > 3'600) std::abort();
  return 0;
}
