// SPDX-License-Identifier: MIT
#include "fuse/calls.h"

#include <chrono>
#include <utility>
#include <vector>

#include "fuse/interrupt.h"

namespace icloudphotos::fuse {
namespace {

// A signal that is neither fatal nor handled comes from the freezer: the machine wants to sleep and gives us 20 s.
constexpr std::chrono::seconds kFreezerPatience{10};
// A caller in another pid namespace cannot be looked at; most interrupts are fatal.
constexpr std::chrono::seconds kUnseenPatience{1};
// Deadlines are looked at this often, so that a clock that jumps is noticed.
constexpr std::chrono::seconds kTick{1};

}  // namespace

Calls::Calls(Clock& clock) : clock_{clock}, thread_{[this](std::stop_token stop) { serve(stop); }} {}

Calls::~Calls() { finish(); }

Calls::Id Calls::begin(pid_t caller) {
  const Lock lock{mutex_};
  calls_.emplace(++last_, Call{caller, news_, false, std::nullopt, nullptr});
  return last_;
}

void Calls::wait(Id call, std::optional<Monotonic> deadline, Attempt attempt) {
  const auto shared = std::make_shared<const Attempt>(std::move(attempt));
  bool look_again = false;
  {
    const Lock lock{mutex_};
    auto& entry = calls_[call];
    entry.deadline = deadline;
    entry.attempt = shared;
    if (!over_) {
      // What it waits for, or a signal, may have come between its first look and now.
      look_again = entry.interrupted || entry.seen != news_;
      if (entry.seen != news_) tried_ = 0;
      signal_ = signal_ || entry.interrupted;
    }
    if (!over_ && !look_again) return;
  }
  if (look_again) return changed_.notify_one();
  if ((*shared)(Why::Over)) end(call);
}

void Calls::end(Id call) {
  const Lock lock{mutex_};
  calls_.erase(call);
  if (over_) changed_.notify_all();
}

void Calls::interrupt(Id call) {
  {
    const Lock lock{mutex_};
    const auto found = calls_.find(call);
    if (found == calls_.end()) return;
    found->second.interrupted = true;
    signal_ = true;
  }
  changed_.notify_one();
}

void Calls::news() {
  {
    const Lock lock{mutex_};
    ++news_;
  }
  changed_.notify_one();
}

void Calls::finish() {
  Id last = 0;
  {
    const Lock lock{mutex_};
    over_ = true;
    last = last_;
  }
  try_all(true);
  // One that is being answered elsewhere right now ends within moments. Later ones, which may never cease, are answered
  // where they come in.
  Lock lock{mutex_};
  changed_.wait(lock, [&]() REQUIRES(mutex_) { return calls_.empty() || calls_.begin()->first > last; });
}

void Calls::serve(std::stop_token stop) {
  for (;;) {
    bool news = false;
    {
      Lock lock{mutex_};
      const auto wanted = [this]() REQUIRES(mutex_) { return news_ != tried_ || signal_; };
      changed_.wait_for(lock, stop, kTick, wanted);
      if (stop.stop_requested()) return;
      news = std::exchange(tried_, news_) != news_;
      signal_ = false;
      if (calls_.empty()) continue;
    }
    try_all(news);
  }
}

std::optional<Calls::Why> Calls::due(Call& call, bool news) const {
  if (std::exchange(call.interrupted, false)) {
    const auto limit = [&](std::chrono::seconds patience) {
      const auto at = clock_.monotonic() + patience;
      if (!call.deadline || *call.deadline > at) call.deadline = at;
    };
    switch (pending_signal(call.caller)) {
      case PendingSignal::Fatal:
        return Why::Signal;
      case PendingSignal::Handled:
        break;  // the program deals with it when its call is over
      case PendingSignal::None:
        limit(kFreezerPatience);
        break;
      case PendingSignal::Unseen:
        limit(kUnseenPatience);
        break;
    }
  }
  if (call.deadline && clock_.monotonic() >= *call.deadline) return Why::Deadline;
  return news ? std::optional{Why::News} : std::nullopt;
}

void Calls::try_all(bool news) {
  struct Due {
    Id id;
    Why why;
    std::shared_ptr<const Attempt> attempt;
  };
  std::vector<Due> all;
  {
    const Lock lock{mutex_};
    for (auto& [id, call] : calls_) {
      if (!call.attempt) continue;
      const auto why = over_ ? std::optional{Why::Over} : due(call, news);
      // Taken out, so that nobody else tries the same call meanwhile.
      if (why) all.push_back({id, *why, std::exchange(call.attempt, nullptr)});
    }
  }
  for (auto& [id, why, attempt] : all) {
    if (!(*attempt)(why) && !give_back(id, attempt)) (*attempt)(Why::Over);
    // Ended, unless it was given back.
    if (attempt) end(id);
  }
}

bool Calls::give_back(Id call, std::shared_ptr<const Attempt>& attempt) {
  const Lock lock{mutex_};
  if (over_) return false;
  const auto found = calls_.find(call);
  if (found != calls_.end()) found->second.attempt = attempt;
  attempt = nullptr;
  return true;
}

}  // namespace icloudphotos::fuse
