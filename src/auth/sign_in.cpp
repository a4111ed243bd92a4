// SPDX-License-Identifier: MIT
#include "auth/sign_in.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <utility>

#include "icloudphotos/base/json.h"
#include "icloudphotos/base/log.h"
#include "icloudphotos/base/text.h"

namespace icloudphotos::auth {
namespace {

using namespace std::chrono_literals;

constexpr Log log{"auth"};
constexpr int kCodeTries = 3;
constexpr int kExchangeTries = 10;  // each is thrown away once in 85 times
constexpr auto kFirstPause = 15min;
constexpr auto kLongestPause = 6h;

/// Ours, and then Apple's own words, which are often the best explanation.
std::string sentence(std::string_view ours, const std::optional<ServiceError>& apple) {
  if (!apple || (apple->message.empty() && apple->code.empty())) return std::string{ours};
  return fmt::format("{} (Apple says: {})", ours, apple->message.empty() ? apple->code : apple->message);
}

std::string clock_time(TimePoint at) {
  const auto seconds = std::chrono::system_clock::to_time_t(at);
  std::tm local{};
  ::localtime_r(&seconds, &local);
  return fmt::format("{:%H:%M}", local);
}

bool is_throttle(int status) { return status == 429 || status >= 500; }

/// Whether photos calls, which carry the session, may go to this URL.
bool is_apples(std::string_view url, const Endpoints& endpoints) {
  const auto parsed = net::parse_url(url);
  if (!parsed) return false;
  if (parsed->is_loopback()) {
    const auto setup = net::parse_url(endpoints.setup_url);
    return setup && setup->is_loopback();
  }
  const auto below = [&](std::string_view domain) { return parsed->host.ends_with(domain); };
  return parsed->scheme == "https" && (below(".icloud.com") || below(".icloud.com.cn") || below(".apple.com"));
}

}  // namespace

SignIn::SignIn(Calls& calls, Clock& clock, const SessionOptions& options, Memory& memory)
    : calls_{calls}, clock_{clock}, options_{options}, memory_{memory} {}

Result<void> SignIn::check_pause() const {
  const auto until = memory_.copy().pause_until;
  if (!until || clock_.now() >= *until) return {};
  return Error{ErrorKind::Throttled,
               fmt::format("Apple is refusing sign-ins for now; nothing was sent, try again after {}", clock_time(*until))};
}

Error SignIn::throttled(const net::Response& response) {
  const auto now = clock_.now();
  TimePoint until{};
  const auto noted = memory_.change([&](SavedSession& session) {
    std::chrono::seconds pause = std::min<std::chrono::seconds>(kFirstPause * (1 << std::min<std::int64_t>(session.pauses, 8)), kLongestPause);
    const auto asked = net::retry_after(response.headers, std::chrono::floor<std::chrono::seconds>(now));
    if (asked) pause = std::max(pause, *asked);
    until = now + pause;
    session.pause_until = until;
    ++session.pauses;
  });
  if (!noted) return noted.error();
  return Error{ErrorKind::Throttled, fmt::format("Apple is refusing sign-ins for now (status {}); try again after {}",
                                                 response.status, clock_time(until))};
}

/// Takes a validate or accountLogin answer for what it means. NeedsSignIn: the way it was tried is no good any more.
Result<void> SignIn::settle(const net::Response& response) {
  if (is_throttle(response.status)) {
    return Error{ErrorKind::Throttled, fmt::format("iCloud is not well (status {}); trying again later", response.status)};
  }
  const auto dead = Error{ErrorKind::NeedsSignIn, "the saved sign-in has ended; sign in again"};
  const auto account = decode_account(response.body);
  if (account && !account->other_domain.empty()) {
    return Error{ErrorKind::Refused, fmt::format("this Apple Account belongs to {}, not to {}; it cannot be used here",
                                                 account->other_domain, options_.endpoints.home_url)};
  }
  if (response.status != 200) return dead;
  if (!account) return Error{account.error()}.within("signing in");
  if (account->terms_pending) {
    return Error{ErrorKind::Refused, "Apple has new terms and conditions: sign in once at www.icloud.com, accept them, and try again"};
  }
  if (account->second_factor_wanted || account->dsid.empty()) return dead;
  if (account->photos_url.empty()) {
    return Error{ErrorKind::Refused, "iCloud Photos is not available for this account; open Photos once at www.icloud.com"};
  }
  if (!is_apples(account->photos_url, options_.endpoints)) {
    return Error{ErrorKind::Protocol, "the sign-in answer names a photos server that is not Apple's"};
  }
  return memory_.change([&](SavedSession& session) {
    session.dsid = account->dsid;
    session.photos_url = account->photos_url;
    session.signed_in = true;
    session.pause_until.reset();
    session.pauses = 0;
  });
}

Result<void> SignIn::account_login(std::stop_token stop) {
  auto response = TRY(calls_.account_login(false, stop));
  // 421 may only mean that the connection belongs to another partition.
  if (response.status == 421) response = TRY(calls_.account_login(true, stop));
  return settle(response);
}

Result<void> SignIn::renew(std::stop_token stop) {
  const auto session = memory_.copy();
  if (session.cookies.has("X-APPLE-WEBAUTH-TOKEN")) {
    auto settled = settle(TRY(calls_.validate(stop)));
    if (settled || settled.error().kind() != ErrorKind::NeedsSignIn) return settled;
  }
  if (!session.session_token.empty()) {
    auto settled = account_login(stop);
    if (settled || settled.error().kind() != ErrorKind::NeedsSignIn) return settled;
  }
  TRY(memory_.change([](SavedSession& ended) { ended.signed_in = false; }));
  return Error{ErrorKind::NeedsSignIn, "the saved sign-in has ended; sign in again"};
}

Result<InitAnswer> SignIn::begin(const Srp& srp, std::stop_token stop) {
  JsonWriter body;
  body.object().member("a", base64_encode(srp.public_key().bytes())).member("accountName", options_.account);
  body.key("protocols").array().value("s2k").value("s2k_fo").end().end();
  const auto text = body.take();
  auto response = TRY(calls_.init(text, stop));
  if (true_status(response) == 401) {
    // A stale context, not a bad password: once more without it.
    TRY(memory_.change([](SavedSession& session) {
      session.scnt = {};
      session.session_id = {};
      for (const auto* cookie : {"aasp", "acn01"}) session.cookies.remove(cookie);
    }));
    response = TRY(calls_.init(text, stop));
  }
  const int status = true_status(response);
  if (is_throttle(status)) return throttled(response);
  if (status == 403) {
    return Error{ErrorKind::Refused, sentence("Apple refused to begin a sign-in; wait a while, and try at www.icloud.com first", service_error(response))};
  }
  if (status != 200) {
    return Error{ErrorKind::Protocol, sentence(fmt::format("the sign-in server answered {}", status), service_error(response))};
  }
  return decode_init(response.body);
}

Result<SignIn::Step> SignIn::password(const Secret& password, std::stop_token stop) {
  const auto trust_token = memory_.copy().trust_token;
  for (int attempt = 0; attempt < kExchangeTries; ++attempt) {
    const Srp srp;
    const auto answer = TRY(begin(srp, stop));
    const auto proof = TRY(srp.prove(options_.account, password, answer.challenge));
    if (!proof) continue;
    JsonWriter body;
    body.object().member("accountName", options_.account).key("c").raw(answer.context);
    body.member("m1", base64_encode(proof->m1)).member("m2", base64_encode(proof->m2)).member("rememberMe", true);
    body.key("trustTokens").array();
    if (!trust_token.empty()) body.value(trust_token.reveal());
    body.end().end();
    return judge_password(TRY(calls_.complete(body.take(), stop)), stop);
  }
  return Error{ErrorKind::Protocol, "the sign-in server's numbers cannot be used"};
}

Result<SignIn::Step> SignIn::judge_password(const net::Response& response, std::stop_token stop) {
  const int status = true_status(response);
  const auto apple = service_error(response);
  const auto code = apple ? apple->code : std::string{};
  if (code == "-20209") {
    return Error{ErrorKind::Refused, sentence("this Apple Account is locked; unlock it at iforgot.apple.com, then mount again", apple)};
  }
  if (status == 401 || code == "-20101" || code == "-20283") {
    return Error{ErrorKind::Refused, sentence("the Apple Account or its password was not accepted; it was tried once", apple)};
  }
  if (status == 200) return Step::SignedIn;
  if (status == 409) return Step::SecondFactor;
  if (status == 412) {
    // Accounts without a second factor, mostly: once, silently.
    if (const auto repaired = TRY(calls_.repair(stop)); repaired.status / 100 == 2) return Step::SignedIn;
    return Error{ErrorKind::Refused, sentence("Apple wants something mended first: sign in at account.apple.com and follow the steps there", apple)};
  }
  if (is_throttle(status)) return throttled(response);
  if (status == 403) {
    return Error{ErrorKind::Refused, sentence("Apple refused the sign-in; check the account's name, wait a quarter of an hour, and try at www.icloud.com first", apple)};
  }
  return Error{ErrorKind::Protocol, sentence(fmt::format("the sign-in server answered {}", status), apple)};
}

Result<void> SignIn::with_person(PasswordSource& passwords, CodeSource& codes, std::stop_token stop) {
  TRY(check_pause());
  const auto secret = TRY(passwords.password(options_.account, stop));
  TRY(memory_.change([](SavedSession& session) {
    // A new sign-in: nothing of the old one but what spares the person a code.
    session.session_token = {};
    session.session_id = {};
    session.scnt = {};
    session.signed_in = false;
  }));
  const auto step = TRY(password(secret, stop));
  if (step == Step::SecondFactor) {
    if (!memory_.copy().trust_token.empty()) {
      // Apple may want the code and all the same take the trust token at the account login.
      auto login = account_login(stop);
      if (login || login.error().kind() != ErrorKind::NeedsSignIn) return login;
    }
    TRY(second_factor(codes, stop));
  }
  auto login = account_login(stop);
  if (login || login.error().kind() != ErrorKind::NeedsSignIn) return login;
  return Error{ErrorKind::Refused, "Apple took the sign-in and then did not honour it; sign in once at www.icloud.com and see what it asks for"};
}

Result<bool> SignIn::push(std::stop_token stop) {
  const auto response = TRY(calls_.push(stop));
  const int status = true_status(response);
  if (status / 100 == 2) return true;
  if (is_throttle(status)) return throttled(response);
  if (judge_code(response) == CodeVerdict::Locked) {
    return Error{ErrorKind::Refused, sentence("too many codes were sent or typed; wait some hours, then try once", service_error(response))};
  }
  // A code can still be had on the device itself, or by phone.
  log.warn("the devices could not be asked to show a code status={}", status);
  return false;
}

Result<void> SignIn::send_to_phone(const FactorOptions::Phone& phone, bool voice, std::stop_token stop) {
  JsonWriter body;
  body.object().key("phoneNumber").object().member("id", phone.phone.id);
  if (phone.non_fteu) body.member("nonFTEU", *phone.non_fteu);
  body.end().member("mode", voice ? "voice" : "sms").end();
  const auto response = TRY(calls_.phone(body.take(), stop));
  const int status = true_status(response);
  const auto apple = service_error(response);
  if (apple && apple->code == "-28248") {
    return Error{ErrorKind::NotFound, sentence("no code can be sent to this number now; choose another one, or a device", apple)};
  }
  if (judge_code(response) == CodeVerdict::Locked) {
    return Error{ErrorKind::Refused, sentence("too many codes were sent or typed; wait some hours, then try once", apple)};
  }
  if (is_throttle(status)) return throttled(response);
  // 409 with a body counts as sent.
  if (status / 100 != 2 && status != 409) {
    return Error{ErrorKind::NotFound, sentence("no code could be sent to this number; choose another one, or a device", apple)};
  }
  sent_to_ = SentTo{phone, voice};
  return {};
}

Result<net::Response> SignIn::submit(const Secret& code, std::stop_token stop) {
  JsonWriter body;
  body.object();
  if (sent_to_) {
    body.key("phoneNumber").object().member("id", sent_to_->phone.phone.id);
    if (sent_to_->phone.non_fteu) body.member("nonFTEU", *sent_to_->phone.non_fteu);
    body.end();
  }
  body.key("securityCode").object().member("code", code.reveal()).end();
  if (sent_to_) body.member("mode", sent_to_->voice ? "voice" : "sms");
  body.end();
  return sent_to_ ? calls_.phone_code(body.take(), stop) : calls_.device_code(body.take(), stop);
}

Result<void> SignIn::second_factor(CodeSource& codes, std::stop_token stop) {
  const auto options = decode_options(TRY(calls_.factor_options(stop)));
  if (options.security_key) {
    return Error{ErrorKind::Refused, "this account signs in with a security key, so no code will ever arrive; security keys are not supported"};
  }
  Challenge challenge;
  challenge.account = options_.account;
  if (options.trusted_devices) challenge.code_sent_to_devices = TRY(push(stop));
  for (const auto& each : options.phones) challenge.phones.push_back(each.phone);

  for (int wrong = 0; wrong < kCodeTries;) {
    const auto answer = TRY(codes.ask(challenge, stop));
    challenge.last_refusal.reset();
    if (answer.kind == Answer::Kind::SendToDevices) {
      sent_to_.reset();
      challenge.code_sent_to_devices = TRY(push(stop));
      continue;
    }
    if (answer.kind != Answer::Kind::Code) {
      const auto phone = std::find_if(options.phones.begin(), options.phones.end(),
                                      [&](const auto& each) { return each.phone.id == answer.phone_id; });
      if (phone == options.phones.end()) continue;
      const auto sent = send_to_phone(*phone, answer.kind == Answer::Kind::Call, stop);
      if (!sent && sent.error().kind() != ErrorKind::NotFound) return sent;
      if (!sent) challenge.last_refusal = sent.error().message();
      challenge.code_sent_to_devices = false;
      continue;
    }
    const auto response = TRY(submit(answer.code, stop));
    const auto apple = service_error(response);
    switch (judge_code(response)) {
      case CodeVerdict::AcceptedButRepair: (void)TRY(calls_.repair(stop)); return trust(stop);
      case CodeVerdict::Accepted: return trust(stop);
      case CodeVerdict::Locked:
        return Error{ErrorKind::Refused, sentence("too many codes were sent or typed; wait some hours, then try once", apple)};
      case CodeVerdict::ContextLost:
        return Error{ErrorKind::Refused, "this sign-in took too long, so the code counts no more; mount again to start a new one"};
      case CodeVerdict::Throttled: return throttled(response);
      case CodeVerdict::Wrong:
      case CodeVerdict::Unclear: break;
    }
    ++wrong;
    challenge.last_refusal = sentence("that code was not accepted", apple);
  }
  return Error{ErrorKind::Refused, "three codes were not accepted; mount again to ask for a new code"};
}

Result<void> SignIn::trust(std::stop_token stop) {
  const auto response = TRY(calls_.trust(stop));
  // Without trust the sign-in works and will not last; the account login says whether it works.
  if (response.status / 100 != 2) log.warn("this computer was not made a trusted one status={}", response.status);
  return {};
}

}  // namespace icloudphotos::auth
