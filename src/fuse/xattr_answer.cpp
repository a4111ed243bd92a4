// SPDX-License-Identifier: MIT
#include "fuse/xattr_answer.h"

#include <algorithm>
#include <cerrno>

namespace icloudphotos::fuse {
namespace {

XattrAnswer fit(std::string bytes, std::size_t room) {
  const std::size_t size = bytes.size();
  if (room == 0) return {.error = 0, .size = size, .bytes = {}};
  if (size > room) return {.error = ERANGE, .size = size, .bytes = {}};
  return {.error = 0, .size = size, .bytes = std::move(bytes)};
}

}  // namespace

bool may_exist(std::string_view name) { return name.starts_with("user."); }

XattrAnswer get_attribute(const Attributes& attributes, std::string_view name, std::size_t room) {
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [&](const auto& attribute) { return attribute.first == name; });
  if (found == attributes.end()) return {.error = ENODATA, .size = 0, .bytes = {}};
  return fit(found->second, room);
}

XattrAnswer list_attributes(const Attributes& attributes, std::size_t room) {
  std::string names;
  for (const auto& attribute : attributes) {
    names += attribute.first;
    names += '\0';
  }
  return fit(std::move(names), room);
}

}  // namespace icloudphotos::fuse
