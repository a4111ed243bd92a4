// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "icloudphotos/base/json.h"

namespace icloudphotos {

/// A status for a person: lines.
[[nodiscard]] std::string describe_status(JsonView status);

/// The same on one line, without its end.
[[nodiscard]] std::string describe_status_briefly(JsonView status);

}  // namespace icloudphotos
