// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <stop_token>
#include <thread>
#include <vector>

#include "icloudphotos/cloud/photos.h"

#include "blob_writer.h"
#include "fetch_queue.h"
#include "shelf.h"

namespace icloudphotos::content {

/// Brings chunks that are not here: one request for each however many wait, readers before read-ahead, each read
/// answered by its deadline. Bytes of a resource that may not be given yet are held back (verification.h).
///
/// Threads: any. Workers download; one thread answers, so that nobody waits for a slow run or disk; one checks and keeps
/// what came, so that no connection waits for that.
class Fetcher {
 public:
  struct Options {
    unsigned workers = 16;
    std::chrono::milliseconds read_deadline{15'000};
  };
  /// Called for a reader who was given bytes that were wrong.
  using Corrupted = std::function<void(const ResourceRef&)>;
  /// Called when bytes come although iCloud could not be reached before.
  using Recovered = std::function<void()>;

  Fetcher(cloud::Photos& photos, Clock& clock, Shelf& shelf, Options options, Corrupted corrupted, Recovered recovered);
  /// Answers all that wait: Cancelled.
  ~Fetcher();
  Fetcher(const Fetcher&) = delete;
  Fetcher& operator=(const Fetcher&) = delete;

  void read(const std::shared_ptr<Reader>& reader, const ResourceRef& resource, Range range, ReadDone done);
  /// Has chunks fetched, `run` of them with one request.
  void read_ahead(const std::shared_ptr<Reader>& reader, const ResourceRef& resource, ChunkSpan chunks,
                  ChunkIndex run = kMaxRun, Urgency urgency = Urgency::Ahead);
  void forget_ahead(const Reader& reader);
  /// The next read asks the cloud, whatever was found out before; so does one whose request has come to a standstill.
  void forget_outage();
  /// How many are under way.
  [[nodiscard]] std::size_t downloads();

 private:
  /// So many requests may be over and not yet kept: a disk that is slower than the line makes it wait.
  static constexpr std::size_t kMaxLandings = 12;

  /// One request being made.
  struct Run {
    RunPlan plan;
    unsigned generation = 0;
    std::stop_source stop{};
    // Guarded by the fetcher's mutex_:
    std::uint64_t pieces_before = 0;  ///< Of all runs, when it began.
    std::uint64_t pieces = 0;
    Monotonic progressed{};
    std::map<ChunkIndex, std::shared_ptr<const Bytes>> came{};
    std::size_t undelivered = 0;
    unsigned restarts = 0;
    bool inconsistent = false;  ///< A chunk came before, with other bytes.
  };
  using Flight = std::shared_ptr<Run>;
  struct Arrival {
    Flight run;
    ChunkIndex chunk;
    std::shared_ptr<const Bytes> bytes;
    unsigned restarts;
  };
  struct Waiting {
    std::shared_ptr<PendingRead> read;
    std::weak_ptr<Reader> reader;
  };
  /// A request that is over.
  struct Landing {
    Flight run;
    Result<void> outcome;
  };
  struct Check {
    std::shared_ptr<Reader> reader;
    ResourceRef resource;
  };

  void wake_workers(std::size_t runs);
  void work(const std::stop_token& stop);
  [[nodiscard]] std::optional<RunPlan> take_run(const std::stop_token& stop);
  void fly(RunPlan plan);
  [[nodiscard]] bool skip_what_is_here(RunPlan& plan);
  [[nodiscard]] bool give_from_disk(const std::shared_ptr<Reader>& reader, ChunkIndex chunk);
  [[nodiscard]] Result<void> download(const Flight& run);
  void end_flight();

  void keep();
  void settle(const Flight& run, const Result<void>& outcome);
  void finish(const Flight& run, const std::map<ChunkIndex, std::shared_ptr<const Bytes>>& came);
  void fail(const Flight& run, Error error);

  void check(const std::shared_ptr<Reader>& reader, const ResourceRef& resource);
  void check_soon(const std::shared_ptr<Reader>& reader, const ResourceRef& resource);
  void release(const std::shared_ptr<Reader>& reader);
  void fetch_rest(const std::shared_ptr<Reader>& reader, const ResourceRef& resource);
  void mismatch(const std::shared_ptr<Reader>& reader, const ResourceRef& resource, unsigned generation);
  void take_back(const std::shared_ptr<Reader>& reader, const ResourceRef& resource);
  void fetch_again(const std::shared_ptr<Reader>& reader, const ResourceRef& resource);

  void answer(const std::stop_token& stop);
  void deliver(const Arrival& arrival);
  [[nodiscard]] bool completes(const Reader& reader, ChunkIndex chunk);
  [[nodiscard]] std::vector<Waiting> take_overdue() REQUIRES(mutex_);
  void expire(const std::vector<Waiting>& overdue);
  [[nodiscard]] Reads begin_outage(const Error& error, Monotonic now) REQUIRES(mutex_);
  void give(Reader& reader, const Reads& reads, ChunkIndex chunk, const Bytes& bytes, unsigned generation);

  cloud::Photos& photos_;
  Clock& clock_;
  Shelf& shelf_;
  const Options options_;
  const Corrupted corrupted_;
  const Recovered recovered_;

  Mutex mutex_;                          ///< Before the locks of readers, their parts, pending reads and the overflow.
  std::condition_variable_any wanted_;   ///< Work for a worker.
  std::condition_variable_any arrived_;  ///< Work for who answers.
  std::condition_variable_any delivered_;
  std::condition_variable_any landed_;  ///< Work for who keeps.
  FetchQueue queue_ GUARDED_BY(mutex_);
  std::deque<Arrival> arrivals_ GUARDED_BY(mutex_);
  std::deque<Waiting> pending_ GUARDED_BY(mutex_);  ///< In order of their deadlines.
  std::set<Flight> runs_ GUARDED_BY(mutex_);
  std::deque<Landing> landings_ GUARDED_BY(mutex_);
  std::deque<Check> checks_ GUARDED_BY(mutex_);
  std::size_t flying_ GUARDED_BY(mutex_) = 0;  ///< From the request's beginning until what came of it is kept.
  bool stopping_ GUARDED_BY(mutex_) = false;
  /// The cloud could not be reached. Until then nobody is let through; after that one request, until one succeeds.
  std::optional<Error> outage_ GUARDED_BY(mutex_);
  Monotonic outage_until_ GUARDED_BY(mutex_){};
  Monotonic forgiven_ GUARDED_BY(mutex_){Monotonic::min()};  ///< What failed until then is no reason to refuse.
  std::optional<Monotonic> progressed_ GUARDED_BY(mutex_);   ///< When bytes came last, of any run.
  std::uint64_t pieces_ GUARDED_BY(mutex_) = 0;              ///< How often bytes came.

  std::vector<std::jthread> threads_;  ///< Last member: joined before the rest goes.
};

}  // namespace icloudphotos::content
