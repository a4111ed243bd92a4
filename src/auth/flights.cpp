// SPDX-License-Identifier: MIT
#include "auth/flights.h"

#include <optional>

namespace icloudphotos::auth {
namespace {

using namespace std::chrono_literals;

/// How long a failure stands in for another try.
std::chrono::milliseconds believed_for(Flight kind, ErrorKind error) {
  // The network may be back at once; everything else takes a while to change.
  if (error == ErrorKind::Offline || error == ErrorKind::Cancelled) return 0ms;
  const bool for_a_person = error == ErrorKind::NeedsSignIn || error == ErrorKind::Refused;
  return kind == Flight::Keys && for_a_person ? 10min : 1min;
}

bool is_silent(Flight kind) { return kind == Flight::Renewal || kind == Flight::Keys; }

}  // namespace

std::uint64_t Flights::epoch() const {
  const Lock lock{mutex_};
  return epoch_;
}

bool Flights::asks_a_person() const {
  const Lock lock{mutex_};
  return flight_ == Flight::Person;
}

void Flights::interrupt() {
  std::stop_source stop{std::nostopstate};
  {
    const Lock lock{mutex_};
    stop = stop_;
  }
  stop.request_stop();  // calls out
}

std::optional<Result<void>> Flights::wait(Flight kind, std::uint64_t seen, std::stop_token stop, Lock& lock) {
  const auto until = clock_.monotonic() + patience_;
  for (;;) {
    if (is_silent(kind) && epoch_ != seen) return Result<void>{};
    if (!flight_) break;
    // Nobody waits for a person but whoever asked for one.
    if (is_silent(kind) && flight_ == Flight::Person)
      return Error{ErrorKind::NeedsSignIn, "somebody is signing in at this moment"};
    const bool alike = flight_ == kind;
    const auto number = number_;
    const auto over = [&]() REQUIRES(mutex_) { return !flight_ || number_ != number; };
    const auto patience = until - clock_.monotonic();
    const bool landed = is_silent(kind) ? landed_.wait_for(lock, stop, patience, over) : landed_.wait(lock, stop, over);
    if (!landed && stop.stop_requested()) return Error{ErrorKind::Cancelled, "interrupted"};
    if (!landed) return Error{ErrorKind::Throttled, "signing in again takes its time; try again in a minute"};
    if (!alike) continue;
    const auto failed = failures_.find(kind);
    if (failed == failures_.end()) return Result<void>{};
    // That one was told to stop, we were not.
    if (failed->second.error.kind() != ErrorKind::Cancelled) return failed->second.error;
  }
  const auto failed = failures_.find(kind);
  if (is_silent(kind) && failed != failures_.end() && clock_.monotonic() < failed->second.believed_until)
    return failed->second.error;
  return std::nullopt;
}

Result<void> Flights::run(Flight kind, std::uint64_t seen, std::stop_token stop, const Way& way) {
  std::stop_source mine;
  {
    Lock lock{mutex_};
    if (auto done = wait(kind, seen, stop, lock)) return *done;
    flight_ = kind;
    stop_ = mine;
    ++number_;
  }
  const std::stop_callback relay{stop, [&mine] { mine.request_stop(); }};
  const auto result = way(mine.get_token());
  land(kind, result);
  return result;
}

void Flights::land(Flight kind, const Result<void>& result) {
  {
    const Lock lock{mutex_};
    flight_.reset();
    stop_ = std::stop_source{std::nostopstate};
    if (result) {
      ++epoch_;
      failures_.clear();
    } else {
      const auto error = result.error();
      failures_.insert_or_assign(kind, Failure{error, clock_.monotonic() + believed_for(kind, error.kind())});
    }
  }
  landed_.notify_all();
}

}  // namespace icloudphotos::auth
