// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/base/secret.h"
#include "icloudphotos/net/cookies.h"

namespace icloudphotos::auth {

/// All that is remembered of a sign-in, between requests and between mounts.
struct SavedSession {
  std::string client_id;        ///< Ours, made once.
  Secret session_token;         ///< Becomes cookies by account login.
  Secret trust_token;           ///< Spares the code. The most precious of all: never dropped but for a newer one.
  Secret session_id;            ///< With `scnt`, the context of the sign-in in progress.
  Secret scnt;
  std::string account_country;  ///< ISO 3166 alpha-3.
  std::string dsid;
  std::string photos_url;       ///< Root of the photos service, new with each login.
  bool signed_in = false;       ///< The last answer about it was yes.
  net::CookieJar cookies;
  std::optional<TimePoint> pause_until;  ///< Apple throttles sign-ins: no try before.
  std::int64_t pauses = 0;               ///< In a row; each is longer than the one before.
};

/// `session.json` in a private directory: 0600, replaced as a whole.
///
/// Errors    Storage. A file that cannot be understood is set aside as `session.json.bad` and counts as absent.
class SessionFile {
 public:
  explicit SessionFile(const std::filesystem::path& directory) : path_{directory / "session.json"} {}

  [[nodiscard]] Result<std::optional<SavedSession>> load() const;
  [[nodiscard]] Result<void> save(const SavedSession& session) const;

 private:
  std::filesystem::path path_;
};

[[nodiscard]] std::string write_session(const SavedSession& session);
/// Errors: Protocol.
[[nodiscard]] Result<SavedSession> read_session(std::string_view text);

}  // namespace icloudphotos::auth
