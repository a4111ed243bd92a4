// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/text.h"
#include "icloudphotos/cloud/photos.h"

namespace icloudphotos {

/// A cloud that only has bytes. Each download is noted, may be held up, and may be told to go wrong.
class FakeDownloads final : public cloud::Photos {
 public:
  /// What one download does instead of sending the right bytes.
  using Script =
      std::function<Result<void>(std::span<const std::byte> right, cloud::ByteSink& sink, std::stop_token stop)>;

  struct Call {
    ResourceRef resource;
    Range range;
  };

  /// Bytes that are the same for the same seed, and differ at every offset.
  static Bytes noise(std::size_t size, unsigned seed) {
    std::mt19937_64 random{seed};
    Bytes bytes(size);
    for (std::size_t at = 0; at < size; at += sizeof(std::uint64_t)) {
      const std::uint64_t word = random();
      std::memcpy(bytes.data() + at, &word, std::min(sizeof word, size - at));
    }
    return bytes;
  }

  void put(const ResourceRef& resource, Bytes bytes) {
    const Lock lock{mutex_};
    bytes_[resource.asset] = std::move(bytes);
  }

  /// The next downloads do this, one after another.
  void next(Script script, int times = 1) {
    const Lock lock{mutex_};
    for (int i = 0; i < times; ++i) scripts_.push_back(script);
  }
  void next_fails(Error error, int times = 1) {
    next([error](auto, auto&, auto) -> Result<void> { return error; }, times);
  }
  /// The next downloads send the right bytes but for one bit in the middle.
  void next_is_damaged(int times = 1) {
    next(
        [](std::span<const std::byte> right, cloud::ByteSink& sink, std::stop_token) -> Result<void> {
          Bytes wrong{right.begin(), right.end()};
          wrong[wrong.size() / 2] ^= std::byte{4};
          sink.write(wrong);
          return {};
        },
        times);
  }
  /// The next downloads send nothing and end when they are told to.
  void next_hangs(int times = 1) {
    next(
        [this](auto, auto&, std::stop_token stop) -> Result<void> {
          Lock lock{mutex_};
          changed_.wait(lock, stop, [] { return false; });
          return Error{ErrorKind::Cancelled, "told to stop"};
        },
        times);
  }

  /// From now on downloads begin, but send nothing until `let_go`.
  void hold() {
    const Lock lock{mutex_};
    held_ = true;
  }
  void let_go() {
    {
      const Lock lock{mutex_};
      held_ = false;
    }
    changed_.notify_all();
  }
  void wait_for_calls(std::size_t count) {
    Lock lock{mutex_};
    changed_.wait(lock, [&] { return calls_.size() >= count; });
  }

  [[nodiscard]] std::vector<Call> calls() const {
    const Lock lock{mutex_};
    return calls_;
  }
  [[nodiscard]] std::uint64_t bytes_asked() const {
    std::uint64_t sum = 0;
    for (const auto& call : calls()) sum += call.range.length;
    return sum;
  }
  void forget_calls() {
    const Lock lock{mutex_};
    calls_.clear();
  }

  [[nodiscard]] Result<void> download(const ResourceRef& resource, Range range, cloud::ByteSink& sink,
                                      std::stop_token stop) override {
    Script script;
    Bytes right;
    {
      Lock lock{mutex_};
      calls_.push_back({resource, range});
      if (!scripts_.empty()) {
        script = std::move(scripts_.front());
        scripts_.pop_front();
      }
      changed_.notify_all();
      changed_.wait(lock, stop, [&] { return !held_; });
      if (stop.stop_requested()) return Error{ErrorKind::Cancelled, "told to stop"};
      const auto found = bytes_.find(resource.asset);
      if (found == bytes_.end()) return Error{ErrorKind::Gone, "deleted"};
      const auto& all = found->second;
      right.assign(all.begin() + static_cast<std::ptrdiff_t>(range.offset),
                   all.begin() + static_cast<std::ptrdiff_t>(range.end()));
    }
    if (script) return script(right, sink, stop);
    const std::span<const std::byte> rest{right};
    for (std::size_t at = 0; at < rest.size(); at += kPiece)
      sink.write(rest.subspan(at, std::min(kPiece, rest.size() - at)));
    return {};
  }

  void expect(std::span<const ResourceRef> resources) override {
    const Lock lock{mutex_};
    expected_.assign(resources.begin(), resources.end());
  }
  [[nodiscard]] std::vector<ResourceRef> expected() const {
    const Lock lock{mutex_};
    return expected_;
  }

  [[nodiscard]] Result<std::vector<Library>> libraries(std::stop_token) override { return nothing(); }
  [[nodiscard]] Result<cloud::News> news(const std::optional<SyncToken>&, std::stop_token) override {
    return nothing();
  }
  [[nodiscard]] bool is_in_news(const LibraryId&) const override { return true; }
  [[nodiscard]] Result<std::vector<Album>> albums(const LibraryId&, std::stop_token) override { return nothing(); }
  [[nodiscard]] Result<std::vector<std::optional<std::int64_t>>> counts(std::span<const cloud::ListQuery>,
                                                                        std::stop_token) override {
    return nothing();
  }
  [[nodiscard]] Result<Delta> window(const cloud::ListQuery&, std::int64_t, std::stop_token) override {
    return nothing();
  }
  [[nodiscard]] Result<Delta> originals(const LibraryId&, std::span<const OriginalId>, std::stop_token) override {
    return nothing();
  }
  [[nodiscard]] Result<Delta> changes(const LibraryId&, const std::optional<SyncToken>&, std::stop_token) override {
    return nothing();
  }

 private:
  static constexpr std::size_t kPiece = 100'000;  ///< Divides no chunk.
  static Error nothing() { return Error{ErrorKind::NotFound, "there are only bytes here"}; }

  mutable Mutex mutex_;
  std::condition_variable_any changed_;
  std::map<AssetId, Bytes> bytes_ GUARDED_BY(mutex_);
  std::deque<Script> scripts_ GUARDED_BY(mutex_);
  std::vector<Call> calls_ GUARDED_BY(mutex_);
  std::vector<ResourceRef> expected_ GUARDED_BY(mutex_);
  bool held_ GUARDED_BY(mutex_) = false;
};

}  // namespace icloudphotos
