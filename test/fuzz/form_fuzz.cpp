// SPDX-License-Identifier: MIT
// What a browser, or whoever says to be one, posts to the sign-in page.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ui/web_form.h"

using namespace icloudphotos;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body{reinterpret_cast<const char*>(data), size};
  const auto field = ui::form_field(body, "password");
  // Decoding only ever shortens.
  if (field.reveal().size() > size) std::abort();
  if (!field.empty() && body.find("password=") == std::string_view::npos) std::abort();
  const auto number = ui::form_number(body, "question");
  if (number != 0 && body.find("question=") == std::string_view::npos) std::abort();
  return 0;
}
