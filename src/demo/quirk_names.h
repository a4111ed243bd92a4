// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "icloudphotos/base/json.h"
#include "icloudphotos/base/result.h"

#include "quirks.h"

namespace icloudphotos::demo {

/// Sets the quirks that `from` names; the others stay. Errors: Usage (a name or value nobody knows).
Result<void> read_quirks(JsonView from, Quirks& quirks);
[[nodiscard]] std::string write_quirks(const Quirks& quirks);

}  // namespace icloudphotos::demo
