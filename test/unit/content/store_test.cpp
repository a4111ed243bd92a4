// SPDX-License-Identifier: MIT
#include "icloudphotos/content/store.h"

#include <thread>

#include <sys/stat.h>

#include "store_fixture.h"

namespace icloudphotos::content {
namespace {

TEST_F(StoreTest, GivesTheBytesOfEveryRange) {
  const auto photo = this->photo("a", 3 * kChunkBytes + 12345);
  const std::uint64_t edges[] = {0,
                                 1,
                                 kChunkBytes - 1,
                                 kChunkBytes,
                                 kChunkBytes + 1,
                                 2 * kChunkBytes,
                                 3 * kChunkBytes - 1,
                                 3 * kChunkBytes,
                                 photo.size - 1,
                                 photo.size,
                                 photo.size + 1};
  for (const auto start : edges) {
    for (const auto end : edges) {
      if (end >= start) expect_right(photo, {start, end - start});
    }
  }
  EXPECT_LE(cloud_.bytes_asked(), photo.size);  // and each byte came once
}

TEST_F(StoreTest, ARangePastTheEndIsCutShortAndOneAtTheEndIsEmpty) {
  const auto photo = this->photo("a", 1000);
  EXPECT_EQ(read(photo, {900, 4096})->bytes.size(), 100U);
  EXPECT_TRUE(read(photo, {1000, 4096})->bytes.empty());
  EXPECT_TRUE(read(photo, {5000, 4096})->bytes.empty());
  EXPECT_TRUE(read(photo, {0, 0})->bytes.empty());
}

TEST_F(StoreTest, AnEmptyFileNeedsNoCloud) {
  const auto photo = this->photo("a", 0);
  EXPECT_TRUE(read_all(photo)->bytes.empty());
  EXPECT_TRUE(cloud_.calls().empty());
}

TEST_F(StoreTest, ARandomReadFetchesJustItsChunk) {
  const auto photo = this->photo("a", 40 * kChunkBytes);
  expect_right(photo, {17 * kChunkBytes + 5, 4096});
  ASSERT_EQ(cloud_.calls().size(), 1U);
  EXPECT_EQ(cloud_.calls()[0].range, (Range{17 * kChunkBytes, kChunkBytes}));
}

TEST_F(StoreTest, ConcurrentReadersFetchEachChunkOnce) {
  const auto photo = this->photo("a", 5 * kChunkBytes + 1);
  cloud_.hold();
  std::vector<Answer> answers;
  for (int i = 0; i < 16; ++i) answers.push_back(ask(photo, {0, photo.size}));
  cloud_.let_go();
  for (auto& answer : answers) {
    const auto slice = wait(std::move(answer));
    ASSERT_TRUE(slice);
    EXPECT_TRUE(slice->bytes == truth(photo, {0, photo.size}));
  }
  EXPECT_EQ(cloud_.bytes_asked(), photo.size);
}

TEST_F(StoreTest, AskedBytesAreGivenBeforeTheRestOfTheirRequestCame) {
  const auto photo = this->photo("a", 4 * kChunkBytes);
  std::promise<void> rest;
  cloud_.next([&](std::span<const std::byte> right, cloud::ByteSink& sink, std::stop_token) -> Result<void> {
    sink.write(right.first(kChunkBytes));
    rest.get_future().wait();
    sink.write(right.subspan(kChunkBytes));
    return {};
  });
  auto whole = ask(photo, {0, photo.size});
  auto first = ask(photo, {0, 4096});
  EXPECT_TRUE(wait(std::move(first)));
  rest.set_value();
  EXPECT_TRUE(wait(std::move(whole)));
}

TEST_F(StoreTest, ReadingInOrderFetchesAhead) {
  constexpr std::uint64_t kStep = 64 << 10;
  const auto photo = this->photo("a", 30 * kStep);
  expect_right(photo, {0, kStep});
  expect_right(photo, {kStep, kStep});
  while (cloud_.bytes_asked() < 6 * kStep) std::this_thread::yield();
  expect_right(photo, {0, photo.size});
  EXPECT_EQ(cloud_.bytes_asked(), photo.size);
}

TEST_F(StoreTest, WhatIsAskedForAheadIsThereWhenItIsRead) {
  const auto photo = this->photo("a", 2 * kChunkBytes);
  store_->read_ahead(photo, {0, photo.size});
  cloud_.wait_for_calls(1);
  expect_right(photo);
  store_->read_ahead(photo, {0, photo.size});  // it is here
  expect_right(photo);
  EXPECT_EQ(cloud_.bytes_asked(), photo.size);
}

TEST_F(StoreTest, WhatIsNotWantedAheadAnyMoreAndHasNotBegunIsNotFetched) {
  options_.fetch_workers = 1;
  open();
  const auto first = photo("first", kChunkBytes);
  const auto second = photo("second", kChunkBytes);
  const auto third = photo("third", kChunkBytes);
  cloud_.hold();
  auto slow = ask(first, {0, 10});
  cloud_.wait_for_calls(1);
  store_->read_ahead(second, {0, second.size});
  store_->read_ahead(third, {0, third.size});
  store_->forget_ahead(second);
  cloud_.let_go();
  EXPECT_TRUE(wait(std::move(slow)));
  expect_right(third);
  for (const auto& call : cloud_.calls()) EXPECT_NE(call.resource, second);
}

TEST_F(StoreTest, WhatIsExpectedIsToldToTheCloud) {
  const auto photos = std::vector{photo("a", kChunkBytes), photo("b", kChunkBytes)};
  store_->expect(photos);
  EXPECT_EQ(cloud_.expected(), photos);
  EXPECT_TRUE(cloud_.calls().empty());
}

TEST_F(StoreTest, CachedBytesDoNotWaitBehindDownloads) {
  options_.fetch_workers = 1;
  open();
  const auto here = this->photo("here", kChunkBytes);
  const auto far = this->photo("far", kChunkBytes);
  expect_right(here);
  cloud_.hold();
  auto slow = ask(far, {0, 10});
  cloud_.wait_for_calls(2);
  EXPECT_TRUE(ask(here, {0, 100}).wait_for(std::chrono::seconds{0}) == std::future_status::ready);
  cloud_.let_go();
  EXPECT_TRUE(wait(std::move(slow)));
}

TEST_F(StoreTest, PhotosWithEqualBytesShareThem) {
  auto one = this->photo("a", 2 * kChunkBytes);
  expect_right(one);
  one.asset = AssetId{"another"};
  one.library = LibraryId{"another"};
  EXPECT_TRUE(read_all(one));
  EXPECT_EQ(cloud_.calls().size(), 1U);
}

TEST_F(StoreTest, PhotosWithoutChecksumNeverShareBytes) {
  auto one = this->photo("a", 1000);
  auto other = this->photo("b", 1000);
  one.checksum = other.checksum = "";
  expect_right(one);
  expect_right(other);
}

TEST_F(StoreTest, FilesAreForTheirOwnerOnlyAndTheDirectoryIsTaggedAsACache) {
  ::umask(0);
  expect_right(this->photo("a", 2 * kChunkBytes));
  store_.reset();
  struct stat status {};
  for (const auto& file : std::filesystem::recursive_directory_iterator{options_.directory}) {
    ASSERT_EQ(::lstat(file.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, file.is_directory() ? 0700U : 0600U) << file.path();
  }
  EXPECT_TRUE(content(options_.directory / "CACHEDIR.TAG").starts_with("Signature: 8a477f597d28d172789f06886806bc55"));
}

TEST_F(StoreTest, ASecondProgramOnTheSameDirectoryIsToldToUseAnother) {
  const auto second = Store::open(cloud_, clock_, options_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind(), ErrorKind::Storage);
  EXPECT_NE(second.error().message().find("--cache-dir"), std::string::npos) << second.error().message();
  store_.reset();
  EXPECT_TRUE(Store::open(cloud_, clock_, options_));
}

TEST_F(StoreTest, AFileLargerThanAnyIsRefused) {
  auto photo = this->photo("a", 10);
  photo.size = std::uint64_t{1} << 62;
  expect_error(ErrorKind::Protocol, read(photo, {0, 10}));
}

// product.md 1.10: it can be killed at any moment.

TEST_F(StoreTest, WhatWasFetchedIsNotFetchedAgainAfterReopening) {
  const auto photo = this->photo("a", 6 * kChunkBytes);
  expect_right(photo, {0, 2 * kChunkBytes});
  expect_right(photo, {4 * kChunkBytes + 7, 10});
  store_.reset();  // ends what was being read ahead
  cloud_.forget_calls();
  open();
  expect_right(photo, {0, 2 * kChunkBytes});
  EXPECT_TRUE(cloud_.calls().empty());
  expect_right(photo);
  expect_right(photo);
  EXPECT_LE(cloud_.bytes_asked(), 3 * kChunkBytes);
}

TEST_F(StoreTest, AnOldIndexCostsChunksButNeverGivesAWrongOne) {
  const auto photo = this->photo("a", 5 * kChunkBytes);
  expect_right(photo, {0, 10});
  store_.reset();
  const auto old = content(index());
  open();
  expect_right(photo);
  store_.reset();
  rewrite(index(), old);  // as if killed before the index was written again
  cloud_.forget_calls();
  open();
  expect_right(photo);
  EXPECT_EQ(cloud_.bytes_asked(), 4 * kChunkBytes);
}

TEST_F(StoreTest, AnIndexOfAnotherTimeThanItsBytesIsNoticed) {
  const auto photo = this->photo("a", 3 * kChunkBytes);
  expect_right(photo);
  store_.reset();
  rewrite(blob(), std::string(3 * kChunkBytes, '\0'));  // as after a power loss
  open();
  expect_right(photo);
}

TEST_F(StoreTest, AWholeFileThatWasNeverComparedIsComparedBeforeItsLastBytesAreGiven) {
  const auto photo = this->photo("a", 3 * kChunkBytes);
  cloud_.hold();
  auto answer = ask(photo, {0, 2 * kChunkBytes});
  cloud_.let_go();
  EXPECT_TRUE(wait(std::move(answer)));
  expect_right(photo, {2 * kChunkBytes, 100});
  store_.reset();
  open();
  cloud_.forget_calls();
  expect_right(photo);
  EXPECT_TRUE(cloud_.calls().empty());
}

}  // namespace
}  // namespace icloudphotos::content
