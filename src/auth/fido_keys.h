// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fido.h>

#include "icloudphotos/auth/security_keys.h"
#include "icloudphotos/base/handle.h"
#include "icloudphotos/base/result.h"

namespace icloudphotos::auth {

void close_key(fido_dev_t* device) noexcept;
/// A key that libfido2 has opened.
using FidoKey = Handle<fido_dev_t, close_key>;

/// Opens the keys there are. Errors: NeedsSignIn: some are there and none may be opened.
using OpenKeys = std::function<Result<std::vector<FidoKey>>()>;

/// Keys from `open_keys`, whose owner has `patience` to touch one.
[[nodiscard]] std::unique_ptr<SecurityKeys> make_security_keys(OpenKeys open_keys, std::chrono::milliseconds patience);

/// What a page of apple.com would have a key sign, for a challenge in base64 of either alphabet. Errors: Protocol.
[[nodiscard]] Result<std::string> client_data_json(std::string_view challenge);

}  // namespace icloudphotos::auth
