// SPDX-License-Identifier: MIT
#include <condition_variable>
#include <future>

#include "icloudphotos/base/mutex.h"

#include "known.h"

namespace icloudphotos::sync {
namespace {

/// A clock whose sleepers sleep until they are stopped or let go.
class NappingClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return TimePoint{}; }
  [[nodiscard]] Monotonic monotonic() const override {
    const Lock lock{mutex_};
    return now_;
  }
  void pass(std::chrono::seconds time) {
    const Lock lock{mutex_};
    now_ += time;
  }
  bool sleep_for(std::chrono::milliseconds duration, std::stop_token stop) override {
    Lock lock{mutex_};
    ++naps_;
    last_ = duration;
    changed_.notify_all();
    changed_.wait(lock, stop, [&] { return let_go_ >= naps_; });
    return !stop.stop_requested();
  }
  /// Waits for the n-th nap to begin; how long it would be.
  std::chrono::milliseconds nap(int n) {
    Lock lock{mutex_};
    changed_.wait(lock, [&] { return naps_ >= n; });
    return last_;
  }
  void let_go(int n) {
    const Lock lock{mutex_};
    let_go_ = n;
    changed_.notify_all();
  }

 private:
  mutable Mutex mutex_;
  std::condition_variable_any changed_;
  Monotonic now_{};
  int naps_ = 0;
  int let_go_ = 0;
  std::chrono::milliseconds last_{};
};

class SyncerTest : public SyncTest {
 protected:
  SyncerTest() { photos_.add_many(10); }
  NappingClock naps_;
};

TEST_F(SyncerTest, ReadsTheLibraryThenPollsAtItsTimes) {
  const auto syncer = Syncer::start(photos_, *catalog_, naps_, options_, {});
  EXPECT_GE(naps_.nap(1), std::chrono::seconds{270});
  EXPECT_EQ(known().photos.size(), 10U);
  photos_.add(FakePhotos::photo("new"));
  naps_.let_go(1);
  naps_.nap(2);
  EXPECT_EQ(known().photos.size(), 11U);
}

TEST_F(SyncerTest, APokeWakesItAtOnce) {
  const auto syncer = Syncer::start(photos_, *catalog_, naps_, options_, {});
  naps_.nap(1);
  photos_.add(FakePhotos::photo("new"));
  syncer->poke();
  naps_.nap(2);
  EXPECT_EQ(known().photos.size(), 11U);
}

TEST_F(SyncerTest, APokeDuringARoundHasAnotherRoundFollow) {
  std::unique_ptr<Syncer> syncer;
  Mutex mutex;
  std::condition_variable_any ready;
  bool started = false;
  int rounds = 0;
  SyncListener listener;
  listener.round = [&](const Result<void>&) {
    Lock lock{mutex};
    ready.wait(lock, [&] { return started; });
    if (++rounds == 1) syncer->poke();
  };
  syncer = Syncer::start(photos_, *catalog_, naps_, options_, listener);
  {
    const Lock lock{mutex};
    started = true;
    ready.notify_all();
  }
  naps_.nap(1);
  EXPECT_EQ(rounds, 2);
}

TEST_F(SyncerTest, APokeGivesTheNumberOfARoundThatBeginsAfterIt) {
  Mutex mutex;
  std::vector<std::uint64_t> ended;
  SyncListener listener;
  listener.ended = [&](std::uint64_t number) {
    const Lock lock{mutex};
    ended.push_back(number);
  };
  const auto syncer = Syncer::start(photos_, *catalog_, naps_, options_, listener);
  naps_.nap(1);
  EXPECT_EQ(syncer->poke(), 2U);
  naps_.nap(2);
  EXPECT_EQ(syncer->accept(), 3U);
  naps_.nap(3);
  const Lock lock{mutex};
  EXPECT_EQ(ended, (std::vector<std::uint64_t>{1, 2, 3}));
}

TEST_F(SyncerTest, APokeDuringARoundIsForTheNextOne) {
  std::unique_ptr<Syncer> syncer;
  std::promise<void> started;
  auto ready = started.get_future().share();
  std::uint64_t promised = 0;
  SyncListener listener;
  listener.round = [&](const Result<void>&) {
    ready.wait();
    if (promised == 0) promised = syncer->poke();
  };
  syncer = Syncer::start(photos_, *catalog_, naps_, options_, listener);
  started.set_value();
  naps_.nap(1);
  EXPECT_EQ(promised, 2U);
}

