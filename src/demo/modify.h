// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <variant>

#include "answers.h"
#include "library.h"
#include "quirks.h"
#include "records.h"

namespace icloudphotos::demo {

/// Does what a `records/modify` body says and answers with the records as they became (photos.md 14.2).
[[nodiscard]] std::variant<std::string, Failure> modify_records(JsonView body, Library& library, const Zone& zone,
                                                                const AnswerContext& context);

}  // namespace icloudphotos::demo
