// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <thread>

#include <sys/types.h>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/result.h"

namespace icloudphotos::fuse {

/// The requests that wait. Each ends once: by its own result, by its deadline, by a fatal signal, or with everything.
///
/// A call is `begin`-ed before it can be answered, so that a signal that comes early is not lost. `wait` gives it what
/// to try when there is news; a call that needs no waiting is `end`-ed at once.
///
/// Threads   Any; attempts run on the thread inside, under no lock.
class Calls {
 public:
  using Id = std::uint64_t;
  enum class Why { News, Deadline, Signal, Over };
  /// Tries to answer. Must answer for any `why` but News; says whether it did.
  using Attempt = std::function<bool(Why why)>;

  explicit Calls(Clock& clock);
  ~Calls();

  [[nodiscard]] Id begin(pid_t caller);
  void wait(Id call, std::optional<Monotonic> deadline, Attempt attempt);
  void end(Id call);
  void interrupt(Id call);
  void news();
  /// Ends all, also those to come, and returns when none is being answered any more.
  void finish();

 private:
  struct Call {
    pid_t caller = 0;
    std::uint64_t seen = 0;  // the news there was when it was announced
    bool interrupted = false;
    std::optional<Monotonic> deadline;
    std::shared_ptr<const Attempt> attempt;  // null while it is only announced, or being tried
  };

  void serve(std::stop_token stop);
  /// Runs the attempts of all calls that are due, each by one thread at a time.
  void try_all(bool news);
  /// The call goes on waiting, and `attempt` is let go; not when everything is over.
  [[nodiscard]] bool give_back(Id call, std::shared_ptr<const Attempt>& attempt);
  [[nodiscard]] std::optional<Why> due(Call& call, bool news) const;

  Clock& clock_;
  Mutex mutex_;  ///< who waits; never held while calling out
  std::condition_variable_any changed_;
  std::map<Id, Call> calls_ GUARDED_BY(mutex_);
  Id last_ GUARDED_BY(mutex_) = 0;
  std::uint64_t news_ GUARDED_BY(mutex_) = 0;   ///< How often there was news.
  std::uint64_t tried_ GUARDED_BY(mutex_) = 0;  ///< The news that all calls were tried with.
  bool signal_ GUARDED_BY(mutex_) = false;
  bool over_ GUARDED_BY(mutex_) = false;
  std::jthread thread_;  ///< last member: joined before the rest goes
};

}  // namespace icloudphotos::fuse
