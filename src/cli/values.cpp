// SPDX-License-Identifier: MIT
#include "values.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>

#include "icloudphotos/base/text.h"

namespace icloudphotos::cli {
namespace {

Error not_a(std::string_view what, std::string_view text) {
  return Error{ErrorKind::Usage, fmt::format("\"{}\" is not {}", printable(text), what)};
}

/// A decimal number and the unit behind it, lower case.
struct Measure {
  double number = 0;
  std::string unit;
};

std::optional<Measure> read_measure(std::string_view text) {
  text = trim(text);
  if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
  Measure measure;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), measure.number, std::chars_format::fixed);
  if (parsed.ec != std::errc{} || !std::isfinite(measure.number)) return std::nullopt;
  measure.unit = ascii_lower(trim({parsed.ptr, static_cast<std::size_t>(text.data() + text.size() - parsed.ptr)}));
  return measure;
}

template <class Number>
std::optional<Number> read_whole(std::string_view text, int base = 10) {
  Number number{};
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (text.empty() || parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

Result<std::uint64_t> parse_size(std::string_view text) {
  const auto wrong = [&] { return not_a("a size like 500M, 20G or 1.5T", text); };
  const auto measure = read_measure(text);
  if (!measure) return wrong();
  std::string_view unit = measure->unit;
  double factor = 1;
  if (!unit.empty() && unit != "b") {
    const auto power = std::string_view{"kmgt"}.find(unit.front());
    if (power == std::string_view::npos) return wrong();
    const auto rest = unit.substr(1);
    if (!rest.empty() && rest != "b" && rest != "ib") return wrong();
    factor = std::ldexp(1.0, 10 * (static_cast<int>(power) + 1));
  }
  const double bytes = measure->number * factor;
  if (bytes > 9e18) return wrong();
  return static_cast<std::uint64_t>(bytes);
}

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const auto wrong = [&] { return not_a("a time like 90s or 5m", text); };
  const auto measure = read_measure(text);
  if (!measure) return wrong();
  double factor = 0;
  if (measure->unit == "ms") factor = 1;
  if (measure->unit == "s" || measure->unit.empty()) factor = 1'000;
  if (measure->unit == "m" || measure->unit == "min") factor = 60'000;
  if (measure->unit == "h") factor = 3'600'000;
  const double duration = measure->number * factor;
  if (factor == 0 || duration > 1e15) return wrong();
  return std::chrono::milliseconds{static_cast<std::int64_t>(duration)};
}

Result<bool> parse_switch(std::string_view text) {
  const auto word = ascii_lower(trim(text));
  for (const auto* yes : {"", "true", "yes", "on", "1"})
    if (word == yes) return true;
  for (const auto* no : {"false", "no", "off", "0"})
    if (word == no) return false;
  return not_a("yes or no", text);
}

Result<unsigned> parse_number(std::string_view text, unsigned least, unsigned most) {
  const auto number = read_whole<unsigned>(trim(text));
  if (!number || *number < least || *number > most)
    return not_a(fmt::format("a number from {} to {}", least, most), text);
  return *number;
}

Result<mode_t> parse_umask(std::string_view text) {
  const auto mask = read_whole<unsigned>(trim(text), 8);
  if (!mask || *mask > 0777) return not_a("an octal mask like 022", text);
  return static_cast<mode_t>(*mask);
}

Result<uid_t> parse_user(std::string_view text) {
  if (const auto number = read_whole<uid_t>(trim(text)); number && *number != static_cast<uid_t>(-1)) return *number;
  if (const auto* entry = ::getpwnam(std::string{trim(text)}.c_str())) return entry->pw_uid;
  return not_a("a user of this system", text);
}

Result<gid_t> parse_group(std::string_view text) {
  if (const auto number = read_whole<gid_t>(trim(text)); number && *number != static_cast<gid_t>(-1)) return *number;
  if (const auto* entry = ::getgrnam(std::string{trim(text)}.c_str())) return entry->gr_gid;
  return not_a("a group of this system", text);
}

}  // namespace icloudphotos::cli
