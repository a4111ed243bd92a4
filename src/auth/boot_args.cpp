// SPDX-License-Identifier: MIT
#include "auth/boot_args.h"

#include <algorithm>
#include <optional>

#include "icloudphotos/base/text.h"

namespace icloudphotos::auth {
namespace {

constexpr std::string_view kBlanks = " \t\r\n\f/";

/// The next `name`, `name=value`, `name='value'` or `name="value"` of a tag, taken off its front.
struct Attribute {
  std::string_view name;
  std::string_view value;
};
std::optional<Attribute> next_attribute(std::string_view& tag) {
  tag.remove_prefix(std::min(tag.find_first_not_of(kBlanks), tag.size()));
  if (tag.empty()) return std::nullopt;
  const auto name_end = std::min(tag.find_first_of(" \t\r\n\f=", 1), tag.size());
  Attribute attribute{tag.substr(0, name_end), {}};
  tag.remove_prefix(name_end);
  const auto equals = tag.find_first_not_of(" \t\r\n\f");
  if (equals == std::string_view::npos || tag[equals] != '=') return attribute;
  tag.remove_prefix(equals + 1);
  tag.remove_prefix(std::min(tag.find_first_not_of(" \t\r\n\f"), tag.size()));
  const bool quoted = tag.starts_with('"') || tag.starts_with('\'');
  const auto end = quoted ? tag.find(tag.front(), 1) : tag.find_first_of(" \t\r\n\f");
  attribute.value = tag.substr(quoted ? 1 : 0, end == std::string_view::npos ? end : end - (quoted ? 1 : 0));
  tag.remove_prefix(end == std::string_view::npos ? tag.size() : end + 1);
  return attribute;
}

bool has_class(std::string_view tag, std::string_view wanted) {
  while (const auto attribute = next_attribute(tag)) {
    if (!ascii_iequals(attribute->name, "class")) continue;
    const auto words = split(attribute->value, ' ');
    return std::find(words.begin(), words.end(), wanted) != words.end();
  }
  return false;
}

}  // namespace

std::vector<std::string_view> boot_args(std::string_view page) {
  constexpr std::string_view kOpen = "<script";
  constexpr std::string_view kClose = "</script>";
  constexpr std::size_t kMost = 16;
  std::vector<std::string_view> found;
  // Scripts do not nest, so the search goes on behind each; that keeps it to one pass.
  for (std::size_t at = page.find(kOpen); at != std::string_view::npos && found.size() < kMost;) {
    const auto tag_end = page.find('>', at);
    const auto end = tag_end == std::string_view::npos ? tag_end : page.find(kClose, tag_end);
    if (end == std::string_view::npos) break;
    const auto tag = page.substr(at + kOpen.size(), tag_end - at - kOpen.size());
    if (has_class(tag, "boot_args")) found.push_back(page.substr(tag_end + 1, end - tag_end - 1));
    at = page.find(kOpen, end);
  }
  return found;
}

}  // namespace icloudphotos::auth
