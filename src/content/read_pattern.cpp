// SPDX-License-Identifier: MIT
#include "read_pattern.h"

#include <algorithm>

namespace icloudphotos::content {
namespace {

/// Twice the way until it is this long: programs that look at a head or a tail read a few hundred kilobytes in order.
constexpr ChunkIndex kShortWay = chunks_in(1 << 20);
constexpr ChunkIndex kCautious = 2;
constexpr ChunkIndex kBold = 8;
constexpr ChunkIndex kLargestWindow = chunks_in(32 << 20);
/// A window is fetched by so many requests, each at least so long that the line carries more bytes than waiting.
constexpr ChunkIndex kShares = 16;
constexpr ChunkIndex kShortestRun = chunks_in(256 << 10);
/// The kernel's requests overtake each other a little.
constexpr ChunkIndex kOvertaking = chunks_in(128 << 10);

ChunkIndex window_after(ChunkIndex way) {
  return std::min(way * (way < kShortWay ? kCautious : kBold), kLargestWindow);
}

}  // namespace

ReadPattern::Walk* ReadPattern::walk_of(ChunkSpan asked) {
  const auto slack = std::max(asked.count(), kOvertaking);
  Walk* nearest = nullptr;
  for (auto& walk : walks_) {
    if (walk.way == 0 || asked.first > walk.position + slack || asked.end + slack < walk.position) continue;
    if (nearest == nullptr || walk.position > nearest->position) nearest = &walk;
  }
  return nearest;
}

ReadPattern::Next ReadPattern::begin(ChunkSpan asked) {
  bool jumped = false;
  for (auto& walk : walks_) {
    jumped = jumped || walk.fetched > walk.position;
    walk.fetched = walk.position;  // who still walks there asks for it again
  }
  auto& oldest =
      *std::min_element(walks_.begin(), walks_.end(), [](const Walk& a, const Walk& b) { return a.noted < b.noted; });
  oldest = {.position = asked.end, .way = asked.count(), .fetched = asked.end, .noted = notes_};
  return {.ahead = {}, .run = 0, .jumped = jumped};
}

ReadPattern::Next ReadPattern::note(ChunkSpan asked, ChunkIndex count) {
  const Lock lock{mutex_};
  ++notes_;
  auto* const walk = walk_of(asked);
  if (walk == nullptr) return begin(asked);
  walk->noted = notes_;
  if (asked.end <= walk->position) return {};
  walk->way = std::min(walk->way + (asked.end - walk->position), kLargestWindow);
  walk->position = asked.end;
  walk->fetched = std::max(walk->fetched, walk->position);

  const auto window = window_after(walk->way);
  const auto run = std::clamp(window / kShares, kShortestRun, kMaxRun);
  const ChunkSpan ahead{std::min(walk->fetched, count), std::min(walk->position + window, count)};
  // In whole runs: else every step would be a request of its own.
  if (ahead.count() < run && ahead.end < count) return {};
  walk->fetched = ahead.end;
  return {.ahead = ahead, .run = run, .jumped = false};
}

}  // namespace icloudphotos::content
