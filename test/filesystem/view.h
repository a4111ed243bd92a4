// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <sys/stat.h>

#include "icloudphotos/base/result.h"

namespace icloudphotos {

/// A file system as a program sees it, whichever way it is reached. Paths are relative to its root, "" is the root
/// itself. A failure's value is the errno the program gets.
class View {
 public:
  template <class T>
  struct Answer {
    int error = 0;
    T value{};
  };

  virtual ~View() = default;
  virtual Answer<std::vector<std::string>> list(const std::string& path) = 0;  ///< Without `.` and `..`, as they come.
  virtual Answer<struct stat> stat(const std::string& path) = 0;
  virtual Answer<std::string> read(const std::string& path, std::uint64_t offset, std::size_t size) = 0;
};

/// The demo library through `fuse::Filesystem` in this process.
[[nodiscard]] std::unique_ptr<View> make_view_in_process();
/// The demo library through a real mount, served by the program in a process of its own.
[[nodiscard]] std::unique_ptr<View> make_view_of_mount();

}  // namespace icloudphotos
