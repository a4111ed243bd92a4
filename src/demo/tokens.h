// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/mutex.h"

namespace icloudphotos::demo {

/// What a token is good for: a login, skipping the second factor, the photos service, a protected account's photos.
enum class TokenKind { Session, Trust, Web, Pcs };

/// Makes and reads tokens. What they say is in them, signed with the account's password, so that a service started anew
/// still honours them, and a new password ends them all, as it does at Apple.
///
/// Threads   Any.
class Tokens {
 public:
  Tokens(std::string account, std::string password) : account_{std::move(account)}, password_{std::move(password)} {}

  /// `claim` is one word that comes back when the token is read.
  [[nodiscard]] std::string make(TokenKind kind, std::string_view claim, TimePoint expiry);
  /// The claim of a token of ours that still counts.
  [[nodiscard]] std::optional<std::string> read(TokenKind kind, std::string_view token, TimePoint now) const;
  /// All tokens of a kind made so far.
  void expire_all(TokenKind kind);
  /// All but the newest.
  void expire_older(TokenKind kind);
  void set_password(std::string password);

 private:
  struct Kind {
    int generation = 0;
    std::string newest;    ///< the last one made
    std::string survivor;  ///< counts although its generation has ended
  };
  [[nodiscard]] std::string sign(std::string_view content) const REQUIRES(mutex_);
  mutable Mutex mutex_;
  std::string account_ GUARDED_BY(mutex_), password_ GUARDED_BY(mutex_);
  std::array<Kind, 4> kinds_ GUARDED_BY(mutex_){};
};

}  // namespace icloudphotos::demo
