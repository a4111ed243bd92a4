// SPDX-License-Identifier: MIT
// A page of the identity service.
#include <cstdint>
#include <cstdlib>

#include "auth/answers.h"
#include "auth/boot_args.h"

using namespace icloudphotos::auth;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view page{reinterpret_cast<const char*>(data), size};
  const auto found = boot_args(page);
  if (found.size() > 16) std::abort();
  const char* last = page.data();
  for (const auto script : found) {
    // In order, inside the page, and none holds the end of another.
    if (script.data() < last || script.data() + script.size() > page.data() + page.size()) std::abort();
    if (script.find("</script>") != std::string_view::npos) std::abort();
    last = script.data() + script.size();
  }
  const auto options = decode_options({200, {}, std::string{page}});
  if (options.phones.size() > 64) std::abort();
  return 0;
}
