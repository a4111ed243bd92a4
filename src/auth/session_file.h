// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/base/secret.h"
#include "icloudphotos/net/cookies.h"

#include "auth/answers.h"

namespace icloudphotos::auth {

/// A time in which nothing is asked, because Apple wants it so; each in a row is longer than the one before.
struct Pause {
  std::optional<TimePoint> until;
  std::int64_t in_a_row = 0;
};

/// A sign-in whose password was taken and whose second factor is still to come, so that whoever starts next, this program
/// or another one, goes on where it was left.
struct HalfWay {
  static constexpr std::int64_t kDevices = -1;

  TimePoint since;                       ///< When the password was taken; Apple forgets it soon after.
  std::optional<FactorOptions> options;  ///< As first read: later readings are shorter.
  std::optional<std::int64_t> sent_to;   ///< Where the last code was sent: kDevices, or a phone's id.
  bool by_voice = false;
  std::int64_t sends = 0;  ///< Counted before a code is sent, so that nobody is sent more who is killed each time.
  std::int64_t wrong = 0;  ///< Codes that were not accepted.
};

/// All that is remembered of a sign-in, between requests and between mounts.
struct SavedSession {
  std::string account;    ///< Whose it is; of another account nothing here is of use.
  std::string client_id;  ///< Ours, made once.
  Secret session_token;   ///< Becomes cookies by account login.
  Secret trust_token;     ///< Spares the code. The most precious of all: never dropped but for a newer one.
  Secret session_id;      ///< With `scnt`, the context of the sign-in in progress.
  Secret scnt;
  Secret auth_attributes;
  std::string account_country;  ///< ISO 3166 alpha-3.
  std::string dsid;
  std::string identity_url;  ///< Apple's other identity service, once that was the one that answered; else empty.
  std::string region;        ///< "com" or "cn" once Apple has said that the account lives elsewhere; else empty.
  std::map<std::string, std::string> webservices;  ///< Name to URL, new with each login; only Apple's own.
  bool signed_in = false;                          ///< The last answer about it was yes.
  bool unfinished = false;     ///< The session token is of a sign-in that still lacked its code: good for nothing.
  bool code_accepted = false;  ///< A code was taken and trust not asked for yet: no second code is needed.
  std::optional<TimePoint> last_login;           ///< The last account login that worked.
  std::optional<TimePoint> password_refused_at;  ///< What the same source gives again is not tried again unattended.
  /// Tells whether a password is the refused one, and too little to guess it by.
  std::string refused_salt;
  std::int64_t refused_mark = 0;
  std::optional<TimePoint> person_wanted_at;  ///< Apple wanted something, and nobody was there to give it.
  std::optional<TimePoint> unattended_at;     ///< The last password given in by nobody, until one led to a session.
  std::optional<HalfWay> half_way;
  bool person_told = false;                    ///< That a person is needed; until somebody signed in.
  std::optional<TimePoint> trusted_since;      ///< When trust was given or renewed last.
  std::optional<TimePoint> renew_trust_at;     ///< Kept, so that restarts do not renew each time.
  std::int64_t failed_renewals = 0;            ///< In a row.
  std::int64_t warned_days = 0;                ///< The last warning that trust ends: 7 or 2 days before. 0: none.
  bool data_protected = false;                 ///< Advanced Data Protection: a device has to lend its keys.
  std::optional<TimePoint> approval_asked_at;  ///< For those keys, and not given yet.
  net::CookieJar cookies;
  Pause identity_pause;  ///< For passwords and codes.
  Pause setup_pause;     ///< For validate and account login.

  /// Root of the photos service; empty when not known.
  [[nodiscard]] std::string photos_url() const {
    const auto found = webservices.find("ckdatabasews");
    return found == webservices.end() ? std::string{} : found->second;
  }
};

/// `session.json` in a private directory: 0600, replaced as a whole.
///
/// Errors    Storage: the disk, or a file that others may have read or written, that is not a file, or is not ours.
///           One that cannot be understood, or belongs to another account, is set aside as `session.json.bad` and
///           counts as absent.
class SessionFile {
 public:
  SessionFile(const std::filesystem::path& directory, std::string account)
      : path_{directory / "session.json"}, account_{std::move(account)} {}

  [[nodiscard]] Result<std::optional<SavedSession>> load() const;
  /// Writes text made by `write_session`.
  [[nodiscard]] Result<void> save(std::string_view text) const;
  /// Removes it, and what was set aside.
  [[nodiscard]] Result<void> erase() const;

 private:
  [[nodiscard]] Result<void> check_owner() const;
  std::filesystem::path path_;
  std::string account_;
};

[[nodiscard]] std::string write_session(const SavedSession& session);
/// Errors: Protocol.
[[nodiscard]] Result<SavedSession> read_session(std::string_view text);

}  // namespace icloudphotos::auth
