// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string_view>

namespace icloudphotos::demo {

struct EmbeddedFile {
  std::string_view path;  ///< relative to the library's directory, `library.json` among them
  std::string_view bytes;
};

/// The files of library/ as they were when the program was built; written by embed.py.
[[nodiscard]] std::span<const EmbeddedFile> embedded_files();

}  // namespace icloudphotos::demo
