// SPDX-License-Identifier: MIT
#pragma once

#include "context.h"

namespace icloudphotos::sync {

/// Asks for Apple's counts of a library and its albums anew, in one request, so that they can be compared with what is
/// known now. Where Apple does not say, or cannot be asked, the counts stay as they are. Errors: Storage.
[[nodiscard]] Result<void> renew_counts(const Context& context, const Library& library);

}  // namespace icloudphotos::sync
