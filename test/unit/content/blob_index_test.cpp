// SPDX-License-Identifier: MIT
#include "blob_index.h"

#include <gtest/gtest.h>

#include "icloudphotos/base/text.h"

namespace icloudphotos::content {
namespace {

ResourceRef photo(std::uint64_t size, std::string checksum) {
  ResourceRef resource;
  resource.asset = AssetId{"a"};
  resource.size = size;
  resource.checksum = std::move(checksum);
  return resource;
}

BlobIndex some_index() {
  BlobIndex index{.key = key_of(photo(10 * kChunkBytes + 5, "AYnnoj1r4lMYTs3JP/g7mjGaDCgO")),
                  .sealed = false,
                  .chunks = std::vector<ChunkRecord>(11)};
  for (std::size_t i = 0; i < index.chunks.size(); i += 2) {
    index.chunks[i] = {.digest = chunk_digest(as_bytes(std::to_string(i))), .known = true, .on_disk = i % 4 == 0};
  }
  return index;
}

TEST(BlobIndex, ComesBackAsItWasWritten) {
  const auto index = some_index();
  EXPECT_EQ(decode_index(encode_index(index)), index);
}

TEST(BlobIndex, WithAnyBitFlippedIsNone) {
  const auto good = encode_index(some_index());
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    auto bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(decode_index(bad)) << bit;
  }
}

TEST(BlobIndex, CutShortOrGrownIsNone) {
  const auto good = encode_index(some_index());
  for (std::size_t length = 0; length < good.size(); ++length) EXPECT_FALSE(decode_index(good.substr(0, length)));
  EXPECT_FALSE(decode_index(good + good));
}

TEST(BlobIndex, ThatContradictsItselfIsNone) {
  auto sealed = some_index();
  sealed.sealed = true;  // without knowing all
  EXPECT_FALSE(decode_index(encode_index(sealed)));
  auto unknown = some_index();
  unknown.chunks[1].on_disk = true;
  EXPECT_FALSE(decode_index(encode_index(unknown)));
  auto absurd = some_index();
  absurd.key.size = ~std::uint64_t{0};
  EXPECT_FALSE(decode_index(encode_index(absurd)));
}

TEST(BlobIndex, OfAnOlderVersionIsNoneButNotDamagedEither) {
  const auto good = encode_index(some_index());
  EXPECT_FALSE(is_older_index(good));
  const auto old = "icpblob1" + good.substr(8);
  EXPECT_TRUE(is_older_index(old));
  EXPECT_FALSE(decode_index(old));
}

TEST(BlobKey, HasANameThatLeadsBackToIt) {
  const auto with = photo(1234, "AYnnoj1r4lMYTs3JP/g7mjGaDCgO");
  EXPECT_EQ(name_of(key_of(with)), "0189e7a23d6be253184ecdc93ff83b9a319a0c280e-1234");
  EXPECT_EQ(path_of(key_of(with)), "89/0189e7a23d6be253184ecdc93ff83b9a319a0c280e-1234");
  EXPECT_EQ(key_named(name_of(key_of(with))), key_of(with));
  const auto without = photo(1234, "");
  EXPECT_EQ(key_named(name_of(key_of(without))), key_of(without));
  for (const auto* name :
       {"", "x", "0189e7a23d6be253184ecdc93ff83b9a319a0c280e", "0189e7a23d6be253184ecdc93ff83b9a319a0c280e-",
        "0189e7a23d6be253184ecdc93ff83b9a319a0c280e-12x", "0189E7a23d6be253184ecdc93ff83b9a319a0c280e-1234",
        "0189e7a23d6be253184ecdc93ff83b9a319a0c280e-01234", "0189e7a23d6be253184ecdc93ff83b9a319a0c280e-1234.index"}) {
    EXPECT_FALSE(key_named(name)) << name;
  }
}

}  // namespace
}  // namespace icloudphotos::content
