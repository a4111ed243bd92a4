// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cloud/answer.h"
#include "cloud/stream_answer.h"
#include "cloud/stream_token.h"

using namespace icloudphotos;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  // A place leads back to itself, or a reading would never end.
  if (const auto place = cloud::place_of(SyncToken{std::string{bytes}}))
    if (cloud::place_of(cloud::token_of(*place)) != place || place->offset < 0) std::abort();
  const auto answer = cloud::read_answer(200, bytes);
  if (!answer) return 0;
  if (const auto albums = cloud::decode_stream_albums(answer->root()))
    for (const auto& album : *albums)
      if (album.guid.empty() || (!album.location.empty() && !album.location.ends_with('/'))) std::abort();
  if (const auto page = cloud::decode_stream_window(answer->root()))
    for (const auto& original : page->delta.originals)
      if (original.id.empty()) std::abort();
  if (cloud::decode_stream_count(answer->root()).value_or(0) < 0) std::abort();
  return 0;
}
