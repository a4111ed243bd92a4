// SPDX-License-Identifier: MIT
#include "auth/standing.h"

#include <utility>

#include "icloudphotos/base/log.h"

namespace icloudphotos::auth {
namespace {

using namespace std::chrono_literals;

constexpr Log log{"auth"};
constexpr auto kLookAgainAfter = 10min;

}  // namespace

Standing::Standing(Memory& memory, Clock& clock) : memory_{memory}, clock_{clock} {
  const Lock lock{mutex_};
  ready_ = memory_.read([](const SavedSession& session) { return session.signed_in; });
}

std::optional<SessionEvent> Standing::ready() {
  {
    const Lock lock{mutex_};
    obstacle_.reset();
    problem_.reset();
    look_again_.reset();
    if (std::exchange(ready_, true)) return std::nullopt;
  }
  const auto saved = memory_.change([](SavedSession& session) { session.person_told = false; });
  if (!saved) log.warn("that somebody signed in cannot be kept reason={}", saved.error().message());
  return SessionEvent::Ready;
}

void Standing::waits(const Error& why) {
  const Lock lock{mutex_};
  ready_ = false;
  obstacle_ = problem_ = why;
  look_again_.reset();
}

void Standing::hindered(const Error& why) {
  const Lock lock{mutex_};
  problem_ = why;
}

std::optional<SessionEvent> Standing::needs_person(const Error& why, Mends mends) {
  {
    const Lock lock{mutex_};
    ready_ = false;
    obstacle_ = problem_ = why;
    look_again_.reset();
    if (mends == Mends::Later) look_again_ = clock_.monotonic() + kLookAgainAfter;
  }
  bool told = false;
  const auto saved = memory_.change([&](SavedSession& session) { told = std::exchange(session.person_told, true); });
  if (!saved) log.warn("that a person was told cannot be kept reason={}", saved.error().message());
  if (told) return std::nullopt;
  return SessionEvent::NeedsPerson;
}

std::optional<Error> Standing::obstacle() const {
  const Lock lock{mutex_};
  if (look_again_ && clock_.monotonic() >= *look_again_) return std::nullopt;
  return obstacle_;
}

bool Standing::needs_somebody() const {
  const Lock lock{mutex_};
  return obstacle_.has_value();
}

std::optional<Error> Standing::problem() const {
  const Lock lock{mutex_};
  return problem_;
}

}  // namespace icloudphotos::auth
