// SPDX-License-Identifier: MIT
#include "icloudphotos/sync/syncer.h"

#include <algorithm>
#include <exception>
#include <random>
#include <thread>
#include <utility>

#include "icloudphotos/base/log.h"
#include "icloudphotos/base/mutex.h"

#include "background.h"
#include "round.h"
#include "schedule.h"

namespace icloudphotos::sync {
namespace {

constexpr Log kLog{"sync"};

/// New libraries are rare; changes are asked for by library.
constexpr std::uint64_t kRoundsBetweenLibraries = 12;

class PollingSyncer final : public Syncer {
 public:
  PollingSyncer(cloud::Photos& photos, catalog::Catalog& catalog, Clock& clock, SyncOptions options,
                SyncListener listener)
      : photos_{photos}, catalog_{catalog}, clock_{clock}, options_{options}, listener_{std::move(listener)} {
    thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
  }

  std::uint64_t poke() override { return ask(false); }
  std::uint64_t accept() override { return ask(true); }
  void hurry(const LibraryId& library, const std::optional<AlbumId>& album) override { urgent_.want(library, album); }

 private:
  /// Ends the present wait; one that has not begun yet sees `poked_`.
  std::uint64_t ask(bool accepting) {
    std::stop_source nap;
    std::uint64_t next = 0;
    {
      const Lock lock{mutex_};
      poked_ = true;
      if (accepting) accepted_ = told_;
      nap = nap_;
      next = begun_ + 1;
    }
    nap.request_stop();
    return next;
  }

  struct Request {
    std::uint64_t number = 0;  ///< Of the round that begins.
    bool poked = false;
    std::vector<HeldBack> accepted;
  };
  Request begin_round() {
    const Lock lock{mutex_};
    return {++begun_, std::exchange(poked_, false), std::exchange(accepted_, {})};
  }

  void run(const std::stop_token& stop) {
    const Context context{photos_, catalog_, options_, listener_, stop, guard_, &urgent_};
    Schedule schedule{options_.poll};
    RoundMemory memory;
    std::minstd_rand random{std::random_device{}()};
    while (!stop.stop_requested()) {
      const auto request = begin_round();
      if (request.poked || request.number % kRoundsBetweenLibraries == 0) memory.look_for_libraries = true;
      guard_.begin_round(clock_.monotonic(), request.poked);
      guard_.accept(request.accepted);
      const auto result = guarded<Result<void>>([&] { return Round{context, memory}.run(); });
      if (stop.stop_requested()) return;
      tell_held_back();
      if (listener_.round) listener_.round(result);
      if (listener_.ended) listener_.ended(request.number);
      const auto pause = schedule.after(result, std::generate_canonical<double, 16>(random));
      if (result || !concerns_everything(result.error().kind())) {
        read_meanwhile(context, pause);
      } else {
        wait(pause, stop);
      }
    }
  }

  /// Until the next round: goes on with whole feeds, and waits. Ends early when poked or stopped.
  void read_meanwhile(const Context& context, std::chrono::milliseconds left) {
    using std::chrono::milliseconds;
    while (left > milliseconds::zero() && !is_poked() && !context.stop.stop_requested()) {
      const auto began = clock_.monotonic();
      const auto read = guarded<Result<Background::State>>(
          [&] { return background_.read_on(context, [this] { return is_poked(); }); });
      tell_held_back();
      left -= std::chrono::ceil<milliseconds>(clock_.monotonic() - began);
      auto pause = milliseconds::zero();
      if (!read) {
        pause = feed_schedule_.after(std::move(read).error(), 0.5);
      } else if (*read == Background::State::Idle) {
        pause = left;
      } else {
        (void)feed_schedule_.after({}, 0.5);  // that went well: the next trouble is the first again
      }
      pause = std::clamp(pause, milliseconds::zero(), std::max(left, milliseconds::zero()));
      if (pause > milliseconds::zero() && !wait(pause, context.stop)) return;
      left -= pause;
    }
  }

  void tell_held_back() {
    auto held = guard_.held_back();
    {
      const Lock lock{mutex_};
      if (held == told_) return;
      told_ = held;
    }
    if (listener_.held_back) listener_.held_back(held);
  }

  template <class R, class Work>
  R guarded(const Work& work) {
    try {
      return work();
    } catch (const std::exception& failure) {
      kLog.error("a round ended unexpectedly reason={}", failure.what());
      return Error{ErrorKind::Storage, failure.what()};
    }
  }

  /// Waits, unless a poke came before or comes now; false then, and when stopped.
  bool wait(std::chrono::milliseconds duration, const std::stop_token& stop) {
    std::stop_source nap;
    {
      const Lock lock{mutex_};
      if (poked_) return false;
      nap_ = nap;
    }
    const std::stop_callback stopped{stop, [&] { nap.request_stop(); }};
    return clock_.sleep_for(duration, nap.get_token());
  }

  bool is_poked() {
    const Lock lock{mutex_};
    return poked_;
  }

  cloud::Photos& photos_;
  catalog::Catalog& catalog_;
  Clock& clock_;
  SyncOptions options_;
  SyncListener listener_;

  Urgent urgent_;
  Guard guard_;  ///< these three: of the thread
  Background background_;
  Schedule feed_schedule_{options_.poll};

  Mutex mutex_;  ///< for the five below; never held while calling out
  bool poked_ GUARDED_BY(mutex_) = false;
  std::uint64_t begun_ GUARDED_BY(mutex_) = 0;         ///< Rounds so far.
  std::vector<HeldBack> told_ GUARDED_BY(mutex_);      ///< What the listener was told last.
  std::vector<HeldBack> accepted_ GUARDED_BY(mutex_);  ///< Of that, what a person accepts.
  std::stop_source nap_ GUARDED_BY(mutex_);            ///< Ends the present wait.
  std::jthread thread_;                                ///< last member: joined before the rest goes
};

}  // namespace

std::unique_ptr<Syncer> Syncer::start(cloud::Photos& photos, catalog::Catalog& catalog, Clock& clock,
                                      SyncOptions options, SyncListener listener) {
  return std::make_unique<PollingSyncer>(photos, catalog, clock, options, std::move(listener));
}

}  // namespace icloudphotos::sync
