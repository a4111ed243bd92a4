// SPDX-License-Identifier: MIT
// The session as the photos service sees it: requests that keep themselves signed in.
#include <chrono>
#include <utility>

#include "icloudphotos/base/json.h"
#include "icloudphotos/base/text.h"

#include "auth/apple_session.h"
#include "auth/endpoints.h"
#include "auth/nobody.h"
#include "auth/pcs.h"

namespace icloudphotos::auth {
namespace {

using namespace std::chrono_literals;

// Access is also denied for a while to those who ask too much.
constexpr auto kDeniedForLong = 2min;

/// Whether an answer of the photos service says that the session is over.
bool is_over(const net::Response& response) {
  switch (response.status) {
    case 401:
    case 421:
    case 450:
      return true;
    case 403: {
      const auto document = JsonDocument::parse(response.body);
      return !document || !document->root()["serverErrorCode"].text();
    }
    default:
      return false;
  }
}

}  // namespace

Result<void> AppleSession::renew(std::uint64_t seen, SignIn::From from, std::stop_token stop) {
  std::optional<SessionEvent> news;
  auto renewed = flights_.run(Flight::Renewal, seen, stop, [&](std::stop_token mine) -> Result<void> {
    SignIn ladder{calls_, clock_, options_, memory_};
    Result<void> result = signed_out();
    // Known to be over: cookies and tokens have been tried.
    if (is_known()) result = ladder.renew(from, mine);
    if (!result && result.error().kind() == ErrorKind::NeedsSignIn && options_.unattended)
      result = ladder.unattended(*options_.unattended, mine);
    news = note(result);
    return result;
  });
  tell(news);
  return renewed;
}

Result<void> AppleSession::renew_keys(std::uint64_t seen, std::stop_token stop) {
  std::optional<SessionEvent> news;
  auto renewed = flights_.run(Flight::Keys, seen, stop, [&](std::stop_token mine) -> Result<void> {
    Nobody nobody;
    auto result = Pcs{calls_, clock_, memory_}.obtain(nobody, mine);
    if (result) {
      news = standing_.ready();
    } else if (result.error().kind() == ErrorKind::NeedsSignIn || result.error().kind() == ErrorKind::Refused) {
      // Somebody may allow it on their device later, without coming here.
      news = standing_.needs_person(result.error(), Standing::Mends::Later);
    }
    return result;
  });
  tell(news);
  return renewed;
}

bool AppleSession::is_denied_for_long(const net::Response& response) {
  const bool denied = denies_access(response);
  const auto now = clock_.monotonic();
  const Lock lock{mutex_};
  if (!denied) {
    if (response.status < 400) denied_since_.reset();
    return false;
  }
  if (!denied_since_) denied_since_ = now;
  return now - *denied_since_ >= kDeniedForLong;
}

Result<net::Response> AppleSession::ask(std::string_view path, const std::string& body, std::stop_token stop) {
  if (!memory_.read([](const SavedSession& session) { return session.signed_in && !session.photos_url().empty(); }))
    return signed_out();
  auto response = TRY(calls_.photos(path, body, Calls::Connection::Kept, stop));
  if (response.status != 421) return response;
  return calls_.photos(path, body, Calls::Connection::Fresh, stop);
}

Result<AppleSession::Attempt> AppleSession::post_signed_in(std::string_view path, const std::string& body,
                                                           std::stop_token stop) {
  // The first call of a process looks whether the saved session is still good.
  if (flights_.epoch() == 0 || !is_known()) TRY(renew(flights_.epoch(), SignIn::From::Cookies, stop));
  auto seen = flights_.epoch();
  auto response = TRY(ask(path, body, stop));
  // Cookies that validate calls good may still not be good enough for photos; new ones by token are the last resort.
  for (const auto from : {SignIn::From::Cookies, SignIn::From::Tokens}) {
    if (!is_over(response)) return Attempt{std::move(response), seen};
    TRY(renew(seen, from, stop));
    seen = flights_.epoch();
    response = TRY(ask(path, body, stop));
  }
  if (!is_over(response) || response.status == 403) return Attempt{std::move(response), seen};
  // Refused with a session minutes old: trying on would be a loop. The next sign-in looks again.
  (void)memory_.change([](SavedSession& session) { session.signed_in = false; });
  const Error refused{ErrorKind::NeedsSignIn,
                      "iCloud does not take the session it has just given; see that \"Access iCloud Data on the Web\" "
                      "is on (Settings, your name, iCloud), then sign in again"};
  tell(standing_.needs_person(refused, Standing::Mends::ByPersonOnly));
  return refused;
}

Result<void> AppleSession::check_standing() {
  if (const auto obstacle = standing_.obstacle()) return *obstacle;
  if (!is_known() && !options_.unattended) {
    tell(standing_.needs_person(signed_out(), Standing::Mends::ByPersonOnly));
    return signed_out();
  }
  return {};
}

Result<net::Response> AppleSession::post(std::string_view path, std::string body, std::stop_token stop) {
  TRY(check_standing());
  auto attempt = TRY(post_signed_in(path, body, stop));
  const bool denied = is_denied_for_long(attempt.response);
  if (!denied && !lacks_keys(attempt.response)) return std::move(attempt.response);
  const auto keys = renew_keys(attempt.seen, stop);
  if (keys) return ask(path, body, stop);
  // Something else is the matter, and the answer says more about it.
  if (keys.error().kind() == ErrorKind::Rejected) return std::move(attempt.response);
  return keys.error();
}

std::string AppleSession::account_root(std::string_view service) {
  return memory_.read([&](const SavedSession& session) {
    const auto found = session.webservices.find(std::string{service});
    if (found == session.webservices.end() || session.dsid.empty()) return std::string{};
    return found->second + "/" + percent_encode(session.dsid);
  });
}

Result<net::Response> AppleSession::post_to(std::string_view url, std::string body, std::stop_token stop) {
  if (!is_apples(url, calls_.endpoints()))
    return Error{ErrorKind::Protocol, "iCloud names a host for one of its services that is not one of Apple's"};
  TRY(check_standing());
  if (flights_.epoch() == 0 || !is_known()) TRY(renew(flights_.epoch(), SignIn::From::Cookies, stop));
  const auto seen = flights_.epoch();
  auto response = TRY(calls_.service(url, body, Calls::Connection::Kept, stop));
  if (!is_over(response)) return response;
  TRY(renew(seen, SignIn::From::Cookies, stop));
  return calls_.service(url, body, Calls::Connection::Fresh, stop);
}

}  // namespace icloudphotos::auth
