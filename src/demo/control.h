// SPDX-License-Identifier: MIT
#pragma once

#include "content_urls.h"
#include "faults.h"
#include "identity.h"
#include "journal.h"
#include "library.h"
#include "pause_watch.h"
#include "settings.h"
#include "setup.h"

namespace icloudphotos::demo {

/// What tests may ask and do behind the service's back, `/control/…` (README.md).
///
/// Threads   Any.
class Control {
 public:
  struct Parts {
    Library& library;
    Identity& identity;
    Setup& setup;
    CodeDesk& codes;
    Tokens& tokens;
    ContentUrls& urls;
    QuirkBoard& quirks;
    Faults& faults;
    Journal& journal;
    PauseWatch& pauses;
    Settings& settings;
    Clock& clock;
  };
  explicit Control(Parts parts) : parts_{parts} {}

  /// `request` gives the query, its path after /control/ is `call`. Errors: Usage, NotFound.
  Result<std::string> run(std::string_view call, const net::ServerRequest& request);
  /// Errors: Usage.
  Result<void> set_quirks(JsonView from);

 private:
  [[nodiscard]] std::string counters() const;
  [[nodiscard]] std::string shown_code() const;
  Result<std::string> truth(const net::ServerRequest& request) const;
  Result<std::string> quirks_now() const;
  Result<void> edit(JsonView body);
  Result<std::string> add(const Zone& zone, JsonView body);
  Result<std::string> shared_album_call(std::string_view call, JsonView body);
  Result<void> purge(JsonView body);
  Result<std::string> album(JsonView body);
  Result<void> members(JsonView body);
  Result<void> erase_album(JsonView body);
  Result<void> expire(JsonView body);
  Result<void> set_password(JsonView body);
  Result<void> add_faults(JsonView body);
  Result<void> settings(JsonView body);
  [[nodiscard]] Photo new_photo(JsonView body, std::uint64_t serial);

  Parts parts_;
  PatternMaker patterns_;
  std::atomic<std::uint64_t> serial_ = 0;
};

}  // namespace icloudphotos::demo
