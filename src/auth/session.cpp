// SPDX-License-Identifier: MIT
#include "icloudphotos/auth/session.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "icloudphotos/base/json.h"
#include "icloudphotos/base/log.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/text.h"

#include "auth/calls.h"
#include "auth/endpoints.h"
#include "auth/memory.h"
#include "auth/session_file.h"
#include "auth/sign_in.h"

namespace icloudphotos::auth {
namespace {

constexpr Log log{"auth"};

// Old or tool-like agents are answered 503. One agent for the whole life of a session.
constexpr const char* kUserAgent =
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 "
    "Safari/537.36";
constexpr const char* kBuildNumber = "2522Project44";
constexpr const char* kMasteringNumber = "2522B2";
constexpr std::chrono::seconds kBelieveFailureFor{60};

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

Error signed_out() { return Error{ErrorKind::NeedsSignIn, "the saved sign-in has ended; sign in again"}; }

class AppleSession final : public Session {
 public:
  AppleSession(net::Http& http, Clock& clock, SessionOptions options, SessionFile file, SavedSession saved)
      : http_{http},
        clock_{clock},
        options_{std::move(options)},
        memory_{std::move(file), std::move(saved)},
        calls_{http, clock, options_, memory_} {}

  [[nodiscard]] bool is_known() const override { return memory_.copy().signed_in; }
  Result<void> sign_in(PasswordSource& passwords, CodeSource& codes, std::stop_token stop) override;
  Result<net::Response> post(std::string_view path, std::string body, std::stop_token stop) override;
  SessionStatus status() const override;
  void keep_trusted(std::stop_token stop) override;
  Result<void> sign_out(std::stop_token stop) override;
  Secret cookies_for(std::string_view url) override { return memory_.copy().cookies.header_for(url, clock_.now()); }

 private:
  /// What is under way, at most one at a time: a silent renewal, or a sign-in that may be waiting for a person.
  enum class Flight { None, Renewal, Person };
  /// Runs `way`, or waits for its like if that runs already. Nothing is done when the session was made good since
  /// `seen`.
  template <class Way>
  Result<void> run(Flight flight, std::uint64_t seen, std::stop_token stop, Way way);
  void land(const Result<void>& result);
  [[nodiscard]] Result<void> renew(std::uint64_t seen, SignIn::From from, std::stop_token stop);
  [[nodiscard]] Result<net::Response> send(std::string_view path, const std::string& body, bool fresh_connection,
                                           std::stop_token stop);
  /// Sends, and once more on a new connection after a 421, which may only mean that the connection was the wrong one.
  [[nodiscard]] Result<net::Response> ask(std::string_view path, const std::string& body, std::stop_token stop);
  [[nodiscard]] std::uint64_t epoch() const {
    const Lock lock{mutex_};
    return epoch_;
  }

  net::Http& http_;
  Clock& clock_;
  const SessionOptions options_;
  Memory memory_;
  Calls calls_;

