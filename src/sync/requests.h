// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/result.h"

namespace icloudphotos::sync {

/// Requests side by side: they run on threads of ours, what to do with their answers on the thread that calls `finish`.
///
/// Threads   One caller. Destruction cancels what is under way and waits for it.
class Requests {
 public:
  enum class Turn { First, Later };
  /// What requests are about, for `prefer`.
  using Subject = const void*;

  Requests(int in_flight, std::stop_token stop);
  ~Requests();

  /// Asks, and gives the Result to `use` (on the caller's thread), which may ask for more. Transient errors are tried
  /// again, a few times and after everything else that waits, before `use` sees them.
  template <class Ask, class Use>
  void ask(Turn turn, Subject subject, Ask ask, Use use, int tries = kTries) {
    add(turn, subject, [this, turn, subject, ask, use, tries](std::stop_token stop) -> Then {
      return [this, turn, subject, ask, use, tries, answer = ask(std::move(stop))]() mutable -> Result<void> {
        if (!answer && tries > 1 && is_transient(answer.error().kind())) {
          this->ask(turn, subject, ask, use, tries - 1);
          return {};
        }
        return use(std::move(answer));
      };
    });
  }

  template <class Ask, class Use>
  void ask(Turn turn, Ask ask, Use use) {
    this->ask(turn, nullptr, std::move(ask), std::move(use));
  }
  /// Requests about this that wait go before all others.
  void prefer(Subject subject);

  /// Uses answers as they come until all is done, and calls `rest` whenever none is waiting. The first Error of either
  /// ends it and cancels the rest.
  [[nodiscard]] Result<void> finish(const std::function<Result<void>()>& rest);

 private:
  using Then = std::function<Result<void>()>;
  using Job = std::function<Then(std::stop_token)>;
  static constexpr int kTries = 3;

  [[nodiscard]] static bool is_transient(ErrorKind kind);
  struct Waiting {
    Subject subject;
    Job job;
  };
  void add(Turn turn, Subject subject, Job job);
  void work();
  [[nodiscard]] Job next_job();
  /// Answers waiting; with none, waits for some. Empty: everything is done, or we are asked to stop.
  [[nodiscard]] std::deque<Then> take_answers(bool wait);
  [[nodiscard]] bool idle() const { return first_.empty() && later_.empty() && running_ == 0 && answers_.empty(); }

  std::stop_source cancel_;
  std::stop_callback<std::function<void()>> stopped_;

  Mutex mutex_;  ///< never held while asking or using
  std::condition_variable_any changed_;
  std::deque<Waiting> first_;
  std::deque<Waiting> later_;
  std::deque<Then> answers_;
  int running_ = 0;
  std::vector<std::jthread> workers_;  ///< last member: joined before the rest goes
};

}  // namespace icloudphotos::sync
