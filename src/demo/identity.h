// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <set>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/json.h"

#include "answers.h"
#include "code_desk.h"
#include "origin.h"
#include "quirks.h"
#include "security_key.h"
#include "srp_server.h"
#include "tokens.h"

namespace icloudphotos::demo {

struct Credentials {
  std::string account;  ///< lower case
  std::string password;
  SrpProtocol protocol = SrpProtocol::S2k;
};

/// The identity service, `/appleauth/auth/…` (authentication.md 2 to 4).
///
/// Threads   Any.
class Identity {
 public:
  Identity(Credentials credentials, Tokens& tokens, CodeDesk& codes, const Clock& clock);
  [[nodiscard]] net::ServerResponse answer(const net::ServerRequest& request, const Origin& origin,
                                           const Quirks& quirks);

  void set_password(const std::string& password);
  /// Everybody who is half way in has to begin again.
  void forget_sign_ins();
  struct Counts {
    int attempts = 0;  ///< signin/complete with a proof, right or wrong
    int wrong_in_a_row = 0;
  };
  [[nodiscard]] Counts counts() const;
  [[nodiscard]] KeyDesk& keys() { return keys_; }

 private:
  enum class Stage { Challenged, NeedsCode, NeedsRepair, Verified };
  /// One person's way through the doors.
  struct SignIn {
    Stage stage = Stage::Challenged;
    std::string scnt, id, account;
    std::string began_with;  ///< the scnt of an earlier sign-in that init came with
    std::string challenge;   ///< `c`
    std::optional<SrpChallenge> srp;
    TimePoint began;
    std::string work;  ///< what X-Apple-HC has to be about; empty: nothing
    bool has_read_options = false;
    std::string key_challenge;  ///< what a security key has to sign
  };
  struct Call {
    const net::ServerRequest& request;
    const Origin& origin;
    const Quirks& quirks;
    JsonView body;
    std::string_view path;
  };

  net::ServerResponse route(const Call& call);
  net::ServerResponse authorize(const Call& call);
  net::ServerResponse init(const Call& call);
  net::ServerResponse complete(const Call& call);
  net::ServerResponse after_password(const Call& call, SignIn& sign_in) REQUIRES(mutex_);
  net::ServerResponse refuse_password(const Call& call, SignIn& sign_in) REQUIRES(mutex_);
  net::ServerResponse go_on(const Call& call);
  net::ServerResponse repair(const Call& call, SignIn& sign_in) REQUIRES(mutex_);
  net::ServerResponse options(const Call& call, SignIn& sign_in) REQUIRES(mutex_);
  [[nodiscard]] std::optional<net::ServerResponse> refuse_to_send(const Call& call, CodeTarget target) const;
  net::ServerResponse send_code(const Call& call, SignIn& sign_in, CodeTarget target) REQUIRES(mutex_);
  net::ServerResponse check_code(const Call& call, SignIn& sign_in, CodeTarget target) REQUIRES(mutex_);
  net::ServerResponse accept_second_factor(const Call& call, SignIn& sign_in) REQUIRES(mutex_);
  std::string ask_for_key(SignIn& sign_in) REQUIRES(mutex_);
  net::ServerResponse security_key(const Call& call, SignIn& sign_in) REQUIRES(mutex_);
  net::ServerResponse trust(const Call& call, SignIn& sign_in) REQUIRES(mutex_);

  [[nodiscard]] bool has_trust(JsonView tokens) const;
  [[nodiscard]] std::string session_token(std::string_view claim);
  /// What every answer of a sign-in carries, a new scnt in most.
  void stamp(const Call& call, SignIn& sign_in, net::ServerResponse& response) REQUIRES(mutex_);

  Tokens& tokens_;
  CodeDesk& codes_;
  const Clock& clock_;
  KeyDesk keys_;
  mutable Mutex mutex_;
  Credentials credentials_ GUARDED_BY(mutex_);
  SrpAccount srp_ GUARDED_BY(mutex_);
  std::map<std::string, std::shared_ptr<SignIn>> challenges_ GUARDED_BY(mutex_);  ///< by `c`
  std::map<std::string, std::shared_ptr<SignIn>> sign_ins_ GUARDED_BY(mutex_);    ///< by session id
  Counts counts_ GUARDED_BY(mutex_);
};

}  // namespace icloudphotos::demo
