// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "icloudphotos/base/json.h"

#include "cloud/answer.h"
#include "cloud/decode.h"

namespace icloudphotos::cloud {

/// The body of a recorded answer, as text.
inline std::string recorded_body(std::string_view name) {
  std::ifstream in{std::string{ICLOUDPHOTOS_TEST_DATA "/recorded/"}.append(name), std::ios::binary};
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  const auto exchange = JsonDocument::parse(text);
  if (!exchange) {
    ADD_FAILURE() << name << ": " << exchange.error().message();
    return {};
  }
  const auto body = (*exchange)["response"]["body"];
  if (const auto as_text = body.text()) return std::string{*as_text};
  return body.is_null() ? std::string{} : body.dump();
}

inline RecordsPage recorded_page(std::string_view name) {
  const auto answer = read_answer(200, recorded_body(name));
  if (!answer) {
    ADD_FAILURE() << name << ": " << answer.error().message();
    return {};
  }
  auto page = decode_records(answer->root());
  if (!page) {
    ADD_FAILURE() << name << ": " << page.error().message();
    return {};
  }
  return *std::move(page);
}

/// The page of answers made up for a test.
inline RecordsPage page_of(std::string_view records) {
  const auto answer = read_answer(200, R"({"records":[)" + std::string{records} + "]}");
  if (!answer) {
    ADD_FAILURE() << answer.error().message();
    return {};
  }
  return decode_records(answer->root()).value_or(RecordsPage{});
}

template <class Things>
const auto* with_id(const Things& things, std::string_view id) {
  const auto found =
      std::find_if(things.begin(), things.end(), [&](const auto& thing) { return thing.id.value == id; });
  return found == things.end() ? nullptr : &*found;
}

inline const Resource* of_kind(const std::vector<Resource>& resources, ResourceKind kind) {
  const auto found =
      std::find_if(resources.begin(), resources.end(), [&](const Resource& resource) { return resource.kind == kind; });
  return found == resources.end() ? nullptr : &*found;
}

}  // namespace icloudphotos::cloud
