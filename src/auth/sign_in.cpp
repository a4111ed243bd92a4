// SPDX-License-Identifier: MIT
#include "auth/sign_in.h"

#include <utility>

#include <fmt/format.h>

#include "icloudphotos/base/digest.h"
#include "icloudphotos/base/json.h"
#include "icloudphotos/base/log.h"
#include "icloudphotos/base/text.h"

#include "auth/endpoints.h"
#include "auth/nobody.h"
#include "auth/srp.h"

namespace icloudphotos::auth {
namespace {

using namespace std::chrono_literals;

constexpr Log log{"auth"};
constexpr int kExchangeTries = 10;  // each is thrown away about once in 57 times
// How long nobody's being there is believed, before the password is tried again unattended.
constexpr auto kPersonWantedFor = 6h;

// However often the program is started.
constexpr auto kBetweenUnattended = 15min;
// How long Apple remembers a sign-in that waits for its code.
constexpr auto kHalfWayLasts = 10min;
constexpr std::string_view kPutRight =
    "Apple wants something put right first: sign in at account.apple.com, follow the steps there, and then sign in "
    "again "
    "here";
constexpr unsigned kMarkIterations = 100'000;

Error ended() { return Error{ErrorKind::NeedsSignIn, "the saved sign-in has ended; sign in again"}; }

/// Enough to know a password again, and shared by one in 65,536, so that nobody learns it from here.
std::int64_t mark_of(const Secret& password, std::string_view salt) {
  const auto digest = pbkdf2_sha256(as_bytes(password.reveal()), as_bytes(salt), kMarkIterations);
  return std::to_integer<std::int64_t>(digest[0]) << 8 | std::to_integer<std::int64_t>(digest[1]);
}

Error refused(std::string_view ours, const net::Response& response) {
  return Error{ErrorKind::Refused, with_apples_words(ours, response)};
}

bool is_dead(const Result<void>& result) { return !result && result.error().kind() == ErrorKind::NeedsSignIn; }

}  // namespace

bool is_half_way(const SavedSession& session, TimePoint now) {
  return session.half_way && now >= session.half_way->since && now < session.half_way->since + kHalfWayLasts;
}

SignIn::SignIn(Calls& calls, Clock& clock, const SessionOptions& options, Memory& memory)
    : calls_{calls}, clock_{clock}, options_{options}, memory_{memory}, pauses_{memory, clock} {}

/// Whether validate has anything to look at.
bool SignIn::has_cookies(const SavedSession& session) const {
  const auto cookies = session.cookies.header_for(calls_.endpoints().setup_url + "/validate", clock_.now());
  return cookies.reveal().find("X-APPLE-WEBAUTH-TOKEN=") != std::string_view::npos;
}

Result<void> SignIn::renew(From from, std::stop_token stop) {
  TRY(pauses_.check(Service::Setup));
  const auto session = memory_.copy();
  if (session.code_accepted) {
    TRY(pauses_.check(Service::Identity));  // trust is asked for there
    // Ended between the code and trust the last time; the code need not be typed again.
    const auto login = account_login(TRY(trust(stop)), stop);
    if (!is_dead(login)) return login;
  } else {
    if (from == From::Cookies && has_cookies(session)) {
      const auto response = TRY(calls_.validate(stop));
      const auto settled = TRY(moves(response)) ? Result<void>{ended()} : settle(response);
      if (!is_dead(settled)) return settled;
    }
    if (!session.session_token.empty() && !session.unfinished) {
      const auto login = account_login(Calls::Trust::Claimed, stop);
      if (!is_dead(login)) return login;
    }
  }
  if (const auto saved = memory_.change([](SavedSession& over) { over.signed_in = false; }); !saved)
    log.warn("that the session ended cannot be kept for the next start reason={}", saved.error().message());
  return ended();
}

/// Unattended, what is known to come to nothing is not tried: each password costs the account, each sign-in Apple's
/// patience.
Result<void> SignIn::may_try(const PasswordSource& passwords, const Secret& password, const CodeSource& codes) const {
  if (codes.can_ask()) return {};
  const auto session = memory_.copy();
  const bool known = session.password_refused_at && !session.refused_salt.empty() &&
                     mark_of(password, session.refused_salt) == session.refused_mark;
  if (known || (session.password_refused_at && passwords.unchanged_since(*session.password_refused_at))) {
    return Error{ErrorKind::Refused,
                 "Apple has refused this password before, so it is not tried again; correct it where it is kept, or "
                 "sign in again"};
  }
  const auto now = clock_.now();
  const auto lasts = [&](const std::optional<TimePoint>& since, std::chrono::milliseconds length) {
    return since && now >= *since && now < *since + length;
  };
  if (lasts(session.person_wanted_at, kPersonWantedFor)) return nobody_is_here();
  if (lasts(session.unattended_at, kBetweenUnattended)) {
    return Error{ErrorKind::Throttled,
                 fmt::format("a sign-in that nobody was there for came to nothing; the next one is after {}",
                             clock_time(*session.unattended_at + kBetweenUnattended))};
  }
  return {};
}

Result<void> SignIn::with_tokens(std::stop_token stop) { return account_login(Calls::Trust::Claimed, stop); }

Result<void> SignIn::unattended(PasswordSource& passwords, std::stop_token stop) {
  Nobody nobody;
  auto signed_in = with_person(passwords, nobody, stop);
  // A file that cannot be read, say: it will be so until somebody sees to it.
  if (!signed_in && signed_in.error().kind() == ErrorKind::Usage)
    return Error{ErrorKind::NeedsSignIn, signed_in.error().message()};
  return signed_in;
}

Result<void> SignIn::with_person(PasswordSource& passwords, CodeSource& codes, std::stop_token stop) {
  TRY(pauses_.check(Service::Identity));
  const bool has_begun = memory_.read([&](const SavedSession& session) { return is_half_way(session, clock_.now()); });
  if (!has_begun) return from_the_password(passwords, codes, std::nullopt, stop);
  const auto proof = TRY(second_factor(nullptr, std::nullopt, codes, stop));
  if (proof == SecondFactor::Proof::Given) return last_step(TRY(trust(stop)), stop);
  return from_the_password(passwords, codes, "Apple has dropped the sign-in that was begun, and its code with it",
                           stop);
}

Result<void> SignIn::from_the_password(PasswordSource& passwords, CodeSource& codes,
                                       std::optional<std::string> what_happened, std::stop_token stop) {
  const auto completion = TRY(password(passwords, codes, stop));
  if (true_status(completion) != 409) return last_step(Calls::Trust::Claimed, stop);
  const auto session = memory_.copy();
  if (!session.trust_token.empty() && !session.session_token.empty()) {
    // Apple may want the code and all the same take the trust token at the account login.
    const auto login = account_login(Calls::Trust::Claimed, stop);
    if (!is_dead(login)) return login;
  }
  if (TRY(second_factor(&completion, std::move(what_happened), codes, stop)) == SecondFactor::Proof::ContextLost) {
    return Error{ErrorKind::Refused,
                 "Apple has dropped this sign-in, so no code counts any more; sign in again to start a new one"};
  }
  return last_step(TRY(trust(stop)), stop);
}

Result<net::Response> SignIn::password(PasswordSource& passwords, const CodeSource& codes, std::stop_token stop) {
  const auto secret = TRY(passwords.password(options_.account, stop));
  if (secret.empty()) return Error{ErrorKind::NeedsSignIn, "the password is empty; give one to sign in"};
  TRY(may_try(passwords, secret, codes));
  TRY(memory_.change([](SavedSession& session) {
    // A new sign-in: nothing of the old one but what spares the person a code.
    session.session_token = {};
    session.session_id = {};
    session.scnt = {};
    session.auth_attributes = {};
    session.signed_in = session.code_accepted = false;
    session.unfinished = true;
    session.half_way.reset();
  }));
  auto completion = TRY(complete(secret, codes, stop));
  if (true_status(completion) != 409) TRY(judge_completion(completion, secret, stop));
  // Apple took it, whatever else it wants. It is not kept until then, because a person may take their time.
  passwords.worked(options_.account, secret);
  return completion;
}

Result<net::Response> SignIn::begin(const std::string& body, std::stop_token stop) {
  auto response = TRY(begin_elsewhere(calls_.init(body, stop), body, stop));
  if (true_status(response) == 401) {
    // A stale context, not a bad password: once more without it.
    TRY(memory_.change([](SavedSession& session) {
      session.scnt = {};
      session.session_id = {};
      for (const auto* cookie : {"aasp", "acn01", "dslang", "site"}) session.cookies.remove(cookie);
    }));
    response = TRY(calls_.init(body, stop));
  }
  const int status = true_status(response);
  if (is_throttle(status)) return pauses_.begin(Service::Identity, response);
  if (status == 403) {
    (void)pauses_.begin(Service::Identity, response);
    return refused("Apple refused to begin a sign-in; wait a quarter of an hour, and try at www.icloud.com first",
                   response);
  }
  return response;
}

Result<net::Response> SignIn::begin_elsewhere(Result<net::Response> first, const std::string& body,
                                              std::stop_token stop) {
  const auto other = other_identity(calls_.endpoints());
  const bool is_silent = first ? true_status(*first) >= 500 : first.error().kind() == ErrorKind::Offline;
  if (!other || !is_silent) return first;
  TRY(memory_.change([&](SavedSession& session) { session.identity_url = *other; }));
  auto second = calls_.init(body, stop);
  if (second && true_status(*second) < 500) {
    log.info("the other identity service answers url={}", *other);
    return second;
  }
  TRY(memory_.change([](SavedSession& session) { session.identity_url.clear(); }));
  return first;
}

Result<net::Response> SignIn::complete(const Secret& password, const CodeSource& codes, std::stop_token stop) {
  const auto trust_token = memory_.copy().trust_token;
  bool restarted = false;
  for (int attempt = 0; attempt < kExchangeTries; ++attempt) {
    const Srp srp;
    JsonWriter start;
    start.object().member("a", base64_encode(srp.public_key().bytes())).member("accountName", options_.account);
    start.key("protocols").array().value("s2k").value("s2k_fo").end().end();
    const auto begun = TRY(begin(start.take(), stop));
    // A 400, here or below, says that the exchange was not understood or has run out, which costs no attempt: once
    // more.
    if (true_status(begun) == 400 && !std::exchange(restarted, true)) continue;
    if (true_status(begun) != 200) {
      return Error{ErrorKind::Protocol,
                   with_apples_words(fmt::format("the sign-in server answered {}", true_status(begun)), begun)};
    }
    const auto answer = TRY(decode_init(begun.body));
    const auto proof = TRY(srp.prove(options_.account, password, answer.challenge));
    if (!proof) continue;
    JsonWriter body;
    body.object().member("accountName", options_.account).key("c").raw(answer.context);
    body.member("m1", base64_encode(proof->m1)).member("m2", base64_encode(proof->m2)).member("rememberMe", true);
    body.key("trustTokens").array();
    if (!trust_token.empty()) body.value(trust_token.reveal());
    body.end().end();
    if (!codes.can_ask()) TRY(memory_.change([&](SavedSession& session) { session.unattended_at = clock_.now(); }));
    auto response = TRY(calls_.complete(body.take(), begun, stop));
    const auto apple = service_error(response);
    const bool is_about_the_password =
        apple && (apple->code == "-20101" || apple->code == "-20283" || apple->code == "-20209");
    if (true_status(response) == 400 && !is_about_the_password && !std::exchange(restarted, true)) continue;
    return response;
  }
  return Error{ErrorKind::Protocol, "the sign-in server's numbers cannot be used; try again"};
}

Result<void> SignIn::judge_completion(const net::Response& response, const Secret& password, std::stop_token stop) {
  const int status = true_status(response);
  const auto apple = service_error(response);
  const auto code = apple ? apple->code : std::string{};
  if (is_throttle(status)) return pauses_.begin(Service::Identity, response);
  const bool locked = code == "-20209";
  if (locked || status == 401 || code == "-20101" || code == "-20283") {
    // That it was refused is remembered, and how to know it again, never what it was.
    const auto salt = random_uuid();
    const auto mark = mark_of(password, salt);
    TRY(memory_.change([&](SavedSession& session) {
      session.password_refused_at = clock_.now();
      session.refused_salt = salt;
      session.refused_mark = mark;
    }));
    return refused(locked ? "this Apple Account is locked; unlock it at iforgot.apple.com, then sign in again"
                          : "the Apple Account or its password was not accepted; check both and sign in again",
                   response);
  }
  if (status == 200) return {};
  if (status == 412) {
    // Accounts without a second factor, mostly: once, silently.
    repaired_ = true;
    if (const auto repair = TRY(calls_.repair(response, stop)); true_status(repair) / 100 == 2) return {};
    return refused(kPutRight, response);
  }
  if (status == 403) {
    (void)pauses_.begin(Service::Identity, response);
    return refused(
        "Apple refused the sign-in; check the account's name, wait a quarter of an hour, and try at www.icloud.com "
        "first",
        response);
  }
  return Error{ErrorKind::Protocol, with_apples_words(fmt::format("the sign-in server answered {}", status), response)};
}

Result<SecondFactor::Proof> SignIn::second_factor(const net::Response* completion,
                                                  std::optional<std::string> what_happened, CodeSource& codes,
                                                  std::stop_token stop) {
  if (!codes.can_ask()) {
    note_person_wanted();
    return nobody_is_here();
  }
  return SecondFactor{calls_, clock_, pauses_, memory_, options_}.prove(completion, std::move(what_happened), codes,
                                                                        stop);
}

Result<Calls::Trust> SignIn::trust(std::stop_token stop) {
  const auto response = TRY(calls_.trust(stop));
  const int status = true_status(response);
  if (is_throttle(status)) return pauses_.begin(Service::Identity, response);
  if (status / 100 == 2) return Calls::Trust::Claimed;
  // The sign-in may work without trust, but it will not last; the account login tells.
  log.warn("this computer was not made a trusted one status={}", status);
  return Calls::Trust::NotClaimed;
}

Result<void> SignIn::last_step(Calls::Trust trust, std::stop_token stop) {
  if (memory_.read([](const SavedSession& session) { return session.session_token.empty(); })) {
    note_person_wanted();
    return Error{ErrorKind::Protocol,
                 "Apple took the sign-in without giving a session; sign in once at account.apple.com, follow what it "
                 "asks, and sign in again here"};
  }
  const auto login = account_login(trust, stop);
  if (!is_dead(login)) return login;
  std::string_view why =
      "Apple took the sign-in and then did not honour it; sign in once at www.icloud.com and see what it asks for";
  if (repaired_) why = kPutRight;
  if (two_step_)
    why =
        "this account uses two-step verification, which Apple has replaced; turn on two-factor authentication at "
        "account.apple.com";
  if (moved_) why = "this account belongs to another region of iCloud; sign in again to do so there";
  if (no_session_)
    why =
        "Apple gave no session for this password; app-specific passwords do not work here, so give the password of the "
        "Apple Account itself";
  if (locked_) why = "this Apple Account is locked; unlock it at iforgot.apple.com, then sign in again";
  note_person_wanted();
  return Error{ErrorKind::Refused, std::string{why}};
}

void SignIn::note_person_wanted() {
  const auto noted = memory_.change([&](SavedSession& session) { session.person_wanted_at = clock_.now(); });
  if (!noted) log.warn("that a person is wanted cannot be kept reason={}", noted.error().message());
}

Result<void> SignIn::account_login(Calls::Trust trust, std::stop_token stop) {
  auto response = TRY(calls_.account_login(trust, stop));
  if (TRY(moves(response))) response = TRY(calls_.account_login(trust, stop));
  return settle(response);
}

Result<bool> SignIn::moves(const net::Response& response) {
  const auto account = decode_account(response.body);
  const auto region = account ? region_of(account->other_domain) : std::nullopt;
  auto there = memory_.copy();
  if (region) there.region = *region;
  if (moved_ || !region || in_region(options_.endpoints, there).setup_url == calls_.endpoints().setup_url) return false;
  moved_ = true;
  TRY(memory_.change([&](SavedSession& session) { session.region = *region; }));
  log.info("the account belongs to another region region={}", *region);
  return true;
}

Result<void> SignIn::settle(const net::Response& response) {
  no_session_ = lacks_session(response);
  if (!no_session_ && is_throttle(response.status)) return pauses_.begin(Service::Setup, response);
  const auto account = decode_account(response.body);
  if (account && !account->other_domain.empty()) {
    return Error{ErrorKind::Refused, fmt::format("this Apple Account belongs to {}, not to {}; it cannot be used here",
                                                 account->other_domain, calls_.endpoints().home_url)};
  }
  if (response.status != 200) return ended();
  if (!account) return Error{account.error()}.within("signing in");
  if (account->terms_pending) {
    return Error{
        ErrorKind::Refused,
        "Apple has new terms and conditions: sign in once at www.icloud.com, accept them, and sign in again here"};
  }
  two_step_ = account->two_step;
  locked_ = account->locked;
  if (account->second_factor_wanted || account->dsid.empty()) return ended();
  return keep(*account);
}

Result<void> SignIn::keep(const Account& account) {
  if (account.webservices.empty()) {
    return Error{ErrorKind::Throttled,
                 "iCloud's answer lacks the list of its services; try again in some minutes, or see whether "
                 "www.icloud.com works"};
  }
  if (account.photos_url.empty() && account.managed) {
    return Error{
        ErrorKind::Refused,
        "this Apple Account is managed by a company or school, which has not allowed it iCloud Photos; ask its "
        "administrator"};
  }
  if (account.photos_url.empty()) {
    return Error{ErrorKind::Refused,
                 "iCloud Photos is not available for this account; open Photos once at www.icloud.com"};
  }
  const auto endpoints = calls_.endpoints();
  if (!is_apples(account.photos_url, endpoints)) {
    return Error{ErrorKind::Protocol, "the sign-in answer names a photos server that is not Apple's"};
  }
  if (!account.web_access) {
    log.warn("\"Access iCloud Data on the Web\" is off for this account; turn it on under Settings, your name, iCloud");
  }
  const auto saved = memory_.change([&](SavedSession& session) {
    session.dsid = account.dsid;
    session.webservices.clear();
    for (const auto& [name, url] : account.webservices) {
      if (is_apples(url, endpoints)) session.webservices.emplace(name, url);
    }
    session.signed_in = true;
    session.unfinished = session.code_accepted = false;
    session.last_login = clock_.now();
    session.half_way.reset();
    session.password_refused_at.reset();
    session.refused_salt.clear();
    session.refused_mark = 0;
    session.person_wanted_at.reset();
    session.unattended_at.reset();
    session.data_protected = account.data_protected;
    session.identity_pause = {};
    session.setup_pause = {};
  });
  // Signed in is signed in: photos are read on a full disk too. The next start may have to ask.
  if (!saved) log.warn("the sign-in cannot be kept for the next start reason={}", saved.error().message());
  return {};
}

}  // namespace icloudphotos::auth
