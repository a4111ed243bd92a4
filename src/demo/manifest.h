// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "icloudphotos/base/result.h"

#include "seed.h"

namespace icloudphotos::demo {

/// The two zones of the small library.
struct SmallLibrary {
  std::unique_ptr<Seed> personal, shared;
};

/// The library that is part of the program. Errors: Usage (built without one).
[[nodiscard]] Result<SmallLibrary> load_embedded_library();
/// One in a directory: library.json and what it names. Errors: Usage.
[[nodiscard]] Result<SmallLibrary> load_library(const std::filesystem::path& directory);

}  // namespace icloudphotos::demo
