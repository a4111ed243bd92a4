// SPDX-License-Identifier: MIT
#include "eviction.h"

#include <csignal>
#include <thread>

#include <sys/resource.h>

#include "store_fixture.h"

namespace icloudphotos::content {
namespace {

BlobKey key(unsigned number) { return {.digest = {std::byte{1}, static_cast<std::byte>(number)}, .size = number}; }
const auto kAnyMayGo = [](const BlobKey&) { return true; };

TEST(Eviction, TakesWhatWasLongestOutOfUse) {
  Eviction eviction;
  for (unsigned i = 1; i <= 5; ++i) eviction.resize(key(i), 100);
  eviction.use(key(1));
  EXPECT_EQ(eviction.take_oldest(150, kAnyMayGo), (std::vector{key(2), key(3)}));
  EXPECT_EQ(eviction.total_bytes(), 300U);
}

TEST(Eviction, LeavesWhatMayNotGo) {
  Eviction eviction;
  for (unsigned i = 1; i <= 3; ++i) eviction.resize(key(i), 100);
  EXPECT_EQ(eviction.take_oldest(1000, [](const BlobKey& one) { return one != key(2); }),
            (std::vector{key(1), key(3)}));
  EXPECT_EQ(eviction.total_bytes(), 100U);
}

TEST(Eviction, WhatWasFoundAtTheStartIsOlderThanWhatWasUsedSince) {
  Eviction eviction;
  eviction.resize(key(9), 100);
  eviction.found(key(1), 100);
  eviction.found(key(2), 100);
  eviction.found(key(9), 5);  // known better already
  EXPECT_EQ(eviction.total_bytes(), 300U);
  EXPECT_EQ(eviction.take_oldest(150, kAnyMayGo), (std::vector{key(1), key(2)}));
}

TEST(Eviction, KeepsToTheLimitAndLeavesTheDiskItsShare) {
  EXPECT_EQ(excess(50, 10, 100, 1000, 100), 0U);
  EXPECT_EQ(excess(95, 10, 100, 1000, 100), 5U);
  EXPECT_EQ(excess(50, 10, 100, 105, 100), 5U);
  EXPECT_EQ(excess(95, 10, 100, 90, 100), 20U);
}

class SmallCache : public StoreTest {
 protected:
  void SetUp() override {
    options_.limit_bytes = 5 * kChunkBytes;
    StoreTest::SetUp();
  }
  std::uint64_t bytes_on_disk() const {
    std::uint64_t sum = 0;
    for (const auto& file : cached("")) {
      std::error_code gone;  // evicted meanwhile
      const auto bytes = std::filesystem::file_size(file, gone);
      if (!gone) sum += bytes;
    }
    return sum;
  }
};

TEST_F(SmallCache, StaysWithinItsLimit) {
  for (int i = 0; i < 12; ++i) {
    expect_right(photo(std::to_string(i), kChunkBytes));
    EXPECT_LE(bytes_on_disk(), options_.limit_bytes);
  }
  store_.reset();
  EXPECT_GE(bytes_on_disk(), 2 * kChunkBytes);
}

TEST_F(SmallCache, TellsHowMuchItKeepsAndFetches) {
  EXPECT_EQ(store_->usage().limit_bytes, options_.limit_bytes);
  EXPECT_EQ(store_->usage().kept_bytes, 0U);
  expect_right(photo("a", kChunkBytes));
  while (store_->usage().kept_bytes < kChunkBytes) std::this_thread::yield();
  cloud_.hold();
  auto answer = ask(photo("b", kChunkBytes), {0, kChunkBytes});
  while (store_->usage().downloads == 0) std::this_thread::yield();
  cloud_.let_go();
  ASSERT_TRUE(wait(std::move(answer)));
  while (store_->usage().downloads > 0) std::this_thread::yield();
}

TEST_F(SmallCache, AFileLargerThanTheCacheIsReadRight) {
  const auto film = photo("film", 16 * kChunkBytes + 5);
  for (std::uint64_t at = 0; at < film.size; at += kChunkBytes / 4) expect_right(film, {at, kChunkBytes / 4});
  EXPECT_LE(cloud_.bytes_asked(), film.size * 5 / 4);
}

TEST_F(SmallCache, WhatAnEarlierMountLeftIsEvictedToo) {
  options_.limit_bytes = 0;
  open();
  for (int i = 0; i < 8; ++i) expect_right(photo(std::to_string(i), kChunkBytes));
  options_.limit_bytes = 4 * kChunkBytes;
  open();
  expect_right(photo("another", kChunkBytes));
  store_.reset();
  open();
  for (int i = 0; i < 3; ++i) expect_right(photo("more" + std::to_string(i), kChunkBytes));
  store_.reset();
  EXPECT_LE(bytes_on_disk(), 4 * kChunkBytes);
}

/// As `ulimit -f`: every write beyond `bytes` fails, as on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(std::uint64_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const struct rlimit now { bytes, before_.rlim_max };
    ::setrlimit(RLIMIT_FSIZE, &now);
  }
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  struct rlimit before_ {};
};

