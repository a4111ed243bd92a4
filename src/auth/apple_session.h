// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "icloudphotos/auth/session.h"
#include "icloudphotos/base/mutex.h"

#include "auth/calls.h"
#include "auth/flights.h"
#include "auth/memory.h"
#include "auth/session_file.h"
#include "auth/sign_in.h"
#include "auth/standing.h"

namespace icloudphotos::auth {

/// The Session; its requests to the photos service are in gateway.cpp, the renewal of trust is in keep_trusted.cpp.
class AppleSession final : public Session {
 public:
  AppleSession(net::Http& http, Clock& clock, SessionOptions options, SessionFile file, SavedSession saved);

  [[nodiscard]] bool is_known() const override;
  Result<void> sign_in(PasswordSource& passwords, CodeSource& codes, std::stop_token stop) override;
  [[nodiscard]] SessionStatus status() const override;
  void keep_trusted(std::stop_token stop) override;
  Result<void> sign_out(std::stop_token stop) override;
  Result<net::Response> post(std::string_view path, std::string body, std::stop_token stop) override;
  std::string account_root(std::string_view service) override;
  Result<net::Response> post_to(std::string_view url, std::string body, std::stop_token stop) override;
  Secret cookies_for(std::string_view url) override;

 private:
  void tell(std::optional<SessionEvent> news) const;
  /// What the result of going down the ladder means for those who wait, and whether it is news.
  [[nodiscard]] std::optional<SessionEvent> note(const Result<void>& result);

  /// Keys of protected data, for somebody who is here.
  [[nodiscard]] Result<void> approve(CodeSource& codes, std::stop_token stop);

  [[nodiscard]] Result<void> renew(std::uint64_t seen, SignIn::From from, std::stop_token stop);
  [[nodiscard]] Result<void> renew_keys(std::uint64_t seen, std::stop_token stop);
  /// Nothing stands in the way of a request, as far as is known without one.
  [[nodiscard]] Result<void> check_standing();
  /// Sends, and once more on a new connection after a 421, which may only mean that the connection was the wrong one.
  [[nodiscard]] Result<net::Response> ask(std::string_view path, const std::string& body, std::stop_token stop);
  struct Attempt {
    net::Response response;
    std::uint64_t seen = 0;  ///< The epoch it was asked in.
  };
  [[nodiscard]] Result<Attempt> post_signed_in(std::string_view path, const std::string& body, std::stop_token stop);
  /// Whether that an answer denies access has lasted, so that it is worth finding out why.
  [[nodiscard]] bool is_denied_for_long(const net::Response& response);

  [[nodiscard]] Result<void> renew_trust(std::stop_token stop);

  Clock& clock_;
  const SessionOptions options_;
  Memory memory_;
  Calls calls_;
  Standing standing_;
  Flights flights_;
  Mutex mutex_;  ///< for what follows; never held while calling out
  std::optional<Monotonic> denied_since_ GUARDED_BY(mutex_);
};

[[nodiscard]] Error signed_out();

}  // namespace icloudphotos::auth
