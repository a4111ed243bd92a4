// SPDX-License-Identifier: MIT
#include "read_pattern.h"

#include <algorithm>

namespace icloudphotos::content {
namespace {

constexpr ChunkIndex kFirstWindow = 4;
constexpr ChunkIndex kLargestWindow = 16;

}  // namespace

ReadPattern::Next ReadPattern::note(ChunkSpan asked, ChunkIndex count) {
  const Lock lock{mutex_};
  const auto newest = asked.end - 1;
  if (!started_) {
    started_ = true;
    last_ = newest;
    return {};
  }
  // The kernel's requests overtake each other a little: neither the same chunk nor the one before is a jump.
  const bool near = asked.first <= last_ + 1 && asked.first + 1 >= last_;
  if (near && newest <= last_) return {};
  if (!near) {
    const bool had_window = window_ > 0;
    last_ = newest;
    window_ = 0;
    return {.ahead = {}, .jumped = had_window};
  }
  last_ = newest;
  window_ = window_ == 0 ? kFirstWindow : std::min(window_ * 2, kLargestWindow);
  return {.ahead = {std::min(last_ + 1, count), std::min(last_ + 1 + window_, count)}, .jumped = false};
}

}  // namespace icloudphotos::content