TEST_F(SyncerTest, WhatIsHeldBackIsToldOnceAndAppliedWhenAPersonAcceptsIt) {
  photos_.add_many(290, "more");
  std::vector<std::vector<HeldBack>> told;
  SyncListener listener;
  listener.held_back = [&](const std::vector<HeldBack>& held) { told.push_back(held); };
  const auto syncer = Syncer::start(photos_, *catalog_, naps_, options_, listener);
  naps_.nap(1);
  photos_.quirks.no_counts = true;  // so that the lists, which are empty too, are no witness
  for (const auto& id : ids(0, 290, "more")) photos_.remove(id);
  for (const auto& id : ids(0, 10)) photos_.remove(id);
  for (int i = 2; i < 5; ++i) {
    syncer->poke();
    naps_.nap(i);
    EXPECT_EQ(state().known, 300);
  }
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0], (std::vector<HeldBack>{{FakePhotos::personal(), 300, 300, 0, false}}));
  syncer->accept();
  naps_.nap(5);
  EXPECT_EQ(state().known, 0);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_TRUE(told[1].empty());
}

TEST_F(SyncerTest, AFailedRoundIsToldAndTriedAgainSoon) {
  FlakyPhotos flaky{photos_, [](int call) { return call == 1; }, ErrorKind::Throttled};
  std::vector<bool> rounds;
  SyncListener listener;
  listener.round = [&](const Result<void>& result) { rounds.push_back(result.has_value()); };
  const auto syncer = Syncer::start(flaky, *catalog_, naps_, options_, listener);
  EXPECT_EQ(naps_.nap(1), std::chrono::seconds{30});
  naps_.let_go(1);
  naps_.nap(2);
  EXPECT_EQ(rounds, (std::vector{false, true}));
}

TEST_F(SyncerTest, LooksForLibrariesOnlyNowAndThen) {
  const auto syncer = Syncer::start(photos_, *catalog_, naps_, options_, {});
  for (int round = 1; round < 30; ++round) {
    naps_.nap(round);
    naps_.let_go(round);
  }
  naps_.nap(30);
  EXPECT_EQ(photos_.calls.libraries, 3);  // in rounds 1, 12 and 24
}

TEST_F(SyncerTest, EndsWhileARequestHangs) {
  struct Hanging : FlakyPhotos {
    using FlakyPhotos::FlakyPhotos;
    Result<Delta> window(const cloud::ListQuery&, std::int64_t, std::stop_token stop) override {
      Mutex mutex;
      std::condition_variable_any never;
      Lock lock{mutex};
      never.wait(lock, stop, [] { return false; });
      return Error{ErrorKind::Cancelled, "stopped"};
    }
  };
  Hanging hanging{photos_, [](int) { return false; }};
  auto syncer = Syncer::start(hanging, *catalog_, naps_, options_, {});
  while (photos_.calls.albums == 0) std::this_thread::yield();
  syncer.reset();  // hangs unless the requests are cancelled
  EXPECT_FALSE(state().listed);
}

/// Of which kind pages of changes were asked for, in their order.
class Asked {
 public:
  void add(const std::optional<SyncToken>& since) {
    const Lock lock{mutex_};
    asked_ += !since || since->value.starts_with("feed:") ? 'f' : 'c';
  }
  [[nodiscard]] std::string all() {
    const Lock lock{mutex_};
    return asked_;
  }

 private:
  Mutex mutex_;
  std::string asked_;
};

TEST_F(SyncerTest, ReadsTheWholeFeedAfterTheFirstRoundWithOneRequestAtATime) {
  photos_.quirks.feed_page = 1;
  photos_.quirks.listless = {"photo-3"};
  Asked asked;
  std::atomic<int> at_once = 0;
  photos_.before_changes = [&](const LibraryId&, const std::optional<SyncToken>& since) {
    EXPECT_EQ(++at_once, 1);
    asked.add(since);
    --at_once;
  };
  const auto syncer = Syncer::start(photos_, *catalog_, naps_, options_, {});
  EXPECT_GE(naps_.nap(1), std::chrono::seconds{270});
  EXPECT_TRUE(state().read_through);
  EXPECT_EQ(known().photos.size(), 10U);
  EXPECT_EQ(asked.all(), "c" + std::string(20, 'f'));
  photos_.add(FakePhotos::photo("new"));
  naps_.let_go(1);
  naps_.nap(2);
  EXPECT_EQ(asked.all(), "c" + std::string(20, 'f') + "c");
}