  mutable Mutex mutex_;  ///< who signs in; never held meanwhile
  std::condition_variable_any landed_;
  Flight flight_ GUARDED_BY(mutex_) = Flight::None;
  std::uint64_t flights_ GUARDED_BY(mutex_) = 0;
  std::uint64_t epoch_ GUARDED_BY(mutex_) =
      0;  ///< How often the session was found or made good. 0: not yet in this process.
  std::optional<Error> failure_ GUARDED_BY(mutex_);  ///< How the last flight ended.
  Monotonic believed_until_ GUARDED_BY(mutex_){};    ///< The failure of a renewal stands in for another try until then.
};

template <class Way>
Result<void> AppleSession::run(Flight flight, std::uint64_t seen, std::stop_token stop, Way way) {
  {
    Lock lock{mutex_};
    for (;;) {
      if (epoch_ != seen) return {};
      if (flight_ == Flight::None) break;
      // Nobody waits for a person but whoever asked for one.
      if (flight == Flight::Renewal && flight_ == Flight::Person) return signed_out();
      const bool alike = flight_ == flight;
      const auto number = flights_;
      const bool over =
          landed_.wait(lock, stop, [&]() REQUIRES(mutex_) { return flight_ == Flight::None || flights_ != number; });
      if (!over) return Error{ErrorKind::Cancelled, "interrupted"};
      if (!alike) continue;
      if (!failure_) return {};
      // That one was told to stop, we were not.
      if (failure_->kind() != ErrorKind::Cancelled) return *failure_;
    }
    if (flight == Flight::Renewal && failure_ && clock_.monotonic() < believed_until_) return *failure_;
    flight_ = flight;
    ++flights_;
  }
  const Result<void> result = way();
  land(result);
  return result;
}

void AppleSession::land(const Result<void>& result) {
  {
    const Lock lock{mutex_};
    flight_ = Flight::None;
    failure_.reset();
    if (result) {
      ++epoch_;
    } else {
      failure_ = result.error();
      // The network may be back at once; everything else takes a while to change.
      const auto kind = failure_->kind();
      const bool passing = kind == ErrorKind::Offline || kind == ErrorKind::Cancelled;
      believed_until_ = passing ? Monotonic{} : clock_.monotonic() + kBelieveFailureFor;
    }
  }
  landed_.notify_all();
}

Result<void> AppleSession::renew(std::uint64_t seen, SignIn::From from, std::stop_token stop) {
  return run(Flight::Renewal, seen, stop, [&]() -> Result<void> {
    // Known to be over: nothing but a person helps, so Apple is not asked again.
    if (!memory_.copy().signed_in) return signed_out();
    return SignIn{calls_, clock_, options_, memory_}.renew(from, stop);
  });
}

Result<void> AppleSession::sign_in(PasswordSource& passwords, CodeSource& codes, std::stop_token stop) {
  return run(Flight::Person, epoch(), stop, [&]() -> Result<void> {
    SignIn ladder{calls_, clock_, options_, memory_};
    auto renewed = ladder.renew(SignIn::From::Cookies, stop);
    if (renewed || renewed.error().kind() != ErrorKind::NeedsSignIn) return renewed;
    auto signed_in = ladder.with_person(passwords, codes, stop);
    if (signed_in) log.info("signed in");
    return signed_in;
  });
}

SessionStatus AppleSession::status() const {
  SessionStatus status;
  const auto session = memory_.copy();
  status.signed_in = session.signed_in;
  status.paused_until = session.identity_pause.until;
  const Lock lock{mutex_};
  status.asking = flight_ == Flight::Person;
  if (!status.signed_in && failure_) status.problem = failure_->message();
  return status;
}

void AppleSession::keep_trusted(std::stop_token stop) {
  while (clock_.sleep_for(std::chrono::hours{1}, stop)) {
  }
}

Result<void> AppleSession::sign_out(std::stop_token) {
  return memory_.change([](SavedSession& session) { session = {}; });
}

Result<net::Response> AppleSession::send(std::string_view path, const std::string& body, bool fresh_connection,
                                         std::stop_token stop) {
  const auto session = memory_.copy();
  net::Request request;
  request.method = "POST";
  request.url = fmt::format(
      "{}{}?remapEnums=true&getCurrentSyncToken=true&clientBuildNumber={}&clientMasteringNumber={}&clientId={}&dsid={}",
      session.photos_url(), path, kBuildNumber, kMasteringNumber, session.client_id, percent_encode(session.dsid));
  request.headers = calls_.browser_headers(request.url);
  request.headers.add("Accept", "*/*");
  request.headers.add("Content-Type", "text/plain");
  request.body = body;
  request.fresh_connection = fresh_connection;
  auto response = TRY(http_.send(request, stop));
  calls_.absorb(request.url, response.headers);
  return response;
}

Result<net::Response> AppleSession::ask(std::string_view path, const std::string& body, std::stop_token stop) {
  auto response = TRY(send(path, body, false, stop));
  if (response.status != 421) return response;
  return send(path, body, true, stop);
}

Result<net::Response> AppleSession::post(std::string_view path, std::string body, std::stop_token stop) {
  if (!memory_.copy().signed_in) return signed_out();
  // The first call of a process looks whether the saved session is still good.
  if (epoch() == 0) TRY(renew(0, SignIn::From::Cookies, stop));
  auto seen = epoch();
  auto response = TRY(ask(path, body, stop));
  // Cookies that validate calls good may still not be good enough for photos; new ones by token are the last resort.
  for (const auto from : {SignIn::From::Cookies, SignIn::From::Tokens}) {
    if (!is_over(response)) return response;
    TRY(renew(seen, from, stop));
    seen = epoch();
    response = TRY(ask(path, body, stop));
  }
  if (!is_over(response) || response.status == 403) return response;
  // Refused with a session minutes old: trying on would be a loop. The next sign-in looks again.
  (void)memory_.change([](SavedSession& session) { session.signed_in = false; });
  return Error{ErrorKind::NeedsSignIn,
               "iCloud does not take the session it has just given; see that \"Access iCloud Data on the Web\" is on "
               "(Settings, your name, iCloud), then mount again"};
}

}  // namespace

Result<std::unique_ptr<Session>> Session::open(net::Http& http, Clock& clock, SessionOptions options) {
  options.endpoints = TRY(checked(std::move(options.endpoints)));
  // The name is hashed into the proof, and Apple hashes it so.
  options.account = ascii_lower(trim(options.account));
  if (options.account.empty()) return Error{ErrorKind::Usage, "the Apple Account is empty"};
  if (options.user_agent.empty()) options.user_agent = kUserAgent;

  SessionFile file{options.state_dir, options.account};
  auto saved = TRY(file.load());
  if (!saved) {
    saved.emplace();
    saved->account = options.account;
    saved->client_id = random_uuid();
  }
  // Saved by a run that knew another iCloud, or by a hand: never sent to.
  std::erase_if(saved->webservices, [&](const auto& service) { return !is_apples(service.second, options.endpoints); });
  return std::unique_ptr<Session>{
      std::make_unique<AppleSession>(http, clock, std::move(options), std::move(file), std::move(*saved))};
}

}  // namespace icloudphotos::auth
