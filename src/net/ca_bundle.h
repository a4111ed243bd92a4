// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

#include "icloudphotos/base/result.h"

namespace icloudphotos::net {

/// The system's certificate authorities and those of `extra` in one PEM text; curl's own option would replace, not add.
/// Errors: Usage: `extra` cannot be read or holds no certificate.
[[nodiscard]] Result<std::string> ca_bundle_with(const std::filesystem::path& extra);

}  // namespace icloudphotos::net
