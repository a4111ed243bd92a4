// SPDX-License-Identifier: MIT
#pragma once

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "icloudphotos/base/json.h"
#include "icloudphotos/base/text.h"
#include "icloudphotos/net/http.h"

#ifndef ICLOUDPHOTOS_TEST_DATA
#error "give ICLOUDPHOTOS_TEST_DATA in cpp_args"
#endif

namespace icloudphotos {

/// One file of test/data/recorded: what was asked, and what the real service answered.
struct RecordedExchange {
  net::Request request;
  net::Response response;  ///< Samples that are no recordings have status 0.
};

/// Reads "auth/trust-204.json". Lengths of bodies are as they are, whatever the recorded header says.
inline RecordedExchange recorded(std::string_view name) {
  std::ifstream in{std::string{ICLOUDPHOTOS_TEST_DATA "/recorded/"}.append(name), std::ios::binary};
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  const auto document = JsonDocument::parse(text);
  RecordedExchange exchange;
  if (!document) {
    ADD_FAILURE() << name << ": " << document.error().message();
    return exchange;
  }
  const auto body = [](JsonView side) -> std::string {
    if (const auto bytes = side["body_base64"].text()) return base64_decode(*bytes).value_or("");
    if (const auto as_text = side["body"].text()) return std::string{*as_text};
    return side["body"].is_null() ? std::string{} : side["body"].dump();
  };
  const auto headers = [](JsonView side) {
    net::Headers all;
    side["headers"].each_member([&](std::string_view header, JsonView values) {
      values.each([&](JsonView value) { all.add(std::string{header}, std::string{value.text().value_or("")}); });
    });
    return all;
  };
  const auto request = (*document)["request"];
  exchange.request.method = request["method"].text().value_or("GET");
  exchange.request.url = request["url"].text().value_or("");
  exchange.request.headers = headers(request);
  exchange.request.body = body(request);
  const auto response = (*document)["response"];
  exchange.response = {static_cast<int>(response["status"].integer().value_or(0)), headers(response), body(response)};
  return exchange;
}

}  // namespace icloudphotos
