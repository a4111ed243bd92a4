// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "icloudphotos/content/store.h"

#include "checksum.h"
#include "chunk.h"
#include "fake_clock.h"
#include "fake_downloads.h"
#include "temp_dir.h"

namespace icloudphotos::content {

/// A store over a fake cloud, with photos to read.
class StoreTest : public testing::Test {
 protected:
  void SetUp() override { open(); }

  void open() {
    store_.reset();
    auto opened = Store::open(cloud_, clock_, options_);
    ASSERT_TRUE(opened) << opened.error().message();
    store_ = *std::move(opened);
  }

  /// A photo of `size` bytes that the cloud has.
  ResourceRef photo(const std::string& name, std::uint64_t size) {
    auto bytes = FakeDownloads::noise(size, static_cast<unsigned>(std::hash<std::string>{}(name)));
    ResourceRef resource{.library = LibraryId{"L"},
                         .asset = AssetId{name},
                         .original = OriginalId{name},
                         .kind = ResourceKind::Original,
                         .size = size,
                         .checksum = checksum_of(bytes)};
    truth_[name] = bytes;
    cloud_.put(resource, std::move(bytes));
    return resource;
  }
  Bytes truth(const ResourceRef& resource, Range range) const {
    const auto& bytes = truth_.at(resource.asset.value);
    const auto part = range.within(bytes.size());
    return {bytes.begin() + static_cast<std::ptrdiff_t>(part.offset),
            bytes.begin() + static_cast<std::ptrdiff_t>(part.end())};
  }

  using Answer = std::future<Result<Slice>>;
  Answer ask(const ResourceRef& resource, Range range) {
    const auto promise = std::make_shared<std::promise<Result<Slice>>>();
    auto answer = promise->get_future();
    store_->read(resource, range, [promise](Result<Slice> slice) { promise->set_value(std::move(slice)); });
    return answer;
  }
  static Result<Slice> wait(Answer answer) {
    if (answer.wait_for(std::chrono::seconds{30}) != std::future_status::ready) {
      return Error{ErrorKind::Usage, "the test waited for an answer that never came"};
    }
    return answer.get();
  }
  Result<Slice> read(const ResourceRef& resource, Range range) { return wait(ask(resource, range)); }
  Result<Slice> read_all(const ResourceRef& resource) { return read(resource, {0, resource.size}); }

  void expect_right(const ResourceRef& resource, Range range) {
    const auto slice = read(resource, range);
    ASSERT_TRUE(slice) << slice.error().message();
    EXPECT_TRUE(slice->bytes == truth(resource, range)) << "wrong bytes at " << range.offset << " + " << range.length;
  }
  void expect_right(const ResourceRef& resource) { expect_right(resource, {0, resource.size}); }
  void expect_error(ErrorKind kind, const Result<Slice>& answer) {
    ASSERT_FALSE(answer) << "bytes instead of " << name_of(kind);
    EXPECT_EQ(answer.error().kind(), kind) << name_of(answer.error().kind()) << ": " << answer.error().message();
  }

  /// The files of blobs, or of their indexes.
  std::vector<std::filesystem::path> cached(const std::string& extension) const {
    std::vector<std::filesystem::path> files;
    for (const auto& file : std::filesystem::recursive_directory_iterator{options_.directory / "blobs"}) {
      std::error_code gone;  // replaced or evicted meanwhile
      if (file.is_regular_file(gone) && file.path().extension() == extension) files.push_back(file.path());
    }
    return files;
  }
  std::filesystem::path blob() const { return cached("").at(0); }
  std::filesystem::path index() const { return cached(".index").at(0); }
  static std::string content(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
  }
  static void rewrite(const std::filesystem::path& path, const std::string& content) {
    std::ofstream{path, std::ios::binary | std::ios::trunc} << content;
  }
  static void flip(const std::filesystem::path& path, std::uint64_t offset) {
    std::fstream file{path, std::ios::in | std::ios::out | std::ios::binary};
    file.seekg(static_cast<std::streamoff>(offset));
    const auto byte = static_cast<char>(file.get() ^ 1);
    file.seekp(static_cast<std::streamoff>(offset));
    file.put(byte);
  }

  [[nodiscard]] StoreOptions options() const {
    StoreOptions options;
    options.directory = home_ / "cache";
    options.keep_free_percent = 0;  // whatever the machine's disk looks like
    return options;
  }

  TempDir home_;
  FakeClock clock_;
  FakeDownloads cloud_;
  StoreOptions options_ = options();
  std::unique_ptr<Store> store_;
  std::map<std::string, Bytes> truth_;
};

}  // namespace icloudphotos::content
