// SPDX-License-Identifier: MIT
#include "fetcher.h"

#include <algorithm>
#include <exception>
#include <utility>

#include <fmt/format.h>

#include "icloudphotos/base/log.h"

namespace icloudphotos::content {
namespace {

constexpr Log log{"content"};
/// While others got bytes so recently, one failed request is no outage.
constexpr std::chrono::seconds kSignOfLife{2};
/// A request without a byte for so long may be on a connection that is dead since the network changed.
constexpr std::chrono::seconds kStandstill{2};
/// A reader's request for more than this is shared by several connections.
constexpr ChunkIndex kReadersRun = chunks_in(512 << 10);

/// Whether every other request would fare the same.
bool concerns_all(ErrorKind kind) {
  return kind == ErrorKind::NeedsSignIn || kind == ErrorKind::Throttled || kind == ErrorKind::Offline;
}

/// Whether it is about this photo, and says nothing about another one with equal bytes.
bool concerns_photo(ErrorKind kind) {
  return kind == ErrorKind::Gone || kind == ErrorKind::NotFound || kind == ErrorKind::Rejected;
}

bool same_photo(const ResourceRef& a, const ResourceRef& b) { return a.asset == b.asset && a.library == b.library; }

}  // namespace

Fetcher::Fetcher(cloud::Photos& photos, Clock& clock, Shelf& shelf, Options options, Corrupted corrupted,
                 Recovered recovered)
    : photos_{photos},
      clock_{clock},
      shelf_{shelf},
      options_{options},
      corrupted_{std::move(corrupted)},
      recovered_{std::move(recovered)} {
  threads_.emplace_back([this](const std::stop_token& stop) { answer(stop); });
  threads_.emplace_back([this] { keep(); });
  for (unsigned i = 0; i < std::max(options_.workers, 1U); ++i) {
    threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
  }
}

Fetcher::~Fetcher() {
  Reads waiting;
  std::set<Flight> runs;
  {
    const Lock lock{mutex_};
    stopping_ = true;
    waiting = queue_.take_all();
    runs = runs_;
    checks_.clear();
  }
  for (auto& thread : threads_) thread.request_stop();
  for (const auto& run : runs) run->stop.request_stop();
  delivered_.notify_all();
  landed_.notify_all();
  for (const auto& read : waiting) read->fail(Error{ErrorKind::Cancelled, "the file system is being unmounted"});
}

void Fetcher::read(const std::shared_ptr<Reader>& reader, const ResourceRef& resource, Range range, ReadDone done) {
  const auto now = clock_.monotonic();
  const auto read = std::make_shared<PendingRead>(resource, range, now + options_.read_deadline, std::move(done));
  const auto span = chunks_of(range);
  auto generation = reader->blob.generation();
  std::vector<ChunkIndex> lacking;
  for (auto i = span.first; i < span.end; ++i) {
    const auto bytes = reader->verification.may_give({i, i + 1}) ? shelf_.load(*reader, i) : nullptr;
    if (bytes) {
      give(*reader, {read}, i, *bytes, generation);
    } else {
      lacking.push_back(i);
    }
  }
  if (lacking.empty()) return;

  std::optional<Error> refusal;
  std::vector<std::pair<ChunkIndex, std::shared_ptr<const Bytes>>> just_came;
  ChunkIndex queued = 0;
  bool distrusted = false;
  bool is_first = false;
  {
    const Lock lock{mutex_};
    if (stopping_) refusal.emplace(ErrorKind::Cancelled, "the file system is being unmounted");
    if (!refusal && outage_ && now < outage_until_) refusal = outage_;
    if (!refusal) refusal = reader->failure.recall(resource, now, forgiven_);
    if (const auto current = reader->blob.generation(); current != generation) {
      // What was just filled in turned out to be wrong.
      generation = current;
      read->start_over(generation);
      lacking.clear();
      for (auto i = span.first; i < span.end; ++i) lacking.push_back(i);
    }
    if (!refusal) {
      const auto wishes = queue_.size();
      for (const auto i : lacking) {
        // It may have come to rest in memory since we looked there.
        const auto kept = queue_.find(*reader, i) == nullptr ? shelf_.overflow().get(reader->blob.key(), i) : nullptr;
        if (kept && reader->verification.may_give({i, i + 1})) {
          just_came.emplace_back(i, kept);
          continue;
        }
        auto& wish = queue_.want(reader, resource, i, Urgency::Reader, kReadersRun);
        if (wish.state == Wish::State::Queued) ++queued;
        if (wish.bytes && reader->verification.may_give({i, i + 1})) {
          just_came.emplace_back(i, wish.bytes);
        } else {
          wish.waiting.push_back(read);
        }
      }
      // None of it is given before all of it is proven, so all of it is wanted.
      distrusted = reader->verification.distrusted();
      if (distrusted && queue_.size() > wishes) {
        for (const auto i : reader->blob.missing()) queue_.want(reader, resource, i, Urgency::Ahead).keep = true;
      }
      is_first = pending_.empty();
      pending_.push_back({read, reader});
    }
  }
  wake_workers(distrusted ? options_.workers : queued);
  if (is_first) arrived_.notify_one();
  for (const auto& [chunk, bytes] : just_came) give(*reader, {read}, chunk, *bytes, generation);
  if (refusal) read->fail(*refusal);
}

void Fetcher::read_ahead(const std::shared_ptr<Reader>& reader, const ResourceRef& resource, ChunkSpan chunks,
                         ChunkIndex run, Urgency urgency) {
  const auto now = clock_.monotonic();
  ChunkIndex queued = 0;
  {
    const Lock lock{mutex_};
    if (stopping_ || outage_ || reader->failure.recall(resource, now, forgiven_)) return;
    for (auto i = chunks.first; i < chunks.end; ++i) {
      if (reader->blob.has(i) || shelf_.overflow().get(reader->blob.key(), i)) continue;
      queue_.want(reader, resource, i, urgency, run);
      ++queued;
    }
  }
  wake_workers((queued + run - 1) / run);
}

void Fetcher::forget_ahead(const Reader& reader) {
  const Lock lock{mutex_};
  queue_.forget_ahead(reader);
}

std::size_t Fetcher::downloads() {
  const Lock lock{mutex_};
  return runs_.size();
}

void Fetcher::forget_outage() {
  const auto now = clock_.monotonic();
  std::vector<Flight> stalled;
  {
    const Lock lock{mutex_};
    outage_.reset();
    forgiven_ = now;
    for (const auto& run : runs_) {
      if (now - run->progressed >= kStandstill) stalled.push_back(run);
    }
  }
  wanted_.notify_all();
  for (const auto& run : stalled) run->stop.request_stop();
}

/// Those that are at work look for more themselves.
void Fetcher::wake_workers(std::size_t runs) {
  for (; runs > 0; --runs) wanted_.notify_one();
}

void Fetcher::work(const std::stop_token& stop) {
  while (auto plan = take_run(stop)) fly(*std::move(plan));
}

std::optional<RunPlan> Fetcher::take_run(const std::stop_token& stop) {
  Lock lock{mutex_};
  std::optional<RunPlan> plan;
  wanted_.wait(lock, stop, [&]() REQUIRES(mutex_) {
    // After an outage one request finds out whether it is over; the others wait for what it finds.
    if (!stopping_ && landings_.size() < kMaxLandings && (!outage_ || flying_ == 0)) plan = queue_.take_run();
    return plan.has_value();
  });
  if (stop.stop_requested()) return std::nullopt;
  if (plan) ++flying_;
  return plan;
}

void Fetcher::fly(RunPlan plan) {
  const auto run = std::make_shared<Run>();
  try {
    run->plan = std::move(plan);
    if (!skip_what_is_here(run->plan)) return end_flight();
    run->generation = run->plan.reader->blob.generation();
    {
      const Lock lock{mutex_};
      if (stopping_) {
        --flying_;
        landed_.notify_all();
        return;
      }
      run->progressed = clock_.monotonic();
      run->pieces_before = pieces_;
      runs_.insert(run);
    }
    auto outcome = download(run);
    {
      const Lock lock{mutex_};
      landings_.push_back({run, std::move(outcome)});
    }
    landed_.notify_all();
  } catch (const std::exception& problem) {
    {
      const Lock lock{mutex_};
      run->came.clear();
      runs_.erase(run);
    }
    fail(run, Error{ErrorKind::Storage, fmt::format("cannot fetch: {}", problem.what())});
    end_flight();
  }
}

void Fetcher::end_flight() {
  bool others_wait = false;
  {
    const Lock lock{mutex_};
    --flying_;
    others_wait = outage_.has_value();
  }
  if (others_wait) wanted_.notify_all();
  landed_.notify_all();
}

bool Fetcher::skip_what_is_here(RunPlan& plan) {
  auto& chunks = plan.chunks;
  bool withheld = false;
  const auto skip = [&](ChunkIndex chunk) {
    if (!plan.reader->blob.has(chunk) || !give_from_disk(plan.reader, chunk)) return false;
    withheld = withheld || !plan.reader->verification.may_give({chunk, chunk + 1});
    return true;
  };
  while (!chunks.empty() && skip(chunks.first)) ++chunks.first;
  while (!chunks.empty() && skip(chunks.end - 1)) --chunks.end;
  if (withheld) check_soon(plan.reader, plan.resource);
  return !chunks.empty();
}

bool Fetcher::give_from_disk(const std::shared_ptr<Reader>& reader, ChunkIndex chunk) {
  const auto generation = reader->blob.generation();
  const auto bytes = reader->blob.load(chunk);
  if (!bytes) return false;
  Reads reads;
  {
    const Lock lock{mutex_};
    auto* wish = queue_.find(*reader, chunk);
    if (wish == nullptr) return true;
    if (!reader->verification.may_give({chunk, chunk + 1})) {
      wish->state = Wish::State::Withheld;
      return true;
    }
    reads = std::move(wish->waiting);
    queue_.erase(*reader, chunk);
  }
  give(*reader, reads, chunk, *bytes, generation);
  return true;
}

Result<void> Fetcher::download(const Flight& run) {
  const auto& plan = run->plan;
  const auto first = chunk_range(plan.chunks.first, plan.resource.size);
  const auto last = chunk_range(plan.chunks.end - 1, plan.resource.size);
  const Range range{first.offset, last.end() - first.offset};
  BlobWriter writer{range,
                    {.progressed =
                         [&] {
                           const auto now = clock_.monotonic();
                           const Lock lock{mutex_};
                           ++pieces_;
                           ++run->pieces;
                           run->progressed = now;
                           progressed_ = now;
                         },
                     .came =
                         [&](ChunkIndex chunk, std::shared_ptr<const Bytes> bytes) {
                           bool is_first = false;
                           {
                             const Lock lock{mutex_};
                             is_first = arrivals_.empty();
                             arrivals_.push_back({run, chunk, std::move(bytes), run->restarts});
                             ++run->undelivered;
                           }
                           if (is_first) arrived_.notify_one();  // else who answers knows already
                         },
                     .restarted =
                         [&] {
                           const Lock lock{mutex_};
                           ++run->restarts;
                           run->came.clear();
                         }}};
  log.debug("fetching asset={} offset={} bytes={}", plan.resource.asset.value, range.offset, range.length);
  TRY(photos_.download(plan.resource, range, writer, run->stop.get_token()));
  if (writer.exact()) return {};
  return Error{ErrorKind::Protocol, fmt::format("iCloud sent {} bytes instead of {}", writer.received(), range.length)};
}

void Fetcher::fail(const Flight& run, Error error) {
  const auto now = clock_.monotonic();
  const auto& plan = run->plan;
  auto& reader = *plan.reader;
  Reads failed;
  bool begins = false;
  {
    const Lock lock{mutex_};
    if (stopping_) return;
    // We stopped it ourselves because nothing came, and said so to those who waited. Who came since is not to blame.
    const bool stalled = error.kind() == ErrorKind::Cancelled;
    if (stalled) error = Error{ErrorKind::Offline, "iCloud does not answer"};
    for (auto chunk = plan.chunks.first; chunk < plan.chunks.end; ++chunk) {
      auto* wish = queue_.find(reader, chunk);
      if (wish == nullptr || wish->state != Wish::State::Flying || run->came.contains(chunk)) continue;
      if (error.kind() == ErrorKind::Protocol && !std::exchange(wish->retried, true)) {
        queue_.requeue(reader, chunk);
        continue;
      }
      if (stalled) std::erase_if(wish->waiting, [](const auto& read) { return read->answered(); });
      if (stalled && !wish->waiting.empty()) {
        queue_.requeue(reader, chunk);
        continue;
      }
      const auto others = std::partition(wish->waiting.begin(), wish->waiting.end(), [&](const auto& read) {
        return !concerns_photo(error.kind()) || same_photo(read->resource(), plan.resource);
      });
      failed.insert(failed.end(), wish->waiting.begin(), others);
      wish->waiting.erase(wish->waiting.begin(), others);
      if (wish->waiting.empty()) {
        queue_.erase(reader, chunk);
      } else {
        wish->resource = wish->waiting.front()->resource();
        queue_.requeue(reader, chunk);
      }
    }
    // What waits for the whole to be proven waits for these chunks.
    if (!failed.empty() && reader.verification.withholding()) {
      const auto held = queue_.take_all(reader);
      failed.insert(failed.end(), held.begin(), held.end());
    }
    const bool others_live =
        pieces_ - run->pieces_before > run->pieces && progressed_ && now - *progressed_ < kSignOfLife;
    if (!stalled && concerns_all(error.kind()) && (error.kind() != ErrorKind::Offline || !others_live)) {
      begins = !outage_;
      const auto queued = begin_outage(error, now);
      failed.insert(failed.end(), queued.begin(), queued.end());
    } else if (!failed.empty()) {
      reader.failure.remember(plan.resource, error, now);
    }
  }
  if (begins) log.warn("reads fail until iCloud answers again reason=\"{}\"", error.message());
  log.debug("fetching failed asset={} reason=\"{}\"", plan.resource.asset.value, error.message());
  wanted_.notify_all();
  for (const auto& read : failed) read->fail(error);
}

void Fetcher::give(Reader& reader, const Reads& reads, ChunkIndex chunk, const Bytes& bytes, unsigned generation) {
  for (const auto& read : reads) read->fill(chunk, bytes, generation, reader.verification);
}

}  // namespace icloudphotos::content
