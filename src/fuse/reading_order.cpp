// SPDX-License-Identifier: MIT
#include "fuse/reading_order.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace icloudphotos::fuse {
namespace {

constexpr std::uint64_t kKiB = 1024;
constexpr std::uint64_t kMiB = 1024 * kKiB;

constexpr std::size_t kWalks = 16;
constexpr std::size_t kPassed = 24;
constexpr std::size_t kLones = 3;
constexpr std::size_t kJumps = 2;
constexpr std::size_t kDirectoriesOfOne = 6;
/// So many files may be skipped, because they are in the page cache or not of the kind somebody wants, and so far may
/// several readers who share the work be apart.
constexpr std::size_t kStride = 8;

constexpr std::size_t kMostFiles = 32;
constexpr std::uint64_t kBytesOfOne = 16 * kMiB;  ///< The rest of a film is read ahead when it is being read.
constexpr std::uint64_t kBeginning = 96 * kKiB;   ///< What the kernel asks for when a program reads 64 KiB.
/// What the kernel may ask for when a program wants only the beginning of a file.
constexpr std::uint64_t kSmallFile = 512 * kKiB;
/// The newest ones that are not read to their end may only be not there yet.
constexpr int kUnderWay = 3;

// How far ahead URLs are made known, each time as many as one look-up takes.
constexpr std::size_t kFirstHorizon = 100;
constexpr std::size_t kNearHorizon = 80;
constexpr std::size_t kHorizon = kNearHorizon + 200;

}  // namespace

ReadingOrder::ReadingOrder(const tree::Tree& tree, content::Store& store, const FilesRead& read,
                           std::uint64_t most_bytes)
    : tree_{tree}, store_{store}, read_{read}, most_bytes_{most_bytes}, listings_{tree} {}

void ReadingOrder::begun(std::span<const Inode> files) {
  // Finding out where somebody jumped takes longer than to go on, and of many jumps only the last ones tell anything.
  for (std::size_t i = 0; i < files.size(); ++i) step(files[i], i + kJumps >= files.size());
  for (auto& walk : walks_) {
    if (std::exchange(walk.moved, false)) look_ahead(walk);
  }
}

void ReadingOrder::step(Inode file, bool may_jump) {
  for (auto walk = walks_.begin(); walk != walks_.end(); ++walk) {
    const auto& passed = walk->passed;
    if (std::find(passed.begin(), passed.end(), file) != passed.end()) return;  // one of several came later
    if (!goes_on(*walk, file)) continue;
    walks_.splice(walks_.begin(), walks_, walk);
    return;
  }
  if (may_jump) jump(file);
}

bool ReadingOrder::goes_on(Walk& walk, Inode file) {
  const auto end = walk.coming.begin() + static_cast<std::ptrdiff_t>(std::min(kStride, walk.coming.size()));
  const auto found =
      std::find_if(walk.coming.begin(), end, [&](const Coming& coming) { return coming.stop.file == file; });
  if (found == end) return false;
  walk.directory = found->stop.directory;
  for (auto next = walk.coming.begin(); next != found + 1; ++next) walk.passed.push_back(next->stop.file);
  walk.coming.erase(walk.coming.begin(), found + 1);
  while (walk.passed.size() > kPassed) walk.passed.pop_front();
  ++walk.steps;
  return walk.moved = true;
}

/// A file that nobody was expected to read: somebody's jump, or the second step of somebody new.
void ReadingOrder::jump(Inode file) {
  if (!lones_.empty() && lones_.front().file == file) return;
  auto directories = tree_.directories_of(file);
  if (!directories) return;
  directories->resize(std::min(directories->size(), kDirectoriesOfOne));
  for (auto& walk : walks_) {
    const auto& all = *directories;
    if (std::find(all.begin(), all.end(), walk.directory) != all.end()) break_off(walk);
  }
  if (auto walk = start(file)) {
    walks_.push_front(*std::move(walk));
    if (walks_.size() > kWalks) {
      break_off(walks_.back());
      walks_.pop_back();
    }
  }
  lones_.push_front({file, *std::move(directories)});
  if (lones_.size() > kLones) lones_.pop_back();
}

