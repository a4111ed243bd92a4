// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "icloudphotos/base/json.h"

using icloudphotos::JsonDocument;
using icloudphotos::JsonView;

namespace {
void visit(JsonView view) {
  if (view.text() && view.is_object()) std::abort();
  (void)view.integer();
  (void)view.number();
  (void)view.boolean();
  view.each([](JsonView element) { visit(element); });
  view.each_member([](std::string_view, JsonView value) { visit(value); });
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto document = JsonDocument::parse({reinterpret_cast<const char*>(data), size});
  if (!document) return 0;
  visit(document->root());
  // What was understood can be written and understood again.
  if (!JsonDocument::parse(document->root().dump())) std::abort();
  return 0;
}
