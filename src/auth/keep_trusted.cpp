// SPDX-License-Identifier: MIT
// Trust in this computer is what spares a person the next code, so it is renewed long before it ends.
#include <algorithm>
#include <chrono>

#include "icloudphotos/base/log.h"

#include "auth/apple_session.h"
#include "auth/pauses.h"
#include "auth/trust.h"

namespace icloudphotos::auth {
namespace {

using namespace std::chrono_literals;

constexpr Log log{"auth"};
// Machines sleep and clocks are set, so the time of day is looked at often.
constexpr std::chrono::milliseconds kLongestSleep = 15min;

}  // namespace

Result<void> AppleSession::renew_trust(std::stop_token stop) {
  auto renewed = flights_.run(Flight::Trust, 0, stop, [&](std::stop_token mine) -> Result<void> {
    const auto due = memory_.read([&](const SavedSession& session) { return until_renewal(session, clock_.now()); });
    if (due != 0ms) return Error{ErrorKind::Cancelled, "somebody signed in, or out, meanwhile"};
    Pauses pauses{memory_, clock_};
    TRY(pauses.check(Service::Identity));
    TRY(pauses.check(Service::Setup));
    const auto response = TRY(calls_.trust(mine));
    const int status = true_status(response);
    if (is_throttle(status)) return pauses.begin(Service::Identity, response);
    // A new token that came was kept with the answer; without one the old token stays.
    if (memory_.read([&](const SavedSession& session) { return until_renewal(session, clock_.now()); }) == 0ms)
      return Error{ErrorKind::Protocol, with_apples_words("trust was not renewed", response)};
    return SignIn{calls_, clock_, options_, memory_}.with_tokens(mine);
  });
  if (renewed || renewed.error().kind() == ErrorKind::Cancelled) return renewed;
  const auto noted = memory_.change([&](SavedSession& session) { note_failed_renewal(session, clock_.now()); });
  if (!noted) log.warn("when to renew trust again cannot be kept reason={}", noted.error().message());
  return renewed;
}

void AppleSession::keep_trusted(std::stop_token stop) {
  while (!stop.stop_requested()) {
    auto due = memory_.read([&](const SavedSession& session) { return until_renewal(session, clock_.now()); });
    if (due == 0ms) {
      const auto renewed = renew_trust(stop);
      if (renewed) {
        log.info("trust in this computer was renewed");
      } else if (renewed.error().kind() != ErrorKind::Cancelled) {
        log.warn("trust in this computer could not be renewed, trying again later reason={}",
                 renewed.error().message());
      }
      due.reset();
    }
    bool warns = false;
    const auto noted = memory_.change([&](SavedSession& session) { warns = warns_of_end(session, clock_.now()); });
    if (!noted) log.warn("that trust ends cannot be noted reason={}", noted.error().message());
    if (warns) tell(SessionEvent::TrustEnding);
    if (!clock_.sleep_for(std::min(due.value_or(kLongestSleep), kLongestSleep), stop)) return;
  }
}

}  // namespace icloudphotos::auth
