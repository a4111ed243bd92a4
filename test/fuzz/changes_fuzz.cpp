// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cloud/answer.h"
#include "cloud/decode.h"

using namespace icloudphotos;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto answer = cloud::read_answer(200, {reinterpret_cast<const char*>(data), size});
  if (!answer) return 0;
  const auto page = cloud::decode_changes(answer->root(), "PrimarySync");
  if (!page) return 0;
  // An empty token would be taken for "caught up", and more without a token asked for for ever.
  if (page->delta.next && page->delta.next->empty()) std::abort();
  if (page->delta.more && !page->delta.next) std::abort();
  return 0;
}
