// SPDX-License-Identifier: MIT
#pragma once

#include "change_log.h"
#include "context.h"

namespace icloudphotos::sync {

/// Fetches the originals that assets name and nobody has sent. Those that do not exist are noted as gone, so that they
/// are not asked for in every round; in a library without lists, where nothing can be looked up, all of them. Errors:
/// as `cloud::Photos::originals` and Storage.
[[nodiscard]] Result<void> fetch_missing_originals(const Context& context, const Library& library, ChangeLog& log);

}  // namespace icloudphotos::sync
