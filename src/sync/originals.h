// SPDX-License-Identifier: MIT
#pragma once

#include "change_log.h"
#include "context.h"

namespace icloudphotos::sync {

/// Fetches the originals that assets name and nobody has sent. Those that do not exist are noted as gone, so that they
/// are not asked for in every round. Errors: as `cloud::Photos::originals` and Storage.
[[nodiscard]] Result<void> fetch_missing_originals(const Context& context, const LibraryId& library, ChangeLog& log);

}  // namespace icloudphotos::sync
