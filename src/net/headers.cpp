// SPDX-License-Identifier: MIT
#include <algorithm>
#include <charconv>

#include <curl/curl.h>

#include "icloudphotos/base/text.h"
#include "icloudphotos/net/http.h"

#include "http_date.h"

namespace icloudphotos::net {

void Headers::set(std::string_view name, std::string value) {
  const auto same = [&](const auto& line) { return ascii_iequals(line.first, name); };
  lines_.erase(std::remove_if(lines_.begin(), lines_.end(), same), lines_.end());
  add(std::string{name}, std::move(value));
}

std::optional<std::string_view> Headers::get(std::string_view name) const {
  for (const auto& line : lines_)
    if (ascii_iequals(line.first, name)) return line.second;
  return std::nullopt;
}

std::vector<std::string_view> Headers::all(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& line : lines_)
    if (ascii_iequals(line.first, name)) values.emplace_back(line.second);
  return values;
}

std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text) {
  const std::string date{text.substr(0, 64)};
  const auto seconds = curl_getdate(date.c_str(), nullptr);
  if (seconds < 0) return std::nullopt;
  return std::chrono::sys_seconds{std::chrono::seconds{seconds}};
}

std::optional<std::chrono::seconds> retry_after(const Headers& headers, std::chrono::sys_seconds now) {
  constexpr std::chrono::seconds kLongest{3600};
  const auto line = headers.get("Retry-After");
  if (!line) return std::nullopt;
  const auto text = trim(*line);
  if (text.empty()) return std::nullopt;
  if (text.find_first_not_of("0123456789") == std::string_view::npos) {
    std::int64_t seconds = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (parsed.ec != std::errc{}) return kLongest;
    return std::min(std::chrono::seconds{seconds}, kLongest);
  }
  if (text.find(':') == std::string_view::npos) return std::nullopt;  // curl also reads "20040911" and "Sep 5" as dates
  const auto date = parse_http_date(text);
  if (!date) return std::nullopt;
  return std::clamp(*date - now, std::chrono::seconds{0}, kLongest);
}

}  // namespace icloudphotos::net
