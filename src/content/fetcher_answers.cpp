// SPDX-License-Identifier: MIT
// The thread that answers: what came goes to who waits, and who waited long enough is told so.
#include <algorithm>
#include <exception>
#include <utility>

#include <fmt/format.h>

#include "icloudphotos/base/log.h"

#include "fetcher.h"

namespace icloudphotos::content {
namespace {

using std::chrono::milliseconds;

constexpr Log log{"content"};
/// How often deadlines are looked at while somebody waits. Real time even where the clock is not: it is only asked
/// again.
constexpr milliseconds kGlance{50};
/// So long without a byte, with readers waiting, is an outage.
constexpr std::chrono::seconds kSilence{5};

}  // namespace

void Fetcher::answer(const std::stop_token& stop) {
  for (;;) {
    try {
      std::deque<Arrival> arrivals;
      std::vector<Waiting> overdue;
      {
        Lock lock{mutex_};
        const auto something = [this]() REQUIRES(mutex_) { return !arrivals_.empty(); };
        arrived_.wait(lock, stop, [&]() REQUIRES(mutex_) { return something() || !pending_.empty(); });
        if (!something()) arrived_.wait_for(lock, stop, kGlance, something);
        if (stop.stop_requested()) return;
        arrivals.swap(arrivals_);
        overdue = take_overdue();
      }
      for (const auto& arrival : arrivals) deliver(arrival);
      if (!overdue.empty()) expire(overdue);
    } catch (const std::exception& problem) {
      log.warn("an answer was lost reason=\"{}\"", problem.what());
    }
  }
}

void Fetcher::deliver(const Arrival& arrival) {
  const auto& run = arrival.run;
  auto& reader = *run->plan.reader;
  auto& verification = reader.verification;
  const bool consistent = reader.blob.learn(arrival.chunk, chunk_digest(*arrival.bytes), run->generation);
  const bool stale = run->generation != reader.blob.generation();
  if (consistent && !verification.proven() && !verification.distrusted() && completes(reader, arrival.chunk)) {
    verification.withhold(arrival.chunk);
  }
  Reads reads;
  bool all_delivered = false;
  bool was_outage = false;
  bool recovered = false;
  {
    const Lock lock{mutex_};
    all_delivered = --run->undelivered == 0;
    was_outage = outage_.has_value();
    recovered = outage_ && outage_->kind() == ErrorKind::Offline;
    outage_.reset();
    if (arrival.restarts == run->restarts) {
      run->came[arrival.chunk] = arrival.bytes;
      run->inconsistent = run->inconsistent || !consistent;
      auto* wish = queue_.find(reader, arrival.chunk);
      if (wish != nullptr && wish->state == Wish::State::Flying && consistent && !stale) {
        wish->bytes = arrival.bytes;
        if (verification.may_give({arrival.chunk, arrival.chunk + 1})) reads = std::exchange(wish->waiting, {});
      }
    }
  }
  give(reader, reads, arrival.chunk, *arrival.bytes, run->generation);
  if (all_delivered) delivered_.notify_all();
  if (!was_outage) return;
  wanted_.notify_all();  // whoever waited for its end
  if (!recovered) return;
  log.info("iCloud gives out bytes again");
  recovered_();
}

bool Fetcher::completes(const Reader& reader, ChunkIndex chunk) {
  // Mostly so much lacks that counting is enough.
  {
    const Lock lock{mutex_};
    if (reader.blob.lacking() > queue_.size() + shelf_.overflow().size() + 1) return false;
  }
  // First what is on its way to the disk, then what is there: so a chunk that arrives there in between is seen.
  std::set<ChunkIndex> here{chunk};
  {
    const Lock lock{mutex_};
    for (const auto i : queue_.all_of(reader)) {
      const auto* wish = queue_.find(reader, i);
      if (wish->bytes) here.insert(i);
    }
  }
  for (const auto i : reader.blob.missing(reader.verification.hashed())) {
    if (!here.contains(i) && !shelf_.overflow().get(reader.blob.key(), i)) return false;
  }
  return true;
}

std::vector<Fetcher::Waiting> Fetcher::take_overdue() {
  const auto now = clock_.monotonic();
  std::vector<Waiting> overdue;
  while (!pending_.empty() && (pending_.front().read->answered() || pending_.front().read->deadline() <= now)) {
    if (!pending_.front().read->answered()) overdue.push_back(std::move(pending_.front()));
    pending_.pop_front();
  }
  return overdue;
}

/// The next reads fail at once; so do those that wait for a worker, who are returned.
Reads Fetcher::begin_outage(const Error& error, Monotonic now) {
  outage_ = error;
  outage_until_ = now + kFailureMemory;
  return queue_.take_queued();
}

void Fetcher::expire(const std::vector<Waiting>& overdue) {
  const auto now = clock_.monotonic();
  const Error error{ErrorKind::Offline,
                    fmt::format("iCloud did not send the bytes within {} s", options_.read_deadline.count() / 1000)};
  Reads failed;
  std::vector<Flight> stalled;
  bool begins = false;
  {
    const Lock lock{mutex_};
    for (const auto& run : runs_) {
      if (now - run->progressed >= options_.read_deadline / 2) stalled.push_back(run);
    }
    if (!progressed_ || now - *progressed_ >= std::min<milliseconds>(kSilence, options_.read_deadline)) {
      begins = !outage_;
      failed = begin_outage(error, now);
    }
    // Remembered before anybody is told: the kernel asks for the same bytes again at once.
    for (const auto& waiting : overdue) {
      if (const auto reader = waiting.reader.lock()) reader->failure.remember(waiting.read->resource(), error, now);
      failed.push_back(waiting.read);
    }
  }
  if (begins) log.warn("reads fail until iCloud answers again reason=\"{}\"", error.message());
  for (const auto& run : stalled) run->stop.request_stop();
  for (const auto& read : failed) read->fail(error);
}

}  // namespace icloudphotos::content
