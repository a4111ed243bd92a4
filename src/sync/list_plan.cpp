// SPDX-License-Identifier: MIT
#include "list_plan.h"

#include <algorithm>

namespace icloudphotos::sync {
namespace {

constexpr int kTriesOfAHole = 3;
constexpr int kEmptiesWhenTheCountAgrees = 1;
constexpr int kEmptiesWithoutACount = 3;
constexpr int kEmptiesWhenTheCountIsMore = 5;
/// Of these, so many of the window right after the last photo: it may be a page that came empty by mistake.
constexpr int kEmptiesRightAfter = 2;

}  // namespace

void ListPlan::expect(std::int64_t count) { count_ = std::max<std::int64_t>(count, 0); }

std::vector<std::int64_t> ListPlan::due() {
  std::vector<std::int64_t> due;
  if (done()) return due;
  for (auto rank = skip(0); rank < horizon(); rank = skip(rank)) ask(rank, due);
  // The end: as many windows beyond everything as are still needed to believe it, all at once. Those under way are
  // expected to come as the count says.
  int answers = empties_beyond();
  auto end = reach();
  for (const auto& [rank, asked_end] : asked_) {
    if (rank >= reach()) ++answers;
    if (count_ && rank < *count_) end = std::max(end, asked_end);
  }
  const int needed = empties_needed(end);
  if (end == reach() && tries(end) < tries_right_after(end) && !asked_.contains(end)) {
    ask(end, due);
    ++answers;
  }
  // Without a count nothing is guessed beyond a window that may well be full.
  if (!count_ && tries(end) == 0) return due;
  for (auto rank = skip(reach()); answers < needed; ++answers, rank = skip(rank)) ask(rank, due);
  return due;
}

void ListPlan::answered(std::int64_t rank, std::int64_t photos) {
  asked_.erase(rank);
  if (photos > 0) {
    cover(rank, rank + std::min(photos, stride_));
    if (photos < stride_ && rank + photos == reach()) short_end_ = reach();
  } else {
    ++empty_[rank];
  }
}

bool ListPlan::done() const {
  if (abandoned_) return true;
  const auto end = reach();
  return asked_.empty() && skip(0) >= horizon() && empties_beyond() >= empties_needed(end) &&
         tries(end) >= tries_right_after(end);
}

/// The first rank from `rank` on that nobody covers, is asked for, or is known to be empty.
std::int64_t ListPlan::skip(std::int64_t rank) const {
  for (;;) {
    const auto before = rank;
    if (auto after = covered_.upper_bound(rank); after != covered_.begin()) {
      rank = std::max(rank, std::prev(after)->second);
    }
    for (auto asked = asked_.upper_bound(rank); asked != asked_.begin();) {
      --asked;
      if (asked->second > rank) rank = asked->second;
      if (asked->first + stride_ <= rank) break;
    }
    if (const auto empty = empty_.find(rank);
        empty != empty_.end() && (rank >= reach() || empty->second >= kTriesOfAHole)) {
      const auto next = covered_.upper_bound(rank);
      rank = next == covered_.end() ? rank + stride_ : std::min(rank + stride_, next->first);
    }
    if (rank == before) return rank;
  }
}

/// Up to where to ask without waiting. A count is trusted a little way beyond what was seen, so that a mad one costs
/// little; the window that begins at the count is the one expected to be empty.
std::int64_t ListPlan::horizon() const {
  const auto limit = reach() + ((count_ ? ahead_.counted : ahead_.blind) * stride_);
  if (!count_) return limit;
  const auto end = *count_ % stride_ == 0 ? *count_ + 1 : *count_;
  return std::max(reach(), std::min(end, limit));
}

int ListPlan::empties_needed(std::int64_t end) const {
  if (!count_ || *count_ < end) return kEmptiesWithoutACount;
  if (*count_ > end) return kEmptiesWhenTheCountIsMore;
  return end == short_end_ ? 0 : kEmptiesWhenTheCountAgrees;
}

int ListPlan::tries_right_after(std::int64_t end) const { return std::min(empties_needed(end), kEmptiesRightAfter); }

int ListPlan::empties_beyond() const {
  int answers = 0;
  for (auto empty = empty_.lower_bound(reach()); empty != empty_.end(); ++empty) answers += empty->second;
  return answers;
}

int ListPlan::tries(std::int64_t rank) const {
  const auto empty = empty_.find(rank);
  return empty == empty_.end() ? 0 : empty->second;
}

void ListPlan::ask(std::int64_t rank, std::vector<std::int64_t>& due) {
  const bool last = count_ && rank < *count_;
  asked_[rank] = last ? std::min(rank + stride_, *count_) : rank + stride_;
  due.push_back(rank);
}

void ListPlan::cover(std::int64_t begin, std::int64_t end) {
  auto next = covered_.upper_bound(begin);
  if (next != covered_.begin() && std::prev(next)->second >= begin) {
    --next;
    begin = next->first;
  }
  while (next != covered_.end() && next->first <= end) {
    end = std::max(end, next->second);
    next = covered_.erase(next);
  }
  covered_[begin] = end;
}

}  // namespace icloudphotos::sync
