// SPDX-License-Identifier: MIT
// Whether what came is right, and what happens to those who wait for that.
#include <algorithm>
#include <utility>

#include "icloudphotos/base/log.h"

#include "fetcher.h"

namespace icloudphotos::content {
namespace {

constexpr Log log{"content"};

}  // namespace

void Fetcher::check(const std::shared_ptr<Reader>& reader, const ResourceRef& resource) {
  const auto generation = reader->blob.generation();
  const bool was_proven = reader->verification.proven();
  if (was_proven && reader->blob.sealed()) return;
  const auto verdict = reader->verification.advance([&](ChunkIndex chunk) -> std::shared_ptr<const Bytes> {
    std::shared_ptr<const Bytes> just_came;
    {
      const Lock lock{mutex_};
      if (stopping_) return nullptr;
      if (const auto* wish = queue_.find(*reader, chunk)) just_came = wish->bytes;
    }
    return just_came ? just_came : shelf_.load(*reader, chunk);
  });
  switch (verdict) {
    case Verification::Verdict::Right:
      if (was_proven) return;  // there was nothing to compare with
      reader->blob.seal();
      shelf_.note_change(reader);
      release(reader);
      return;
    case Verification::Verdict::Wrong:
      mismatch(reader, resource, generation);
      return;
    case Verification::Verdict::Unfinished:
      check_soon(reader, resource);
      return;
    case Verification::Verdict::Incomplete:
      if (reader->verification.withholding()) fetch_rest(reader, resource);
      return;
  }
}

void Fetcher::release(const std::shared_ptr<Reader>& reader) {
  std::vector<std::pair<ChunkIndex, std::shared_ptr<const Bytes>>> here;
  const auto generation = reader->blob.generation();
  {
    const Lock lock{mutex_};
    for (const auto chunk : queue_.all_of(*reader)) {
      const auto* wish = queue_.find(*reader, chunk);
      if (wish->bytes || wish->state == Wish::State::Withheld) here.emplace_back(chunk, wish->bytes);
    }
  }
  for (auto& [chunk, bytes] : here) {
    if (!bytes) {
      bytes = shelf_.load(*reader, chunk);
    }
    Reads reads;
    {
      const Lock lock{mutex_};
      auto* wish = queue_.find(*reader, chunk);
      if (wish == nullptr) continue;
      if (!bytes) {
        if (wish->state == Wish::State::Withheld)
          queue_.requeue(*reader, chunk);  // its digest tells when it came again
        continue;
      }
      reads = std::exchange(wish->waiting, {});
      if (wish->state == Wish::State::Withheld) queue_.erase(*reader, chunk);
    }
    give(*reader, reads, chunk, *bytes, generation);
  }
  wanted_.notify_all();
}

void Fetcher::fetch_rest(const std::shared_ptr<Reader>& reader, const ResourceRef& resource) {
  {
    const Lock lock{mutex_};
    for (const auto chunk : reader->blob.missing(reader->verification.hashed())) {
      const auto* found = queue_.find(*reader, chunk);
      if (found != nullptr && found->state != Wish::State::Withheld) continue;
      if (shelf_.overflow().get(reader->blob.key(), chunk)) continue;
      queue_.want(reader, resource, chunk, Urgency::Ahead).keep = true;
      if (found != nullptr) queue_.requeue(*reader, chunk);
    }
  }
  wanted_.notify_all();
}

void Fetcher::mismatch(const std::shared_ptr<Reader>& reader, const ResourceRef& resource, unsigned generation) {
  if (!shelf_.drop(reader, generation)) return;  // somebody else found the same
  take_back(reader, resource);
  const auto spoilt = reader->verification.spoil();
  log.warn("wrong bytes came asset={} times={} given_out={}", resource.asset.value, spoilt.times,
           !spoilt.given_to.empty());
  for (const auto& one : spoilt.given_to) corrupted_(one);
  if (spoilt.times < 2) {
    fetch_again(reader, resource);
    return;
  }
  const auto now = clock_.monotonic();
  const Error error{ErrorKind::Corrupt, "iCloud sent bytes that do not match their checksum, twice"};
  reader->verification.pardon();
  Reads failed;
  {
    const Lock lock{mutex_};
    failed = queue_.take_all(*reader);
    for (const auto& read : failed) reader->failure.remember(read->resource(), error, now);
    reader->failure.remember(resource, error, now);
  }
  for (const auto& read : failed) read->fail(error);
}

/// Reads that were filled in part and not answered yet wait for all of their chunks again.
void Fetcher::take_back(const std::shared_ptr<Reader>& reader, const ResourceRef& resource) {
  const Lock lock{mutex_};
  for (const auto chunk : queue_.all_of(*reader)) queue_.find(*reader, chunk)->bytes.reset();
  for (const auto& [read, whose] : pending_) {
    if (whose.lock() != reader || read->answered()) continue;
    read->start_over(reader->blob.generation());
    for (auto chunk = read->chunks().first; chunk < read->chunks().end; ++chunk) {
      auto& waiting = queue_.want(reader, resource, chunk, Urgency::Reader).waiting;
      if (std::find(waiting.begin(), waiting.end(), read) == waiting.end()) waiting.push_back(read);
    }
  }
}

void Fetcher::fetch_again(const std::shared_ptr<Reader>& reader, const ResourceRef& resource) {
  {
    const Lock lock{mutex_};
    for (ChunkIndex chunk = 0; chunk < reader->blob.chunks(); ++chunk) {
      auto& wish = queue_.want(reader, resource, chunk, Urgency::Ahead);
      wish.keep = true;
      wish.bytes.reset();
      if (wish.state == Wish::State::Withheld) queue_.requeue(*reader, chunk);
    }
  }
  wanted_.notify_all();
}

}  // namespace icloudphotos::content
