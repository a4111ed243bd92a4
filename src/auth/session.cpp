// SPDX-License-Identifier: MIT
#include "icloudphotos/auth/session.h"

#include <algorithm>
#include <utility>

#include "icloudphotos/base/log.h"
#include "icloudphotos/base/text.h"

#include "auth/apple_session.h"
#include "auth/endpoints.h"
#include "auth/pauses.h"
#include "auth/pcs.h"
#include "auth/trust.h"

namespace icloudphotos::auth {
namespace {

constexpr Log log{"auth"};

// Old or tool-like agents are answered 503. One agent for the whole life of a session.
constexpr const char* kUserAgent =
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 "
    "Safari/537.36";

SavedSession new_session(const std::string& account) {
  SavedSession session;
  session.account = account;
  session.client_id = random_uuid();
  return session;
}

bool is_for_a_person(const Result<void>& result) {
  return !result && (result.error().kind() == ErrorKind::NeedsSignIn || result.error().kind() == ErrorKind::Refused);
}

}  // namespace

Error signed_out() { return Error{ErrorKind::NeedsSignIn, "the saved sign-in has ended; sign in again"}; }

AppleSession::AppleSession(net::Http& http, Clock& clock, SessionOptions options, SessionFile file, SavedSession saved)
    : clock_{clock},
      options_{std::move(options)},
      memory_{std::move(file), std::move(saved)},
      calls_{http, clock, options_, memory_},
      standing_{memory_, clock},
      flights_{clock, options_.patience} {}

bool AppleSession::is_known() const {
  return memory_.read([](const SavedSession& session) { return session.signed_in; });
}

Secret AppleSession::cookies_for(std::string_view url) {
  return memory_.read([&](const SavedSession& session) { return session.cookies.header_for(url, clock_.now()); });
}

void AppleSession::tell(std::optional<SessionEvent> news) const {
  if (news && options_.on_event) options_.on_event(*news, status());
}

std::optional<SessionEvent> AppleSession::note(const Result<void>& result) {
  if (result) return standing_.ready();
  standing_.hindered(result.error());
  if (!is_for_a_person(result)) return std::nullopt;
  return standing_.needs_person(result.error(), Standing::Mends::ByPersonOnly);
}

Result<void> AppleSession::sign_in(PasswordSource& passwords, CodeSource& codes, std::stop_token stop) {
  std::optional<SessionEvent> news;
  auto signed_in = flights_.run(Flight::Person, flights_.epoch(), stop, [&](std::stop_token mine) -> Result<void> {
    SignIn ladder{calls_, clock_, options_, memory_};
    auto result = ladder.renew(SignIn::From::Cookies, mine);
    if (!result && result.error().kind() == ErrorKind::NeedsSignIn) {
      result = ladder.with_person(passwords, codes, mine);
      if (result) log.info("signed in");
    }
    if (result && codes.can_ask()) result = approve(codes, mine);
    if (is_for_a_person(result) && codes.can_ask()) {
      standing_.waits(result.error());
    } else {
      news = note(result);
    }
    return result;
  });
  tell(news);
  return signed_in;
}

Result<void> AppleSession::approve(CodeSource& codes, std::stop_token stop) {
  const bool is_protected = memory_.read([](const SavedSession& session) { return session.data_protected; });
  Pcs pcs{calls_, clock_, memory_};
  if (!is_protected || pcs.has_keys()) return {};
  auto approved = pcs.obtain(codes, stop);
  if (!approved && approved.error().kind() == ErrorKind::Rejected) return {};
  return approved;
}

SessionStatus AppleSession::status() const {
  SessionStatus status;
  const auto problem = standing_.problem();
  const bool stands_still = standing_.needs_somebody();
  const auto now = clock_.now();
  memory_.read([&](const SavedSession& session) {
    status.signed_in = session.signed_in && !stands_still;
    status.awaits_code = is_half_way(session, now);
    status.trust_ends = trust_ends(session);
    for (const auto service : {Service::Identity, Service::Setup}) {
      const auto until = paused_until(session, service, now);
      if (until) status.paused_until = std::max(until, status.paused_until);
    }
  });
  status.asking = flights_.asks_a_person();
  if (!status.signed_in) status.problem = problem.value_or(signed_out()).message();
  return status;
}

Result<void> AppleSession::sign_out(std::stop_token stop) {
  flights_.interrupt();
  return flights_.run(Flight::Leaving, 0, stop, [&](std::stop_token mine) -> Result<void> {
    const bool is_open = memory_.read([&](const SavedSession& session) { return session.signed_in; });
    if (is_open && Pauses{memory_, clock_}.check(Service::Setup)) {
      const auto told = calls_.logout(mine);
      if (!told && told.error().kind() == ErrorKind::Cancelled) return told.error();
      if (!told || (told->status != 200 && told->status != 421)) log.warn("iCloud was not told of the sign-out");
    }
    standing_.waits(Error{ErrorKind::NeedsSignIn, "signed out; sign in again"});
    auto fresh = new_session(options_.account);
    memory_.read([&](const SavedSession& session) {  // Apple's wish to be left alone outlives us
      fresh.identity_pause = session.identity_pause;
      fresh.setup_pause = session.setup_pause;
    });
    auto forgotten = memory_.forget(std::move(fresh));
    if (forgotten) log.info("signed out");
    return forgotten;
  });
}

Result<std::unique_ptr<Session>> Session::open(net::Http& http, Clock& clock, SessionOptions options) {
  options.endpoints = TRY(checked(std::move(options.endpoints)));
  // The name is hashed into the proof, and Apple hashes it so.
  options.account = ascii_lower(trim(options.account));
  if (options.account.empty()) return Error{ErrorKind::Usage, "the Apple Account is empty"};
  if (options.user_agent.empty()) options.user_agent = kUserAgent;

  SessionFile file{options.state_dir, options.account};
  auto saved = TRY(file.load());
  if (!saved) saved = new_session(options.account);
  // Saved by a run that knew another iCloud, or by a hand: never sent to.
  std::erase_if(saved->webservices, [&](const auto& service) { return !is_apples(service.second, options.endpoints); });
  return std::unique_ptr<Session>{
      std::make_unique<AppleSession>(http, clock, std::move(options), std::move(file), std::move(*saved))};
}

}  // namespace icloudphotos::auth
