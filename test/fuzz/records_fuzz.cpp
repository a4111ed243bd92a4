// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cloud/answer.h"
#include "cloud/decode.h"

using namespace icloudphotos;

namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto answer = cloud::read_answer(200, {reinterpret_cast<const char*>(data), size});
  if (!answer) return 0;
  (void)cloud::decode_zones(answer->root());
  (void)cloud::decode_counts(answer->root());
  (void)cloud::decode_indexing_state(answer->root());
  const auto page = cloud::decode_records(answer->root());
  if (!page) return 0;
  const auto sane = [](const std::vector<Resource>& resources) {
    for (const auto& resource : resources) must(resource.size < std::uint64_t{1} << 63);
  };
  for (const auto& original : page->delta.originals) {
    must(!original.id.empty());
    sane(original.resources);
  }
  std::size_t without_original = 0;
  for (const auto& asset : page->delta.assets) {
    must(!asset.id.empty());
    without_original += asset.original.empty();
    must(!asset.location || (asset.location->latitude >= -90 && asset.location->latitude <= 90));
    must(!asset.utc_offset || std::chrono::abs(*asset.utc_offset) <= std::chrono::hours{18});
    sane(asset.resources);
  }
  must(without_original <= page->incomplete);
  for (const auto* memberships : {&page->delta.memberships, &page->delta.left})
    for (const auto& membership : *memberships) must(!membership.album.empty() && !membership.asset.empty());
  for (const auto& name : page->delta.gone) must(!name.empty());
  return 0;
}
