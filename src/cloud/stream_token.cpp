// SPDX-License-Identifier: MIT
#include "cloud/stream_token.h"

#include <charconv>

#include <fmt/format.h>

namespace icloudphotos::cloud {
namespace {

// "album/TAG" of a whole album, "window/OFFSET/COUNT/TAG" on the way, COUNT being empty when nobody says.
constexpr std::string_view kWhole = "album/";
constexpr std::string_view kPart = "window/";

/// The text up to the next slash, which is taken away with it.
std::optional<std::string_view> next_part(std::string_view& text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto part = text.substr(0, slash);
  text.remove_prefix(slash + 1);
  return part;
}

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

}  // namespace

SyncToken token_of(const StreamPlace& place) {
  if (place.at_end) return SyncToken{std::string{kWhole} + place.tag};
  return SyncToken{
      fmt::format("{}{}/{}/{}", kPart, place.offset, place.count ? std::to_string(*place.count) : "", place.tag)};
}

std::optional<StreamPlace> place_of(const SyncToken& token) {
  std::string_view text = token.value;
  if (text.starts_with(kWhole)) return StreamPlace{std::string{text.substr(kWhole.size())}, true};
  if (!text.starts_with(kPart)) return std::nullopt;
  text.remove_prefix(kPart.size());
  const auto offset = next_part(text);
  const auto count = next_part(text);
  if (!offset || !count || !number(*offset)) return std::nullopt;
  return StreamPlace{std::string{text}, false, *number(*offset), number(*count)};
}

}  // namespace icloudphotos::cloud
