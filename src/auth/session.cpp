// SPDX-License-Identifier: MIT
#include "icloudphotos/auth/session.h"

#include <fmt/format.h>

#include <condition_variable>
#include <cstdint>
#include <optional>
#include <utility>

#include "auth/calls.h"
#include "auth/session_file.h"
#include "auth/sign_in.h"
#include "icloudphotos/base/json.h"
#include "icloudphotos/base/log.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/text.h"

namespace icloudphotos::auth {
namespace {

constexpr Log log{"auth"};

// Old or tool-like agents are answered 503. One agent for the whole life of a session.
constexpr const char* kUserAgent =
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36";
constexpr const char* kBuildNumber = "2522Project44";
constexpr const char* kMasteringNumber = "2522B2";

Result<void> check_endpoint(std::string_view url) {
  const auto parsed = net::parse_url(url);
  if (parsed && (parsed->scheme == "https" || (parsed->scheme == "http" && parsed->is_loopback()))) return {};
  return Error{ErrorKind::Usage, fmt::format("{} is not an https address (http is for loopback only)", printable(url))};
}

std::string without_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

/// Whether an answer of the photos service says that the session is over.
bool is_over(const net::Response& response) {
  switch (response.status) {
    case 401:
    case 421:
    case 450: return true;
    case 403: {
      const auto document = JsonDocument::parse(response.body);
      return !document || !document->root()["serverErrorCode"].text();
    }
    default: return false;
  }
}

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
  Secret cookies_for(std::string_view url) override {
    return memory_.copy().cookies.header_for(url, clock_.now());
  }

 private:
  /// Runs `way` unless somebody does already; then waits for that. Nothing is done when the session was renewed since `seen`.
  template <class Way>
  Result<void> once(std::uint64_t seen, std::stop_token stop, Way way);
  [[nodiscard]] Result<void> renew(std::uint64_t seen, std::stop_token stop);
  [[nodiscard]] Result<net::Response> send(std::string_view path, const std::string& body, bool fresh_connection,
                                           std::stop_token stop);
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
  std::condition_variable_any finished_;
  bool running_ GUARDED_BY(mutex_) = false;
  std::uint64_t epoch_ GUARDED_BY(mutex_) = 0;  ///< How often the session was found or made good. 0: not yet in this process.
  std::uint64_t runs_ GUARDED_BY(mutex_) = 0;
  std::optional<Error> failure_ GUARDED_BY(mutex_);  ///< How the last run ended.
};

template <class Way>
Result<void> AppleSession::once(std::uint64_t seen, std::stop_token stop, Way way) {
  {
    Lock lock{mutex_};
    if (epoch_ != seen) return {};
    if (running_) {
      const auto run = runs_;
      const bool over = finished_.wait(lock, stop, [&]() REQUIRES(mutex_) { return !running_ || runs_ != run; });
      if (!over) return Error{ErrorKind::Cancelled, "interrupted"};
      if (failure_) return *failure_;
      return {};
    }
    running_ = true;
    ++runs_;
  }
  const Result<void> result = way();
  {
    const Lock lock{mutex_};
    running_ = false;
    failure_.reset();
    if (result) {
      ++epoch_;
    } else {
      failure_ = result.error();
    }
  }
  finished_.notify_all();
  return result;
}

Result<void> AppleSession::renew(std::uint64_t seen, std::stop_token stop) {
  return once(seen, stop, [&]() -> Result<void> {
    // Known to be over: nothing but a person helps, so Apple is not asked again.
    if (!memory_.copy().signed_in) return Error{ErrorKind::NeedsSignIn, "the saved sign-in has ended; sign in again"};
    return SignIn{calls_, clock_, options_, memory_}.renew(stop);
  });
}

Result<void> AppleSession::sign_in(PasswordSource& passwords, CodeSource& codes, std::stop_token stop) {
  return once(epoch(), stop, [&]() -> Result<void> {
    SignIn ladder{calls_, clock_, options_, memory_};
    auto renewed = ladder.renew(stop);
    if (renewed || renewed.error().kind() != ErrorKind::NeedsSignIn) return renewed;
    auto signed_in = ladder.with_person(passwords, codes, stop);
    if (signed_in) log.info("signed in");
    return signed_in;
  });
}

Result<net::Response> AppleSession::send(std::string_view path, const std::string& body, bool fresh_connection,
                                         std::stop_token stop) {
  const auto session = memory_.copy();
  net::Request request;
  request.method = "POST";
  request.url = fmt::format(
      "{}{}?remapEnums=true&getCurrentSyncToken=true&clientBuildNumber={}&clientMasteringNumber={}&clientId={}&dsid={}",
      session.photos_url, path, kBuildNumber, kMasteringNumber, session.client_id, percent_encode(session.dsid));
  request.headers = calls_.browser_headers(request.url, options_.endpoints.home_url);
  request.headers.add("Accept", "*/*");
  request.headers.add("Content-Type", "text/plain");
  request.body = body;
  request.fresh_connection = fresh_connection;
  auto response = TRY(http_.send(request, stop));
  TRY(calls_.absorb(request.url, response.headers));
  return response;
}

Result<net::Response> AppleSession::post(std::string_view path, std::string body, std::stop_token stop) {
  // The first call of a process looks whether the saved session is still good.
  if (epoch() == 0) TRY(renew(0, stop));
  const auto seen = epoch();
  auto response = TRY(send(path, body, false, stop));
  if (response.status == 421) response = TRY(send(path, body, true, stop));
  if (!is_over(response)) return response;
  TRY(renew(seen, stop));
  response = TRY(send(path, body, false, stop));
  if (!is_over(response)) return response;
  return Error{ErrorKind::NeedsSignIn, "iCloud does not take the session it has just given; sign in again"};
}

}  // namespace

Result<std::unique_ptr<Session>> Session::open(net::Http& http, Clock& clock, SessionOptions options) {
  TRY(check_endpoint(options.endpoints.identity_url));
  TRY(check_endpoint(options.endpoints.setup_url));
  options.endpoints.identity_url = without_slash(std::move(options.endpoints.identity_url));
  options.endpoints.setup_url = without_slash(std::move(options.endpoints.setup_url));
  // The name is hashed into the proof, and Apple hashes it so.
  options.account = ascii_lower(trim(options.account));
  if (options.account.empty()) return Error{ErrorKind::Usage, "the Apple Account is empty"};
  if (options.user_agent.empty()) options.user_agent = kUserAgent;

  SessionFile file{options.state_dir};
  auto saved = TRY(file.load());
  if (!saved) {
    saved.emplace();
    saved->client_id = random_uuid();
  }
  return std::unique_ptr<Session>{
      std::make_unique<AppleSession>(http, clock, std::move(options), std::move(file), std::move(*saved))};
}

}  // namespace icloudphotos::auth
