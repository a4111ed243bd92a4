// SPDX-License-Identifier: MIT
// product.md 1.4: right bytes or no bytes.
#include "verification.h"

#include <atomic>

#include <sys/stat.h>

#include "store_fixture.h"

namespace icloudphotos::content {
namespace {

TEST_F(StoreTest, ADamagedSmallFileIsFetchedAgainBeforeAByteIsGiven) {
  const auto photo = this->photo("a", 300'000);
  std::atomic<int> told = 0;
  store_->on_corrupt([&](const ResourceRef&) { ++told; });
  cloud_.next_is_damaged();
  expect_right(photo);
  EXPECT_EQ(cloud_.calls().size(), 2U);
  EXPECT_EQ(told, 0);
}

TEST_F(StoreTest, ADamagedLargeFileIsNeverReadToItsEnd) {
  const auto photo = this->photo("a", 9 * kChunkBytes);
  std::atomic<int> told = 0;
  store_->on_corrupt([&](const ResourceRef& which) { told += which == photo ? 1 : 100; });
  cloud_.next_is_damaged();
  for (std::uint64_t at = 0; at < photo.size - kChunkBytes; at += kChunkBytes / 2)
    ASSERT_TRUE(read(photo, {at, kChunkBytes / 2}));
  expect_right(photo, {photo.size - 10, 10});
  EXPECT_EQ(told, 1);
  expect_right(photo);
}

TEST_F(StoreTest, DamagedTwiceIsCorruptAndNothingIsKept) {
  const auto photo = this->photo("a", 300'000);
  cloud_.next_is_damaged(2);
  expect_error(ErrorKind::Corrupt, read_all(photo));
  EXPECT_EQ(cloud_.calls().size(), 2U);
  expect_error(ErrorKind::Corrupt, read_all(photo));  // the kernel asks twice
  EXPECT_EQ(cloud_.calls().size(), 2U);
  EXPECT_TRUE(cached("").empty());
  clock_.advance(std::chrono::seconds{6});
  expect_right(photo);
}

TEST_F(StoreTest, EveryReaderOfADamagedFileHearsOfIt) {
  const auto photo = this->photo("a", 6 * kChunkBytes);
  cloud_.next_is_damaged(100);
  std::vector<Answer> answers;
  for (int i = 0; i < 8; ++i) answers.push_back(ask(photo, {0, photo.size}));
  for (auto& answer : answers) expect_error(ErrorKind::Corrupt, wait(std::move(answer)));
}

TEST_F(StoreTest, WithoutAChecksumTheSizeIsAllThatIsChecked) {
  auto photo = this->photo("a", 2 * kChunkBytes);
  photo.checksum = "not of Apple's form";
  expect_right(photo);
  EXPECT_EQ(cloud_.calls().size(), 1U);
}

TEST_F(StoreTest, ATruncatedDownloadIsAskedForAgainAndThenAnError) {
  const auto photo = this->photo("a", 3 * kChunkBytes);
  const auto cut = [](std::span<const std::byte> right, cloud::ByteSink& sink, std::stop_token) -> Result<void> {
    sink.write(right.first(right.size() - 1));
    return {};
  };
  cloud_.next(cut);
  expect_right(photo);

  const auto other = this->photo("b", 3 * kChunkBytes);
  cloud_.next(cut, 2);
  expect_error(ErrorKind::Protocol, read_all(other));
}

TEST_F(StoreTest, BytesBeyondWhatWasAskedForAreNotTaken) {
  const auto photo = this->photo("a", 2 * kChunkBytes + 100);
  cloud_.next([](std::span<const std::byte> right, cloud::ByteSink& sink, std::stop_token) -> Result<void> {
    sink.write(right);
    sink.write(Bytes(1000));
    return {};
  });
  expect_right(photo);
}

TEST_F(StoreTest, ADownloadThatStartsOverCountsFromThere) {
  const auto photo = this->photo("a", 3 * kChunkBytes);
  cloud_.next([](std::span<const std::byte> right, cloud::ByteSink& sink, std::stop_token) -> Result<void> {
    sink.write(right.first(kChunkBytes + 77));
    sink.restart();
    sink.write(right);
    return {};
  });
  expect_right(photo);
}

TEST_F(StoreTest, ADownloadThatStartsOverWithOtherBytesIsDistrusted) {
  const auto photo = this->photo("a", 3 * kChunkBytes);
  cloud_.next([](std::span<const std::byte> right, cloud::ByteSink& sink, std::stop_token) -> Result<void> {
    sink.write(Bytes(kChunkBytes + 77));
    sink.restart();
    sink.write(right);
    return {};
  });
  ASSERT_TRUE(read(photo, {2 * kChunkBytes, 10}));
  expect_right(photo);
}

// product.md 1.10, reliability.md P2: a damaged cache is noticed before a byte is given.

class DamagedCache : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    photo_ = photo("a", 3 * kChunkBytes + 500);
    expect_right(photo_);
    store_.reset();
    cloud_.forget_calls();
  }
  ResourceRef photo_;
};

TEST_F(DamagedCache, AFlippedBitCostsItsChunk) {
  for (const std::uint64_t at : {std::uint64_t{0}, kChunkBytes, 2 * kChunkBytes + 77, photo_.size - 1}) {
    flip(blob(), at);
    cloud_.forget_calls();
    open();
    expect_right(photo_);
    ASSERT_EQ(cloud_.calls().size(), 1U);
    EXPECT_LE(cloud_.bytes_asked(), kChunkBytes);
    store_.reset();
  }
}

TEST_F(DamagedCache, AFlippedBitIsNoticedWhileRunning) {
  open();
  expect_right(photo_);
  flip(blob(), kChunkBytes + 9);
  expect_right(photo_);
  EXPECT_EQ(cloud_.calls().size(), 1U);
}

TEST_F(DamagedCache, AFileIsGivenAwayOnlyAfterItWasCompared) {
  open();
  const auto file = store_->whole(photo_);
  ASSERT_TRUE(file);
  Bytes bytes(photo_.size + 1);
  ASSERT_EQ(::pread(file->get(), bytes.data(), bytes.size(), 0), static_cast<ssize_t>(photo_.size));
  bytes.pop_back();
  EXPECT_TRUE(bytes == truth(photo_, {0, photo_.size}));

  flip(blob(), kChunkBytes + 9);
  EXPECT_FALSE(store_->whole(photo_));
  expect_right(photo_);
  EXPECT_EQ(cloud_.calls().size(), 1U);
}

TEST_F(StoreTest, AFileIsGivenAwayOnlyWhenItIsWholeAndProven) {
  const auto photo = this->photo("a", 2 * kChunkBytes);
  EXPECT_FALSE(store_->whole(photo));
  expect_right(photo, {0, kChunkBytes});
  EXPECT_FALSE(store_->whole(photo));
  auto unproven = this->photo("b", 1000);
  unproven.checksum = "";
  expect_right(unproven);
  EXPECT_FALSE(store_->whole(unproven));
  EXPECT_FALSE(store_->whole(this->photo("c", 0)));
}

TEST_F(DamagedCache, AFlippedBitInTheIndexIsNoticed) {
  const auto good = content(index());
  for (std::size_t at = 0; at < good.size(); at += 7) {
    flip(index(), at);
    open();
    expect_right(photo_);
    store_.reset();
  }
}

TEST_F(DamagedCache, TruncatedGrownEmptyOrMissingFilesAreNoticed) {
  const auto bytes = content(blob());
  const auto names = content(index());
  const auto path = blob();
  const auto index_path = index();
  for (const auto& wrong : {bytes.substr(0, 2 * kChunkBytes), bytes + "x", std::string{}}) {
    rewrite(path, wrong);
    rewrite(index_path, names);
    open();
    expect_right(photo_);
    store_.reset();
  }
  for (const auto& wrong : {names.substr(0, 30), names + "x", std::string{}}) {
    rewrite(index_path, wrong);
    open();
    expect_right(photo_);
    store_.reset();
  }
  std::filesystem::remove(path);
  open();
  expect_right(photo_);
  store_.reset();
  std::filesystem::remove(index_path);
  open();
  expect_right(photo_);
}

TEST_F(DamagedCache, AnotherPhotosBytesAreNoticed) {
  open();
  const auto path = blob();
  const auto index_path = index();
  const auto other = photo("b", photo_.size);
  expect_right(other);
  store_.reset();
  for (const auto& file : cached("")) {
    if (file != path) std::filesystem::copy_file(file, path, std::filesystem::copy_options::overwrite_existing);
  }
  open();
  expect_right(photo_);
  store_.reset();
  for (const auto& file : cached(".index")) {
    if (file != index_path)
      std::filesystem::copy_file(file, index_path, std::filesystem::copy_options::overwrite_existing);
  }
  open();
  expect_right(photo_);
}

TEST_F(DamagedCache, ALinkPipeOrDirectoryInPlaceOfABlobIsNeverFollowedNorWrittenTo) {
  const auto path = blob();
  const auto names = content(index());
  const auto index_path = index();
  const auto elsewhere = home_ / "precious";
  const std::string precious(photo_.size, 'p');
  for (int kind = 0; kind < 4; ++kind) {
    rewrite(elsewhere, precious);
    rewrite(index_path, names);
    std::filesystem::remove_all(path);
    if (kind == 0) std::filesystem::create_symlink(elsewhere, path);
    if (kind == 1) std::filesystem::create_hard_link(elsewhere, path);
    if (kind == 2) {
      ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    }
    if (kind == 3) std::filesystem::create_directory(path);
    open();
    expect_right(photo_);
    store_.reset();
    EXPECT_EQ(content(elsewhere), precious);
  }
}

}  // namespace
}  // namespace icloudphotos::content
