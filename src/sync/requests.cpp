// SPDX-License-Identifier: MIT
#include "requests.h"

#include <algorithm>
#include <exception>
#include <iterator>
#include <string>

namespace icloudphotos::sync {
namespace {

/// Answers not used yet are memory; beyond so many the threads wait.
constexpr std::size_t kMostAnswers = 32;

}  // namespace

Requests::Requests(int in_flight, std::stop_token stop)
    : stopped_{std::move(stop), [this] { cancel_.request_stop(); }} {
  for (int i = 0; i < std::max(in_flight, 1); ++i) workers_.emplace_back([this] { work(); });
}

Requests::~Requests() { cancel_.request_stop(); }

bool Requests::is_transient(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::Throttled:
    case ErrorKind::Offline:
    case ErrorKind::Protocol:
    case ErrorKind::Incomplete:
    case ErrorKind::Corrupt:
      return true;
    case ErrorKind::NotFound:
    case ErrorKind::Gone:
    case ErrorKind::NeedsSignIn:
    case ErrorKind::Refused:
    case ErrorKind::Rejected:
    case ErrorKind::StaleToken:
    case ErrorKind::Storage:
    case ErrorKind::Usage:
    case ErrorKind::Cancelled:
      return false;
  }
  return false;
}

Result<void> Requests::finish(const std::function<Result<void>()>& rest) {
  const auto use_all = [&]() -> Result<void> {
    for (;;) {
      auto answers = take_answers(false);
      if (answers.empty()) {
        TRY(rest());
        answers = take_answers(true);
        if (answers.empty()) break;
      }
      for (auto& then : answers) TRY(then());
    }
    if (cancel_.stop_requested()) return Error{ErrorKind::Cancelled, "asked to stop"};
    return {};
  };
  auto result = use_all();
  if (!result) cancel_.request_stop();
  return result;
}

void Requests::add(Turn turn, Subject subject, Job job) {
  {
    const Lock lock{mutex_};
    (turn == Turn::First ? first_ : later_).push_back({subject, std::move(job)});
  }
  changed_.notify_all();
}

void Requests::prefer(Subject subject) {
  const Lock lock{mutex_};
  const auto about = [&](const Waiting& one) { return one.subject == subject; };
  const auto others = std::stable_partition(later_.begin(), later_.end(), about);
  first_.insert(first_.begin(), std::make_move_iterator(later_.begin()), std::make_move_iterator(others));
  later_.erase(later_.begin(), others);
  std::stable_partition(first_.begin(), first_.end(), about);
}

void Requests::work() {
  while (const auto job = next_job()) {
    Then then;
    try {
      then = job(cancel_.get_token());
    } catch (const std::exception& failure) {
      then = [what = std::string{failure.what()}] { return Result<void>{Error{ErrorKind::Storage, what}}; };
    }
    {
      const Lock lock{mutex_};
      --running_;
      answers_.push_back(std::move(then));
    }
    changed_.notify_all();
  }
}

Requests::Job Requests::next_job() {
  Lock lock{mutex_};
  const auto ready = [&] { return !(first_.empty() && later_.empty()) && answers_.size() < kMostAnswers; };
  if (!changed_.wait(lock, cancel_.get_token(), ready) || cancel_.stop_requested()) return {};
  auto& queue = first_.empty() ? later_ : first_;
  auto job = std::move(queue.front().job);
  queue.pop_front();
  ++running_;
  return job;
}

std::deque<Requests::Then> Requests::take_answers(bool wait) {
  std::deque<Then> taken;
  {
    Lock lock{mutex_};
    if (wait) changed_.wait(lock, cancel_.get_token(), [&] { return !answers_.empty() || idle(); });
    taken.swap(answers_);
  }
  if (!taken.empty()) changed_.notify_all();  // there is room again
  return taken;
}

}  // namespace icloudphotos::sync
