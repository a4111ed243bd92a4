// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "icloudphotos/auth/person.h"
#include "icloudphotos/base/json.h"
#include "icloudphotos/base/result.h"

namespace icloudphotos::ui {

// What a mount and a command say to each other, as JSON objects. The first message is a command's call:
// {"call": "sign_in" | "code" | "sign_out" | "refresh" | "status" | "examine", …}. The mount answers with any number of
// questions and sentences ({"ask": "password" | "code", …}, {"tell": …}), each question answered by one message, and ends with {"done": …} or
// {"error": …}. Decoding gives nothing, or an Error, for what makes no sense.

[[nodiscard]] std::string write_challenge(const auth::Challenge& challenge);
[[nodiscard]] auth::Challenge read_challenge(JsonView message);

[[nodiscard]] std::string write_answer(const auth::Answer& answer);
/// Errors: Protocol.
[[nodiscard]] Result<auth::Answer> read_answer(JsonView message);

[[nodiscard]] std::string write_error(const Error& error);
[[nodiscard]] Error read_error(JsonView message);

}  // namespace icloudphotos::ui
