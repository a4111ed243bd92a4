// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace icloudphotos::fuse {

/// Names and values of extended attributes.
using Attributes = std::vector<std::pair<std::string, std::string>>;

/// What getxattr(2) and listxattr(2) are answered.
struct XattrAnswer {
  int error = 0;         ///< An errno, or 0.
  std::size_t size = 0;  ///< How much room the answer needs.
  std::string bytes;     ///< The answer; empty also when only its size was asked for.
  bool operator==(const XattrAnswer&) const = default;
};

/// Whether a file could have an attribute of that name. Programs ask for others all the time (access control lists,
/// capabilities, SELinux labels); those are ENODATA without looking at the photo.
[[nodiscard]] bool may_exist(std::string_view name);

/// One value. `room` is how many bytes the caller takes; 0 asks for the size.
[[nodiscard]] XattrAnswer get_attribute(const Attributes& attributes, std::string_view name, std::size_t room);

/// All names, each ended by a NUL.
[[nodiscard]] XattrAnswer list_attributes(const Attributes& attributes, std::size_t room);

}  // namespace icloudphotos::fuse
