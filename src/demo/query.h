// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <variant>

#include "icloudphotos/base/json.h"

#include "answers.h"
#include "records.h"

namespace icloudphotos::demo {

/// Answers one `records/query` body, or one entry of a batch: an object with records, or why not (photos.md 3 to 7).
[[nodiscard]] std::variant<std::string, Failure> answer_query(JsonView body, const Zone& zone,
                                                              const AnswerContext& context);

}  // namespace icloudphotos::demo
