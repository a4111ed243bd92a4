// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

#include "icloudphotos/auth/session.h"
#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/json.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/net/http.h"

#include "auth/answers.h"
#include "auth/memory.h"

namespace icloudphotos::auth {

/// The requests of a sign-in and of the photos service: which headers each wants, and what to keep of its answer. What
/// an answer means for the next start is written together with its tokens, so that a program killed between two requests
/// has lost nothing.
///
/// Errors    Offline, Cancelled, Protocol. A status is an answer.
/// Threads   Any.
/// Source    protocol/authentication.md 0.3, 0.4, 2 to 5.
class Calls {
 public:
  Calls(net::Http& http, Clock& clock, const SessionOptions& options, Memory& memory);

  // Identity.
  [[nodiscard]] Result<net::Response> init(std::string body, std::stop_token stop);
  /// `begun`: the answer of init, which may want work to be shown.
  [[nodiscard]] Result<net::Response> complete(std::string body, const net::Response& begun, std::stop_token stop);
  /// `refusal`: the answer that asked for it.
  [[nodiscard]] Result<net::Response> repair(const net::Response& refusal, std::stop_token stop);
  [[nodiscard]] Result<net::Response> factor_options(std::stop_token stop);
  enum class Voice { No, Yes };
  [[nodiscard]] Result<net::Response> push(std::stop_token stop);
  [[nodiscard]] Result<net::Response> phone(const FactorOptions::Phone& phone, Voice voice, std::stop_token stop);
  [[nodiscard]] Result<net::Response> device_code(std::string body, std::stop_token stop);
  [[nodiscard]] Result<net::Response> phone_code(std::string body, std::stop_token stop);
  [[nodiscard]] Result<net::Response> key_signature(std::string body, std::stop_token stop);
  [[nodiscard]] Result<net::Response> trust(std::stop_token stop);
  // Setup.
  [[nodiscard]] Result<net::Response> validate(std::stop_token stop);
  enum class Trust { Claimed, NotClaimed };
  [[nodiscard]] Result<net::Response> account_login(Trust trust, std::stop_token stop);
  [[nodiscard]] Result<net::Response> web_access_state(std::stop_token stop);
  [[nodiscard]] Result<net::Response> ask_for_approval(std::stop_token stop);
  enum class Asked { ByPerson, ByItself };
  [[nodiscard]] Result<net::Response> request_keys(Asked asked, std::stop_token stop);
  [[nodiscard]] Result<net::Response> logout(std::stop_token stop);
  // Photos, and other services by whole URLs.
  enum class Connection { Kept, Fresh };
  [[nodiscard]] Result<net::Response> photos(std::string_view path, const std::string& body, Connection connection,
                                             std::stop_token stop);
  [[nodiscard]] Result<net::Response> service(std::string_view url, const std::string& body, Connection connection,
                                              std::stop_token stop);

  /// Where Apple is for this account.
  [[nodiscard]] Endpoints endpoints() const;

 private:
  /// What an answer means, besides the tokens and cookies that every one may bring.
  using Meaning = std::function<void(SavedSession&, const net::Response&)>;
  /// Apple wants the page of the identity service to say that it comes from there until the password is proved, and
  /// from the iCloud page afterwards.
  enum class Page { Identity, Home };
  [[nodiscard]] Result<net::Response> identity(std::string_view method, std::string_view path, std::string body,
                                               Page page, std::stop_token stop, const Meaning& meaning = {},
                                               const net::Headers& more = {});
  enum class Query { With, Without };
  [[nodiscard]] Result<net::Response> setup(std::string_view call, const std::string& body, std::stop_token stop,
                                            Query query = Query::Without);
  [[nodiscard]] std::string usual_query() const;
  [[nodiscard]] net::Headers browser_headers(std::string_view url) const;
  [[nodiscard]] std::string client_id() const;
  /// `asker`: the client id when it was asked.
  void absorb(std::string_view url, const net::Response& response, const std::string& asker,
              const Meaning& meaning = {});
  [[nodiscard]] Meaning second_factor_taken() const;
  [[nodiscard]] static Meaning code_sent(std::int64_t where, Voice voice);

  net::Http& http_;
  Clock& clock_;
  const SessionOptions& options_;
  Memory& memory_;
};

/// As requests about a phone name it.
void write_phone(JsonWriter& out, const FactorOptions::Phone& phone);

}  // namespace icloudphotos::auth
