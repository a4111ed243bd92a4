// SPDX-License-Identifier: MIT
#include "auth/pauses.h"

#include <algorithm>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "icloudphotos/base/log.h"

#include "auth/answers.h"

namespace icloudphotos::auth {
namespace {

using namespace std::chrono_literals;

constexpr Log log{"auth"};
constexpr std::chrono::seconds kLongestAsked = 1h;  // Retry-After is not taken for longer

struct Lengths {
  std::chrono::seconds first;
  std::chrono::seconds longest;
};
Lengths lengths(Service service) { return service == Service::Identity ? Lengths{15min, 6h} : Lengths{1min, 15min}; }

const Pause& of(const SavedSession& session, Service service) {
  return service == Service::Identity ? session.identity_pause : session.setup_pause;
}

std::string_view name_of(Service service) {
  return service == Service::Identity ? "Apple is refusing sign-ins" : "iCloud is not well";
}

}  // namespace

std::string clock_time(TimePoint at) {
  const auto seconds = std::chrono::system_clock::to_time_t(at);
  std::tm local{};
  ::localtime_r(&seconds, &local);
  return fmt::format("{:%H:%M}", local);
}

std::optional<TimePoint> paused_until(const SavedSession& session, Service service, TimePoint now) {
  const auto until = of(session, service).until;
  // One that lies too far ahead was noted by a clock that has been set right since.
  if (!until || now >= *until || *until > now + std::max(lengths(service).longest, kLongestAsked)) return std::nullopt;
  return until;
}

Result<void> Pauses::check(Service service) const {
  const auto now = clock_.now();
  const auto until = memory_.read([&](const SavedSession& session) { return paused_until(session, service, now); });
  if (!until) return {};
  return Error{ErrorKind::Throttled,
               fmt::format("{} for now; nothing was sent, try again after {}", name_of(service), clock_time(*until))};
}

Error Pauses::begin(Service service, const net::Response& response) {
  const auto now = clock_.now();
  const auto allowed = lengths(service);
  TimePoint until{};
  const auto noted = memory_.change([&](SavedSession& session) {
    auto& pause = service == Service::Identity ? session.identity_pause : session.setup_pause;
    const auto doublings = std::clamp<std::int64_t>(pause.in_a_row, 0, 8);
    auto length = std::min(allowed.first * (1 << doublings), allowed.longest);
    const auto asked = net::retry_after(response.headers, std::chrono::floor<std::chrono::seconds>(now));
    if (asked) length = std::max(length, std::min(*asked, kLongestAsked));
    until = now + length;
    pause = {until, doublings + 1};
  });
  if (!noted) log.warn("a pause cannot be kept for the next start reason={}", noted.error().message());
  return Error{ErrorKind::Throttled,
               with_apples_words(fmt::format("{} for now (status {}); try again after {}", name_of(service),
                                             true_status(response), clock_time(until)),
                                 response)};
}

}  // namespace icloudphotos::auth
