// SPDX-License-Identifier: MIT
#include "verification.h"

#include <algorithm>
#include <utility>

namespace icloudphotos::content {
namespace {

constexpr ChunkIndex kAtATime = chunks_in(16 << 20);

}  // namespace

bool Verification::proven() const {
  const Lock lock{mutex_};
  return proven_;
}

bool Verification::may_give(ChunkSpan chunks) const {
  const Lock lock{mutex_};
  if (proven_) return true;
  if (distrusted_) return false;
  const auto next = withheld_.lower_bound(chunks.first);
  return next == withheld_.end() || *next >= chunks.end;
}

void Verification::withhold(ChunkIndex chunk) {
  const Lock lock{mutex_};
  if (!proven_) withheld_.insert(chunk);
}

bool Verification::withholding() const {
  const Lock lock{mutex_};
  return !proven_ && (distrusted_ || !withheld_.empty());
}

bool Verification::distrusted() const {
  const Lock lock{mutex_};
  return distrusted_;
}

void Verification::gave(const ResourceRef& resource) {
  const Lock lock{mutex_};
  if (proven_ || std::find(given_to_.begin(), given_to_.end(), resource) != given_to_.end()) return;
  given_to_.push_back(resource);
}

ChunkIndex Verification::hashed() const {
  const Lock lock{mutex_};
  return hashed_;
}

Verification::Verdict Verification::advance(const Load& load) {
  const std::lock_guard alone{hashing_};
  if (proven()) return Verdict::Right;
  const auto first = hashed();
  for (auto next = first; next < chunks_; ++next) {
    if (next - first == kAtATime) return Verdict::Unfinished;
    const auto bytes = load(next);
    if (!bytes) return Verdict::Incomplete;
    running_.update(*bytes);
    const Lock lock{mutex_};
    hashed_ = next + 1;
  }
  if (running_.finish() == *expected_) {
    prove();
    return Verdict::Right;
  }
  const Lock lock{mutex_};
  hashed_ = 0;
  return Verdict::Wrong;
}

void Verification::prove() {
  const Lock lock{mutex_};
  proven_ = true;
  distrusted_ = false;
  spoilt_ = 0;
  withheld_.clear();
  given_to_.clear();
}

Verification::Spoilt Verification::spoil() {
  const std::lock_guard alone{hashing_};
  running_ = ContentDigest{};
  const Lock lock{mutex_};
  hashed_ = 0;
  proven_ = !expected_;
  distrusted_ = !proven_;
  withheld_.clear();
  return {++spoilt_, std::exchange(given_to_, {})};
}

void Verification::pardon() {
  const Lock lock{mutex_};
  spoilt_ = 0;
}

}  // namespace icloudphotos::content
