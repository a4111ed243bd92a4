// SPDX-License-Identifier: MIT
#include "troubles.h"

#include <chrono>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace icloudphotos {

std::string day_of(TimePoint at) {
  const auto seconds =
      static_cast<std::time_t>(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
  std::tm local{};
  ::localtime_r(&seconds, &local);
  return fmt::format("{:%Y-%m-%d}", local);
}

void Troubles::note(const Error& error) {
  if (error.kind() == ErrorKind::Cancelled) return;
  const auto now = clock_.now();
  auto day = day_of(now);
  const Lock lock{mutex_};
  if (day != day_) {
    day_ = std::move(day);
    kinds_.clear();
  }
  ++kinds_[error.kind()];
  last_ = Last{now, error};
}

void Troubles::write(JsonWriter& out) const {
  const auto today = day_of(clock_.now());
  const Lock lock{mutex_};
  const bool any = day_ == today;
  std::int64_t count = 0;
  out.object().key("kinds").object();
  if (any) {
    for (const auto& [kind, times] : kinds_) {
      out.member(name_of(kind), times);
      count += times;
    }
  }
  out.end().member("count", count);
  if (any && last_) {
    out.key("last").object();
    out.member("at", std::int64_t{std::chrono::floor<std::chrono::seconds>(last_->at).time_since_epoch().count()});
    out.member("kind", name_of(last_->error.kind())).member("sentence", last_->error.message()).end();
  }
  out.end();
}

}  // namespace icloudphotos
