// SPDX-License-Identifier: MIT
#include "cloud/service.h"

#include "icloudphotos/base/log.h"
#include "icloudphotos/net/http.h"
#include "icloudphotos/net/retry.h"

#include "cloud/answer.h"

namespace icloudphotos::cloud {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Log kLog{"cloud"};

constexpr int kMaxTries = 3;
constexpr milliseconds kFirstWait{500};
constexpr milliseconds kLongestWait{4000};
constexpr seconds kLongestRest{10};  ///< What iCloud may ask for and still be waited for here.
constexpr milliseconds kPatience{
    15'000};  ///< Nothing is tried again after that long: whoever asked may have better to do.

}  // namespace

Service::Attempt Service::read(const Send& send, std::stop_token stop) {
  Attempt attempt;
  auto turn = pace_.turn(std::move(stop));
  if (!turn) {
    attempt.error = std::move(turn).error();
    return attempt;
  }
  const auto response = send();
  if (!response) {
    attempt.error = response.error();
    return attempt;
  }
  attempt.asked_wait = net::retry_after(response->headers, std::chrono::floor<seconds>(clock_.now()));
  auto document = read_answer(response->status, response->body);
  const bool refused = !document && document.error().kind() == ErrorKind::Throttled;
  turn->end(refused ? Pace::Answer::Refused : Pace::Answer::Good, attempt.asked_wait);
  if (!document) {
    attempt.error = std::move(document).error();
    return attempt;
  }
  const auto date = response->headers.get("Date");
  attempt.answer = Answer{*std::move(document), date ? net::parse_http_date(*date) : std::nullopt};
  return attempt;
}

Result<void> Service::repeat(const std::function<Attempt()>& attempt, std::stop_token stop) {
  net::Backoff backoff{kFirstWait, kLongestWait, ++seed_};
  const auto started = clock_.monotonic();
  for (int tries = 1;; ++tries) {
    const auto outcome = attempt();
    if (!outcome.error || !is_transient(outcome.error->kind())) return {};
    if (tries == kMaxTries || outcome.asked_wait > kLongestRest) return {};
    const auto wait = backoff.next(outcome.asked_wait);
    if (clock_.monotonic() + wait - started > kPatience) return {};
    kLog.debug("asking again try={} wait_ms={} reason={}", tries + 1, wait.count(), outcome.error->message());
    if (!clock_.sleep_for(wait, stop)) return Error{ErrorKind::Cancelled, "asked to stop"};
  }
}

}  // namespace icloudphotos::cloud
