// SPDX-License-Identifier: MIT
#include "fetch_queue.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace icloudphotos::content {
namespace {

constexpr auto kLastChunk = std::numeric_limits<ChunkIndex>::max();

void move_into(Reads& all, Reads& some) {
  all.insert(all.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
  some.clear();
}

/// Nobody needs it any more: they all were answered meanwhile, by a deadline for example.
bool pointless(const Wish& wish) {
  return wish.urgency == Urgency::Reader && !wish.keep &&
         std::all_of(wish.waiting.begin(), wish.waiting.end(), [](const auto& read) { return read->answered(); });
}

}  // namespace

void FetchQueue::enqueue(const Wish& wish, const Place& place) {
  queues_[static_cast<std::size_t>(wish.urgency)].push_back(place);
}

Wish& FetchQueue::want(const std::shared_ptr<Reader>& reader, const ResourceRef& resource, ChunkIndex chunk,
                       Urgency urgency, ChunkIndex run) {
  const Place place{reader.get(), chunk};
  const auto [found, is_new] = wishes_.try_emplace(place);
  auto& wish = found->second;
  if (is_new) {
    wish.reader = reader;
    wish.resource = resource;
    wish.run = run;
  }
  const bool more_urgent = urgency > wish.urgency;
  if (more_urgent) wish.urgency = urgency;
  if (is_new || (more_urgent && wish.state == Wish::State::Queued)) enqueue(wish, place);
  return wish;
}

Wish* FetchQueue::find(const Reader& reader, ChunkIndex chunk) {
  const auto found = wishes_.find({&reader, chunk});
  return found == wishes_.end() ? nullptr : &found->second;
}

void FetchQueue::erase(const Reader& reader, ChunkIndex chunk) { wishes_.erase({&reader, chunk}); }

void FetchQueue::requeue(const Reader& reader, ChunkIndex chunk) {
  auto* wish = find(reader, chunk);
  if (wish == nullptr) return;
  wish->state = Wish::State::Queued;
  wish->bytes.reset();
  enqueue(*wish, {&reader, chunk});
}

std::optional<FetchQueue::Place> FetchQueue::next_place() {
  for (auto queue = queues_.rbegin(); queue != queues_.rend(); ++queue) {
    while (!queue->empty()) {
      const auto place = queue->front();
      queue->pop_front();
      const auto found = wishes_.find(place);
      if (found == wishes_.end() || found->second.state != Wish::State::Queued) continue;
      if (pointless(found->second)) {
        wishes_.erase(found);
        continue;
      }
      return place;
    }
  }
  return std::nullopt;
}

std::optional<RunPlan> FetchQueue::take_run() {
  const auto place = next_place();
  if (!place) return std::nullopt;
  const auto first = wishes_.find(*place);
  RunPlan run{first->second.reader, first->second.resource, {place->chunk, place->chunk}};
  for (auto next = first;
       next != wishes_.end() && next->first.reader == place->reader && next->first.chunk == run.chunks.end &&
       next->second.state == Wish::State::Queued && run.chunks.count() < first->second.run;
       ++next) {
    next->second.state = Wish::State::Flying;
    ++run.chunks.end;
  }
  return run;
}

void FetchQueue::forget_ahead(const Reader& reader) {
  for (auto wish = wishes_.lower_bound({&reader, 0}); wish != wishes_.end() && wish->first.reader == &reader;) {
    const bool idle =
        wish->second.state == Wish::State::Queued && wish->second.urgency != Urgency::Reader && !wish->second.keep;
    wish = idle ? wishes_.erase(wish) : std::next(wish);
  }
}

Reads FetchQueue::take_queued() {
  Reads reads;
  for (auto wish = wishes_.begin(); wish != wishes_.end();) {
    if (wish->second.state != Wish::State::Queued) {
      ++wish;
      continue;
    }
    move_into(reads, wish->second.waiting);
    wish = wishes_.erase(wish);
  }
  return reads;
}

Reads FetchQueue::take_all(const Reader& reader) {
  Reads reads;
  const auto end = wishes_.upper_bound({&reader, kLastChunk});
  for (auto wish = wishes_.lower_bound({&reader, 0}); wish != end;) {
    move_into(reads, wish->second.waiting);
    wish->second.keep = false;
    wish = wish->second.state == Wish::State::Flying ? std::next(wish) : wishes_.erase(wish);
  }
  return reads;
}

Reads FetchQueue::take_all() {
  Reads reads;
  for (auto& [place, wish] : wishes_) move_into(reads, wish.waiting);
  return reads;
}

std::vector<ChunkIndex> FetchQueue::all_of(const Reader& reader) const {
  std::vector<ChunkIndex> chunks;
  for (auto wish = wishes_.lower_bound({&reader, 0}); wish != wishes_.end() && wish->first.reader == &reader; ++wish) {
    chunks.push_back(wish->first.chunk);
  }
  return chunks;
}

}  // namespace icloudphotos::content
