// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "icloudphotos/auth/gateway.h"
#include "icloudphotos/auth/person.h"
#include "icloudphotos/auth/security_keys.h"
#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/net/http.h"

namespace icloudphotos::auth {

/// Where Apple is. https, or http to a loopback address; nothing else.
struct Endpoints {
  std::string identity_url = "https://idmsa.apple.com";
  std::string setup_url = "https://setup.icloud.com/setup/ws/1";
  std::string home_url = "https://www.icloud.com";  ///< Only a value: Origin, Referer, redirect URI.
};

/// Apple's own, of the world ("com") or of China mainland ("cn"). Errors: Usage: neither.
[[nodiscard]] Result<Endpoints> endpoints_of(std::string_view domain);

/// Where a session stands, for whoever shows it to a person.
struct SessionStatus {
  bool signed_in = false;                 ///< As far as the last answer about it told.
  bool asking = false;                    ///< A sign-in is under way, which may be waiting for a person.
  bool awaits_code = false;               ///< A sign-in was begun and lacks its code only; so for ten minutes.
  std::optional<std::string> problem;     ///< Why not signed in, and what to do: one sentence.
  std::optional<TimePoint> trust_ends;    ///< About then Apple wants a code again, unless trust is renewed before.
  std::optional<TimePoint> paused_until;  ///< Nothing is asked of Apple before.
};

/// What is news to a person, and to those who wait for one.
enum class SessionEvent {
  Ready,        ///< Signed in, after not having been.
  NeedsPerson,  ///< Only a person can go on, and none was there when that was found out. Once until Ready, over restarts.
  TrustEnding,  ///< Renewing trust failed, and it ends in 7 days, or 2: once each.
};

struct SessionOptions {
  std::string account;              ///< Apple Account as typed; trimmed and lower-cased inside.
  std::filesystem::path state_dir;  ///< Holds `session.json`, 0600.
  Endpoints endpoints;
  std::string user_agent;  ///< Empty: the built-in one of a current browser.
  /// Passwords that can be had without a person; outlives the session. None: a renewal ends where one is wanted.
  PasswordSource* unattended = nullptr;
  SecurityKeys* security_keys = nullptr;  ///< Outlives the session. None: this machine cannot use any.
  /// How long a request waits for a renewal that another one has begun.
  std::chrono::milliseconds patience = std::chrono::seconds{30};
  /// Called when it happens, on the thread that found out, under no lock.
  std::function<void(SessionEvent, const SessionStatus&)> on_event = {};
};

/// Becoming and staying signed in, as icloud.com's own page does it.
///
/// Errors    open: Usage (endpoints), Storage. sign_in: Refused (password or code not taken, account locked; the
///           sentence says what to do), NeedsSignIn (nobody could be asked), Throttled (nothing is sent before the
///           time in the sentence, not even by the next process), Offline, Protocol, Storage, Cancelled.
/// Threads   Any. One sign-in at a time: others who sign in wait for its result, `post` gets NeedsSignIn meanwhile.
/// Lifetime  Killed at any moment, the next one goes on where it was: a password that was taken is not asked for again
///           within ten minutes, a code that was sent is not sent again.
/// Source    protocol/authentication.md 1 to 7.
class Session : public Gateway {
 public:
  /// Reads the saved session; makes no request.
  [[nodiscard]] static Result<std::unique_ptr<Session>> open(net::Http& http, Clock& clock, SessionOptions options);

  /// Whether a saved session may do without a person (cookies, or session and trust token). Makes no request.
  [[nodiscard]] virtual bool is_known() const = 0;

  /// validate → token login → password (SRP) → second factor → trust → account login, as far down as needed; then, where
  /// the data is protected and somebody is there, the approval of a device. Asks `passwords` at most once and `codes` as
  /// often as the person has tries. Sources that have nothing keep it silent: no code is sent for when nobody can be
  /// asked.
  [[nodiscard]] virtual Result<void> sign_in(PasswordSource& passwords, CodeSource& codes, std::stop_token stop) = 0;

  [[nodiscard]] virtual SessionStatus status() const = 0;  ///< At once.

  /// Renews trust in this computer week by week until told to stop. For a thread of its own.
  virtual void keep_trusted(std::stop_token stop) = 0;

  /// Tells Apple, as far as it can be reached, and forgets all that was saved; a sign-in under way is broken off.
  /// Errors: Storage, Cancelled.
  [[nodiscard]] virtual Result<void> sign_out(std::stop_token stop) = 0;
};

}  // namespace icloudphotos::auth