TEST_F(SyncerTest, AFeedThatCannotBeReadIsTriedAgainSoonAndTheNextRoundIsOnTime) {
  int failed = 0;
  struct Flaky : FlakyPhotos {
    using FlakyPhotos::FlakyPhotos;
    int* failed = nullptr;
    Result<Delta> changes(const LibraryId& library, const std::optional<SyncToken>& token,
                          std::stop_token stop) override {
      if (!token && ++*failed <= 2) return Error{ErrorKind::Offline, "made to fail"};
      return FlakyPhotos::changes(library, token, std::move(stop));
    }
  };
  Flaky flaky{photos_, [](int) { return false; }};
  flaky.failed = &failed;
  int rounds = 0;
  SyncListener listener;
  listener.round = [&](const Result<void>&) { ++rounds; };
  const auto syncer = Syncer::start(flaky, *catalog_, naps_, options_, listener);
  EXPECT_EQ(naps_.nap(1), std::chrono::seconds{5});
  naps_.let_go(1);
  EXPECT_EQ(naps_.nap(2), std::chrono::seconds{10});
  naps_.let_go(2);
  const auto rest = naps_.nap(3);
  EXPECT_GE(rest, std::chrono::seconds{270 - 15});
  EXPECT_LT(rest, std::chrono::seconds{330 - 15});
  EXPECT_EQ(rounds, 1);
  EXPECT_TRUE(state().read_through);
}

TEST_F(SyncerTest, AFeedGivesWayToAPokeAndGoesOnAfterwards) {
  photos_.quirks.feed_page = 1;
  Asked asked;
  std::unique_ptr<Syncer> syncer;
  std::promise<void> started;
  auto ready = started.get_future().share();
  photos_.before_changes = [&](const LibraryId&, const std::optional<SyncToken>& since) {
    asked.add(since);
    ready.wait();
    if (asked.all() == "cfff") syncer->poke();
  };
  syncer = Syncer::start(photos_, *catalog_, naps_, options_, {});
  started.set_value();
  naps_.nap(1);
  EXPECT_EQ(asked.all(), "cfffc" + std::string(17, 'f'));
  EXPECT_TRUE(state().read_through);
}

TEST_F(SyncerTest, AFeedGivesWayToTheNextPoll) {
  photos_.quirks.feed_page = 1;
  Asked asked;
  photos_.before_changes = [&](const LibraryId&, const std::optional<SyncToken>& since) {
    asked.add(since);
    if (asked.all().back() == 'f') naps_.pass(std::chrono::seconds{40});
  };
  SyncListener listener;
  std::string rounds;
  listener.round = [&](const Result<void>&) { rounds += std::to_string(asked.all().size()) + ' '; };
  const auto syncer = Syncer::start(photos_, *catalog_, naps_, options_, listener);
  naps_.nap(1);
  EXPECT_EQ(rounds, "1 11 21 ");
  EXPECT_TRUE(state().read_through);
}

TEST_F(SyncerTest, APokeFindsNewLibraries) {
  const auto syncer = Syncer::start(photos_, *catalog_, naps_, options_, {});
  naps_.nap(1);
  const LibraryId paris{"paris"};
  photos_.add_shared_album(paris, "Paris");
  photos_.add_many(3, "eiffel", paris);
  syncer->poke();
  naps_.nap(2);
  EXPECT_EQ(known_of(*catalog_, paris).photos.size(), 3U);
}

TEST_F(SyncerTest, EndsWhileAPageOfTheFeedHangs) {
  struct Hanging : FlakyPhotos {
    using FlakyPhotos::FlakyPhotos;
    std::atomic<bool> hangs = false;
    Result<Delta> changes(const LibraryId& library, const std::optional<SyncToken>& token,
                          std::stop_token stop) override {
      if (token) return FlakyPhotos::changes(library, token, std::move(stop));
      Mutex mutex;
      std::condition_variable_any never;
      Lock lock{mutex};
      hangs = true;
      never.wait(lock, stop, [] { return false; });
      return Error{ErrorKind::Cancelled, "stopped"};
    }
  };
  Hanging hanging{photos_, [](int) { return false; }};
  auto syncer = Syncer::start(hanging, *catalog_, naps_, options_, {});
  while (!hanging.hangs) std::this_thread::yield();
  syncer.reset();
  EXPECT_TRUE(state().listed);
  EXPECT_EQ(known().photos.size(), 10U);
}

}  // namespace
}  // namespace icloudphotos::sync
