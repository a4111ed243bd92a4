// SPDX-License-Identifier: MIT
#include "icloudphotos/sync/syncer.h"

#include <exception>
#include <random>
#include <thread>

#include "icloudphotos/base/log.h"
#include "icloudphotos/base/mutex.h"

#include "round.h"
#include "schedule.h"

namespace icloudphotos::sync {
namespace {

constexpr Log kLog{"sync"};

/// New libraries are rare; changes are asked for by library.
constexpr int kRoundsBetweenLibraries = 24;

class PollingSyncer final : public Syncer {
 public:
  PollingSyncer(cloud::Photos& photos, catalog::Catalog& catalog, Clock& clock, SyncOptions options,
                SyncListener listener)
      : photos_{photos}, catalog_{catalog}, clock_{clock}, options_{options}, listener_{std::move(listener)} {
    thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
  }

  void poke() override { present_nap().request_stop(); }

 private:
  /// The wait a poke ends; one that has not begun yet sees `poked_`.
  std::stop_source present_nap() {
    const Lock lock{mutex_};
    poked_ = true;
    return nap_;
  }

  void run(const std::stop_token& stop) {
    Schedule schedule{options_.poll};
    RoundMemory memory;
    std::minstd_rand random{std::random_device{}()};
    for (int rounds = 1; !stop.stop_requested(); ++rounds) {
      if (rounds % kRoundsBetweenLibraries == 0) memory.look_for_libraries = true;
      const auto result = round(memory, stop);
      if (stop.stop_requested()) return;
      if (listener_.round) listener_.round(result);
      wait(schedule.after(result, std::generate_canonical<double, 16>(random)), stop);
    }
  }

  Result<void> round(RoundMemory& memory, const std::stop_token& stop) {
    try {
      return Round{Context{photos_, catalog_, options_, listener_, stop}, memory}.run();
    } catch (const std::exception& failure) {
      kLog.error("a round ended unexpectedly reason={}", failure.what());
      return Error{ErrorKind::Storage, failure.what()};
    }
  }

  /// Waits, unless a poke came during the round or comes now.
  void wait(std::chrono::milliseconds duration, const std::stop_token& stop) {
    std::stop_source nap;
    {
      const Lock lock{mutex_};
      if (std::exchange(poked_, false)) return;
      nap_ = nap;
    }
    const std::stop_callback stopped{stop, [&] { nap.request_stop(); }};
    clock_.sleep_for(duration, nap.get_token());
    const Lock lock{mutex_};
    poked_ = false;
  }

  cloud::Photos& photos_;
  catalog::Catalog& catalog_;
  Clock& clock_;
  SyncOptions options_;
  SyncListener listener_;

  Mutex mutex_;  ///< for the two below; never held while calling out
  bool poked_ GUARDED_BY(mutex_) = false;
  std::stop_source nap_ GUARDED_BY(mutex_);  ///< Ends the present wait.
  std::jthread thread_;                      ///< last member: joined before the rest goes
};

}  // namespace

std::unique_ptr<Syncer> Syncer::start(cloud::Photos& photos, catalog::Catalog& catalog, Clock& clock,
                                      SyncOptions options, SyncListener listener) {
  return std::make_unique<PollingSyncer>(photos, catalog, clock, options, std::move(listener));
}

}  // namespace icloudphotos::sync
