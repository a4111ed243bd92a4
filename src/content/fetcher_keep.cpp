// SPDX-License-Identifier: MIT
// The thread that keeps: what came is checked and put on disk, off the way of those who read.
#include <exception>
#include <utility>

#include "icloudphotos/base/log.h"

#include "fetcher.h"

namespace icloudphotos::content {
namespace {

constexpr Log log{"content"};

}  // namespace

void Fetcher::keep() {
  for (;;) {
    std::optional<Landing> landing;
    std::optional<Check> next_check;
    bool was_full = false;
    {
      Lock lock{mutex_};
      landed_.wait(lock, [&]() REQUIRES(mutex_) {
        return !landings_.empty() || !checks_.empty() || (stopping_ && flying_ == 0);
      });
      was_full = landings_.size() >= kMaxLandings;
      if (!landings_.empty()) {
        landing = std::move(landings_.front());
        landings_.pop_front();
      } else if (!checks_.empty()) {
        next_check = std::move(checks_.front());
        checks_.pop_front();
      } else {
        return;
      }
    }
    if (was_full) wanted_.notify_all();
    try {
      if (landing) settle(landing->run, landing->outcome);
      if (next_check) check(next_check->reader, next_check->resource);
    } catch (const std::exception& problem) {
      log.warn("what came was not kept reason=\"{}\"", problem.what());
      if (landing) {
        {
          const Lock lock{mutex_};
          landing->run->came.clear();
        }
        fail(landing->run, Error{ErrorKind::Storage, std::string{"cannot keep: "} + problem.what()});
      }
    }
    if (!landing) continue;
    {
      const Lock lock{mutex_};
      runs_.erase(landing->run);
    }
    end_flight();
  }
}

void Fetcher::check_soon(const std::shared_ptr<Reader>& reader, const ResourceRef& resource) {
  {
    const Lock lock{mutex_};
    if (stopping_) return;
    checks_.push_back({reader, resource});
  }
  landed_.notify_all();
}

void Fetcher::settle(const Flight& run, const Result<void>& outcome) {
  std::map<ChunkIndex, std::shared_ptr<const Bytes>> came;
  bool inconsistent = false;
  bool stopping = false;
  {
    Lock lock{mutex_};
    delivered_.wait(lock, [&]() REQUIRES(mutex_) { return run->undelivered == 0 || stopping_; });
    came = run->came;
    inconsistent = run->inconsistent;
    stopping = stopping_;
  }
  const auto& plan = run->plan;
  if (inconsistent) {
    if (!stopping) mismatch(plan.reader, plan.resource, run->generation);
  } else {
    // Hashed first, while the bytes are at hand.
    if (!came.empty() && !stopping) check(plan.reader, plan.resource);
    for (const auto& [chunk, bytes] : came) shelf_.keep(plan.reader, chunk, bytes, run->generation);
  }
  if (stopping) return;
  finish(run, came);
  if (!outcome) fail(run, outcome.error());
}

void Fetcher::finish(const Flight& run, const std::map<ChunkIndex, std::shared_ptr<const Bytes>>& came) {
  auto& reader = *run->plan.reader;
  const bool stale = run->generation != reader.blob.generation();
  std::vector<std::pair<ChunkIndex, Reads>> ready;
  bool requeued = false;
  {
    const Lock lock{mutex_};
    for (const auto& [chunk, bytes] : came) {
      auto* wish = queue_.find(reader, chunk);
      if (wish == nullptr || wish->state != Wish::State::Flying) continue;
      wish->bytes.reset();
      if (stale && (wish->keep || !wish->waiting.empty())) {
        queue_.requeue(reader, chunk);
        requeued = true;
      } else if (stale || reader.verification.may_give({chunk, chunk + 1})) {
        ready.emplace_back(chunk, std::move(wish->waiting));
        queue_.erase(reader, chunk);
      } else {
        wish->state = Wish::State::Withheld;
      }
    }
  }
  if (requeued) wanted_.notify_all();
  for (const auto& [chunk, reads] : ready) give(reader, reads, chunk, *came.at(chunk), run->generation);
}

}  // namespace icloudphotos::content
