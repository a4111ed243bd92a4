// SPDX-License-Identifier: MIT
#include "fuse/read_ahead.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "icloudphotos/base/log.h"

namespace icloudphotos::fuse {
namespace {

constexpr Log log{"fuse"};

/// Less than what is kept in memory where the disk takes nothing.
constexpr std::uint64_t kMostBytes = std::uint64_t{40} << 20;
constexpr std::size_t kMostWaiting = 1000;

/// What is fetched ahead must not push out what was fetched just before.
std::uint64_t most_bytes(content::Store& store) {
  const auto limit = store.usage().limit_bytes;
  return limit == 0 ? kMostBytes : std::min(kMostBytes, limit / 4);
}

}  // namespace

ReadAhead::ReadAhead(const tree::Tree& tree, content::Store& store)
    : order_{tree, store, read_, most_bytes(store)}, thread_{[this](const std::stop_token& stop) { work(stop); }} {}

void ReadAhead::begun(Inode file) {
  {
    const Lock lock{mutex_};
    if (begun_.size() >= kMostWaiting) return;
    begun_.push_back(file);
  }
  changed_.notify_one();
}

void ReadAhead::work(const std::stop_token& stop) {
  for (;;) {
    std::vector<Inode> files;
    {
      Lock lock{mutex_};
      if (!changed_.wait(lock, stop, [this]() REQUIRES(mutex_) { return !begun_.empty(); })) return;
      files = std::exchange(begun_, {});
    }
    if (stop.stop_requested()) return;
    try {
      order_.begun(files);
    } catch (const std::exception& problem) {
      log.warn("cannot read ahead reason=\"{}\"", problem.what());
    }
  }
}

}  // namespace icloudphotos::fuse
