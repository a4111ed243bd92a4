// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstdlib>
#include <string>

#include "icloudphotos/base/digest.h"
#include "icloudphotos/base/text.h"

#include "blob_index.h"

namespace content = icloudphotos::content;

namespace {
void decode(const std::string& bytes) {
  const auto index = content::decode_index(bytes);
  if (!index) return;
  if (index->chunks.size() != content::chunk_count(index->key.size)) std::abort();
  for (const auto& chunk : index->chunks) {
    if (!chunk.known && (chunk.on_disk || index->sealed)) std::abort();
  }
  // There is one spelling for what was understood.
  if (content::encode_index(*index) != bytes) std::abort();
  if (content::key_named(content::name_of(index->key)) != index->key) std::abort();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes{reinterpret_cast<const char*>(data), size};
  decode(bytes);
  // And what lies behind the index's own checksum, which no chance would get right.
  const auto body = bytes.substr(0, bytes.size() < 20 ? 0 : bytes.size() - 20);
  decode(body + std::string{icloudphotos::as_text(icloudphotos::sha1(icloudphotos::as_bytes(body)))});
  (void)content::key_named(bytes);
  return 0;
}
