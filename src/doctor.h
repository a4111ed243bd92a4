// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "icloudphotos/base/json.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/catalog/catalog.h"

namespace icloudphotos {

/// What is amiss with what the catalog knows: photos without a file for their original, and libraries and albums that
/// are not complete or are counted differently. A JSON array with an object for each, but for no more than `most` photos
/// a library. Goes through all photos. Errors: Storage.
[[nodiscard]] Result<std::string> examine(const catalog::Catalog& catalog, std::int64_t most = 100'000);

/// One of these objects, for a person: a line.
[[nodiscard]] std::string describe_finding(JsonView finding);

}  // namespace icloudphotos
