// SPDX-License-Identifier: MIT
#pragma once

#include "seed.h"

namespace icloudphotos::demo {

/// A zone of these photos and albums; photos of one master become siblings. `bytes` is what their media point into.
[[nodiscard]] std::unique_ptr<Seed> make_listed_seed(std::vector<Photo> photos, std::vector<Album> albums = {},
                                                     std::shared_ptr<const void> bytes = nullptr);

}  // namespace icloudphotos::demo
