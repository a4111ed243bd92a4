// SPDX-License-Identifier: MIT
#include "rounds.h"

#include <chrono>
#include <string>
#include <utility>

namespace icloudphotos {

bool Rounds::came_to(const Result<void>& round) {
  const auto sentence_of = [](const std::optional<Error>& error) { return error ? error->message() : std::string{}; };
  const auto now = clock_.now();
  auto trouble = round ? std::nullopt : std::optional{round.error()};
  const Lock lock{mutex_};
  ended_at_ = now;
  if (round) succeeded_at_ = now;
  trouble_.swap(trouble);
  return sentence_of(trouble_) != sentence_of(trouble);
}

void Rounds::ended(std::uint64_t number) {
  {
    const Lock lock{mutex_};
    last_ = number;
  }
  ended_.notify_all();
}

Result<void> Rounds::wait_for(std::uint64_t number, std::stop_token stop) {
  Lock lock{mutex_};
  if (!ended_.wait(lock, stop, [&]() REQUIRES(mutex_) { return last_ >= number; }))
    return Error{ErrorKind::Cancelled, "interrupted"};
  return trouble_ ? Result<void>{*trouble_} : Result<void>{};
}

std::optional<Error> Rounds::trouble() const {
  const Lock lock{mutex_};
  return trouble_;
}

void Rounds::write(JsonWriter& out) const {
  const auto put = [&](std::string_view name, std::optional<TimePoint> at) {
    if (at) out.member(name, std::int64_t{std::chrono::floor<std::chrono::seconds>(*at).time_since_epoch().count()});
  };
  const Lock lock{mutex_};
  put("ended", ended_at_);
  put("succeeded", succeeded_at_);
  if (trouble_) out.member("problem", trouble_->message());
}

}  // namespace icloudphotos
