// SPDX-License-Identifier: MIT
#pragma once

#include <stop_token>
#include <string>
#include <string_view>

#include "auth/session_file.h"
#include "icloudphotos/auth/session.h"
#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/net/http.h"

namespace icloudphotos::auth {

/// The saved session while the program runs: read by many, changed by answers, on disk after each change.
/// Threads   Any.
class Memory {
 public:
  Memory(SessionFile file, SavedSession session) : file_{std::move(file)}, session_{std::move(session)} {}

  [[nodiscard]] SavedSession copy() const {
    const Lock lock{mutex_};
    return session_;
  }
  /// Changes it and writes it. Errors: Storage.
  template <class Change>
  Result<void> change(Change change) {
    const Lock lock{mutex_};  // held over the write, so that the file never goes back in time
    change(session_);
    return file_.save(session_);
  }

 private:
  const SessionFile file_;
  mutable Mutex mutex_;
  SavedSession session_ GUARDED_BY(mutex_);
};

/// The requests of a sign-in: which headers each wants, and what to keep of its answer.
///
/// Errors    Offline, Cancelled, Storage, Protocol. A status is an answer.
/// Source    protocol/authentication.md 0.3, 0.4, 2 to 5.
class Calls {
 public:
  Calls(net::Http& http, Clock& clock, const SessionOptions& options, Memory& memory);

  // Identity.
  [[nodiscard]] Result<net::Response> init(std::string body, std::stop_token stop);
  [[nodiscard]] Result<net::Response> complete(std::string body, std::stop_token stop);
  [[nodiscard]] Result<net::Response> repair(std::stop_token stop);
  [[nodiscard]] Result<net::Response> factor_options(std::stop_token stop);
  [[nodiscard]] Result<net::Response> push(std::stop_token stop);
  [[nodiscard]] Result<net::Response> phone(std::string body, std::stop_token stop);
  [[nodiscard]] Result<net::Response> device_code(std::string body, std::stop_token stop);
  [[nodiscard]] Result<net::Response> phone_code(std::string body, std::stop_token stop);
  [[nodiscard]] Result<net::Response> trust(std::stop_token stop);
  // Setup.
  [[nodiscard]] Result<net::Response> validate(std::stop_token stop);
  [[nodiscard]] Result<net::Response> account_login(bool fresh_connection, std::stop_token stop);

  /// The headers every call to Apple's own hosts has.
  [[nodiscard]] net::Headers browser_headers(std::string_view url, std::string_view origin) const;
  /// Takes tokens and cookies out of an answer.
  [[nodiscard]] Result<void> absorb(std::string_view url, const net::Headers& headers);

 private:
  [[nodiscard]] Result<net::Response> identity(std::string_view method, std::string_view path, std::string body,
                                               std::string_view origin, std::stop_token stop);
  [[nodiscard]] Result<net::Response> setup(std::string_view call, std::string body, bool fresh_connection,
                                            std::stop_token stop);

  net::Http& http_;
  Clock& clock_;
  const SessionOptions& options_;
  Memory& memory_;
};

}  // namespace icloudphotos::auth
