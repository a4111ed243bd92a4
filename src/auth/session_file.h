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

namespace icloudphotos::auth {

/// A time in which nothing is asked, because Apple wants it so; each in a row is longer than the one before.
struct Pause {
  std::optional<TimePoint> until;
  std::int64_t in_a_row = 0;
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
  std::string region;  ///< "com" or "cn" once Apple has said that the account lives elsewhere; else empty.
  std::map<std::string, std::string> webservices;  ///< Name to URL, new with each login; only Apple's own.
  bool signed_in = false;                          ///< The last answer about it was yes.
  bool unfinished = false;     ///< The session token is of a sign-in that still lacked its code: good for nothing.
  bool code_accepted = false;  ///< A code was taken and trust not asked for yet: no second code is needed.
  std::optional<TimePoint> last_login;           ///< The last account login that worked.
  std::optional<TimePoint> password_refused_at;  ///< What the same source gives again is not tried again unattended.
  std::optional<TimePoint> code_wanted_at;       ///< Nobody was there to type it.
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

 private:
  [[nodiscard]] Result<void> check_owner() const;
  std::filesystem::path path_;
  std::string account_;
};

[[nodiscard]] std::string write_session(const SavedSession& session);
/// Errors: Protocol.
[[nodiscard]] Result<SavedSession> read_session(std::string_view text);

}  // namespace icloudphotos::auth
