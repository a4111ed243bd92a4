// SPDX-License-Identifier: MIT
#include "auth/trust.h"

#include <algorithm>
#include <cstdint>

#include "icloudphotos/base/text.h"

namespace icloudphotos::auth {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds kTrustLasts = 24h * 30;
constexpr milliseconds kWeek = 24h * 7;
constexpr milliseconds kJitter = 24h;  // to either side
constexpr milliseconds kFirstRetry = 1h;
constexpr milliseconds kLongestRetry = 24h;
constexpr std::int64_t kMostDoublings = 5;

/// Somewhere between 0 and `most`.
milliseconds some_of(milliseconds most) {
  std::uint64_t number = 0;
  for (const auto byte : random_bytes(sizeof number)) number = number << 8 | std::to_integer<std::uint64_t>(byte);
  return milliseconds{static_cast<std::int64_t>(number % static_cast<std::uint64_t>(most.count()))};
}

}  // namespace

void note_trust(SavedSession& session, TimePoint now) {
  session.trusted_since = now;
  session.renew_trust_at = now + kWeek - kJitter + some_of(2 * kJitter);
  session.failed_renewals = session.warned_days = 0;
}

void note_failed_renewal(SavedSession& session, TimePoint now) {
  const auto doublings = std::clamp<std::int64_t>(session.failed_renewals, 0, kMostDoublings);
  const auto wait = std::min<milliseconds>(kFirstRetry * (1 << doublings), kLongestRetry);
  session.renew_trust_at = now + wait + some_of(wait / 4);
  session.failed_renewals = doublings + 1;
}

std::optional<milliseconds> until_renewal(const SavedSession& session, TimePoint now) {
  if (!session.signed_in || session.trust_token.empty()) return std::nullopt;
  if (!session.renew_trust_at) return 0ms;
  const auto wait = *session.renew_trust_at - now;
  // One that lies too far ahead was noted by a clock that has been set right since.
  if (wait > kWeek + kJitter) return 0ms;
  return std::max<milliseconds>(wait, 0ms);
}

std::optional<TimePoint> trust_ends(const SavedSession& session) {
  if (session.trust_token.empty() || !session.trusted_since) return std::nullopt;
  return *session.trusted_since + kTrustLasts;
}

bool warns_of_end(SavedSession& session, TimePoint now) {
  const auto ends = trust_ends(session);
  if (!ends || session.failed_renewals <= 0 || !session.signed_in) return false;
  const auto left = *ends - now;
  for (const std::int64_t days : {2, 7}) {
    if (left <= 0ms || left > 24h * days) continue;
    if (session.warned_days != 0 && session.warned_days <= days) return false;
    session.warned_days = days;
    return true;
  }
  return false;
}

}  // namespace icloudphotos::auth
