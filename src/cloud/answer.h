// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "icloudphotos/base/json.h"
#include "icloudphotos/base/result.h"

namespace icloudphotos::cloud {

/// An answer of the photos service as JSON, or the Error it is. All of the service's ways to say no are understood: the
/// status, an error object with a happy status, text that is no JSON.
[[nodiscard]] Result<JsonDocument> read_answer(int status, std::string_view body);

/// The Error in one element of an answer (a record, a zone, an entry of a batch), if it is one.
[[nodiscard]] std::optional<Error> error_in(JsonView element);

/// Whether asking the same again in a moment may help.
[[nodiscard]] bool is_transient(ErrorKind kind);

}  // namespace icloudphotos::cloud
