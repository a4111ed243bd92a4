// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>

#include "context.h"

namespace icloudphotos::sync {

/// Reads the changes from `cursor` on to their end, page by page, and moves `cursor` along after each page was used.
/// Errors: as `cloud::Photos::changes`; Protocol when the feed goes round in circles; those of `use`.
[[nodiscard]] Result<void> read_changes(const Context& context, const LibraryId& library,
                                        std::optional<SyncToken>& cursor,
                                        const std::function<Result<void>(Delta&&)>& use);

/// Whether a page says anything at all.
[[nodiscard]] bool is_empty(const Delta& delta);

}  // namespace icloudphotos::sync
