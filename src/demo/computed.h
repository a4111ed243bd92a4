// SPDX-License-Identifier: MIT
#pragma once

#include "seed.h"

namespace icloudphotos::demo {

struct ComputedOptions {
  std::uint64_t assets = 0;
  std::uint64_t albums = 0;      ///< as many small ones in addition to those every library has
  std::uint64_t file_bytes = 0;  ///< of every original; 0: 2 KB to 1 MB
  bool has_albums = true;
  std::uint64_t series = 0;  ///< two libraries of different series have nothing in common
};

/// A library that is a function of the index: photo 0 is the newest, fifteen years lie between it and the last.
[[nodiscard]] std::unique_ptr<Seed> make_computed_seed(const ComputedOptions& options);

}  // namespace icloudphotos::demo