// reliability.md P12: disk full is not an error.

TEST_F(StoreTest, AFullDiskIsNoErrorAndARereadChunkNoSecondDownload) {
  const auto film = photo("film", 5 * kChunkBytes + 7);
  const FileSizeLimit full{0};
  for (std::uint64_t at = 0; at < film.size; at += kChunkBytes / 8) expect_right(film, {at, kChunkBytes / 8});
  EXPECT_LE(cloud_.bytes_asked(), film.size);
}

TEST_F(StoreTest, ADiskThatFillsUpHalfWayIsNoError) {
  const auto film = photo("film", 5 * kChunkBytes + 7);
  const auto still = photo("still", 100'000);
  expect_right(film, {0, 10});
  {
    const FileSizeLimit full{2 * kChunkBytes};
    expect_right(still);
    expect_right(film);
  }
  clock_.advance(std::chrono::minutes{1});
  expect_right(film);
  expect_right(still);
}

TEST_F(StoreTest, OnAFullDiskADamagedFileIsStillNotReadToItsEnd) {
  const auto film = photo("film", 9 * kChunkBytes);
  const FileSizeLimit full{0};
  cloud_.next_is_damaged();
  for (std::uint64_t at = 0; at < film.size - kChunkBytes; at += kChunkBytes / 2)
    ASSERT_TRUE(read(film, {at, kChunkBytes / 2}));
  expect_right(film, {film.size - 10, 10});
  expect_right(film);
}

TEST_F(StoreTest, ADeletedCacheDirectoryIsNoError) {
  const auto one = photo("1", 2 * kChunkBytes);
  const auto two = photo("2", 2 * kChunkBytes);
  expect_right(one);
  std::filesystem::remove_all(options_.directory);
  expect_right(one);
  expect_right(two);
  store_.reset();
  cloud_.forget_calls();
  open();
  expect_right(two);
  EXPECT_TRUE(cloud_.calls().empty());
}

TEST_F(StoreTest, ACacheDirectoryThatIsReplacedByAFileIsNoError) {
  const auto one = photo("1", 2 * kChunkBytes);
  std::filesystem::remove_all(options_.directory / "blobs");
  rewrite(options_.directory / "blobs", "not a directory");
  expect_right(one);
  expect_right(one);
  EXPECT_EQ(cloud_.bytes_asked(), one.size);
}

TEST_F(StoreTest, MorePhotosThanMayBeOpenAtOnceAreAllKept) {
  struct rlimit before {};
  ::getrlimit(RLIMIT_NOFILE, &before);
  const struct rlimit few { 96, before.rlim_max };
  ::setrlimit(RLIMIT_NOFILE, &few);
  open();
  std::vector<ResourceRef> photos;
  for (int i = 0; i < 150; ++i) photos.push_back(photo(std::to_string(i), 1000));
  for (const auto& one : photos) expect_right(one);
  for (const auto& one : photos) expect_right(one);
  EXPECT_EQ(cloud_.calls().size(), photos.size());
  store_.reset();
  ::setrlimit(RLIMIT_NOFILE, &before);
}

}  // namespace
}  // namespace icloudphotos::content
