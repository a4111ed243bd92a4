// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cloud/plist.h"

using namespace icloudphotos;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  for (const auto& text : cloud::plist_texts(bytes))
    if (text.empty()) std::abort();
  (void)cloud::plist_location(bytes);
  return 0;
}