/// The nearest way from a file read lately to this one.
std::optional<ReadingOrder::Walk> ReadingOrder::start(Inode file) {
  std::optional<Walk> best;
  auto nearest = kStride + 1;
  for (const auto& lone : lones_) {
    for (const auto directory : lone.directories) {
      for (const auto order : kOrders) {
        auto route = Route::after(listings_, directory, lone.file, order);
        for (std::size_t steps = 1; route && steps < nearest; ++steps) {
          const auto stop = route->next();
          if (!stop) break;
          if (stop->file != file) continue;
          nearest = steps;
          best.emplace(Walk{*route, {}, {lone.file, file}, stop->directory, 1, true});
        }
      }
    }
  }
  return best;
}

void ReadingOrder::break_off(Walk& walk) {
  for (auto& coming : walk.coming) {
    if (std::exchange(coming.asked_bytes, 0) > 0) store_.forget_ahead(*coming.resource);
  }
  walk.steps = 0;
}

void ReadingOrder::look_ahead(Walk& walk) {
  const bool is_new = walk.coming.empty();
  if (walk.coming.size() < (is_new ? 1 : kNearHorizon) && see_further(walk, is_new ? kFirstHorizon : kHorizon)) {
    std::vector<ResourceRef> resources;
    for (const auto& coming : walk.coming) {
      if (coming.resource) resources.push_back(*coming.resource);
    }
    store_.expect(resources);
  }
  fetch(walk);
}

/// Learns what comes next; whether that is more than was known.
bool ReadingOrder::see_further(Walk& walk, std::size_t files) {
  const auto before = walk.coming.size();
  while (!walk.ended && walk.coming.size() < files) {
    const auto stop = walk.route.next();
    walk.ended = !stop;
    if (!stop) break;
    const auto content = tree_.content(stop->file);
    const auto* resource = content && *content ? std::get_if<ResourceRef>(&**content) : nullptr;
    walk.coming.push_back({*stop, resource ? std::optional{*resource} : std::nullopt});
  }
  return walk.coming.size() > before;
}

/// What more than half of the last files were read for.
ReadingOrder::Appetite ReadingOrder::appetite_of(const Walk& walk) const {
  using For = Appetite::For;
  std::vector<For> seen;
  Appetite appetite{For::Nothing, kBeginning};
  int under_way = 0;
  for (auto file = walk.passed.rbegin() + 1; file < walk.passed.rend(); ++file) {
    const auto reach = read_.reach_of(*file);
    if (!reach) continue;
    if (reach->whole()) {
      seen.push_back(reach->size > kSmallFile ? For::WholeFiles : For::SmallFiles);
    } else if (++under_way > kUnderWay) {
      seen.push_back(For::Beginnings);
      appetite.beginning_bytes = std::min(appetite.beginning_bytes, reach->bytes);
    }
  }
  if (seen.empty()) return walk.appetite;  // nobody tells us what is read of files that are passed through
  const auto middle = seen.begin() + static_cast<std::ptrdiff_t>(seen.size() / 2);
  std::nth_element(seen.begin(), middle, seen.end());
  appetite.what = *middle;
  return appetite;
}

std::uint64_t ReadingOrder::Appetite::of(std::uint64_t size) const {
  switch (what) {
    case For::Nothing:
      return 0;
    case For::Beginnings:
      return std::min(size, beginning_bytes);
    case For::SmallFiles:
      return size <= kSmallFile ? size : beginning_bytes;
    case For::WholeFiles:
      return std::min(size, kBytesOfOne);
  }
  return 0;
}

void ReadingOrder::fetch(Walk& walk) {
  const auto appetite = walk.appetite = appetite_of(walk);
  // The longer it goes on, the surer it is to go on.
  const auto files = std::min(kMostFiles, std::size_t{2} << std::min(walk.steps, 4U));
  auto left = std::min(most_bytes_, files * 2 * kMiB);
  for (std::size_t i = 0; i < std::min(files, walk.coming.size()) && left > 0; ++i) {
    auto& coming = walk.coming[i];
    if (!coming.resource) continue;
    const auto bytes = std::min(left, appetite.of(coming.resource->size));
    left -= bytes;
    if (bytes <= coming.asked_bytes) continue;
    coming.asked_bytes = bytes;
    store_.read_ahead(*coming.resource, {0, bytes});
  }
}

}  // namespace icloudphotos::fuse
