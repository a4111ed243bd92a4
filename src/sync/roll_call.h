// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "context.h"

namespace icloudphotos::sync {

/// Which photos of a library are there, asked anew and written nowhere: digests of those neither hidden nor deleted,
/// sorted. Walks the list of the whole library, for which `counted` is a hint; of a library without lists, reads the
/// whole feed. Errors: as `cloud::Photos`.
[[nodiscard]] Result<std::vector<std::uint64_t>> call_the_roll(const Context& context, const Library& library,
                                                               std::optional<std::int64_t> counted);

/// Apple's own count of a library; nothing where it does not say. Errors: as `cloud::Photos`.
[[nodiscard]] Result<std::optional<std::int64_t>> count_of(const Context& context, const Library& library);

}  // namespace icloudphotos::sync
