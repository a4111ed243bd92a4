// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/result.h"

namespace icloudphotos::demo {

struct ServiceOptions {
  int port = 0;                                       ///< 0: any free one.
  std::uint64_t computed_assets = 0;                  ///< 0: the small real library; else that many computed ones.
  std::uint64_t computed_shared_assets = 0;           ///< as many in a computed shared library
  std::uint64_t extra_albums = 0;                     ///< computed libraries: small albums besides the usual ones
  std::uint64_t file_bytes = 0;                       ///< computed libraries: size of every original; 0: 2 KB to 1 MB
  std::optional<std::filesystem::path> library = {};  ///< a directory with a library.json instead of the one built in
  std::chrono::milliseconds latency{0};               ///< Before each answer.
  std::uint64_t bytes_per_second = 0;                 ///< Of content, per connection; 0: no limit.
  std::chrono::seconds url_lifetime{3600};            ///< Of download URLs.
  std::optional<std::filesystem::path> tls_certificate = {}, tls_key = {};
  std::string account = "demo@example.com";
  std::string password = "demo-Password-1";
  std::optional<std::string> fixed_code = {};  ///< The only right code, also without having been sent.
  std::string srp_protocol = "s2k";            ///< "s2k" or "s2k_fo"
  bool is_participant = false;                 ///< The shared library is somebody else's.
  std::string quirks = {};                     ///< JSON as for the control call "quirks".
  Clock* clock = nullptr;                      ///< Outlives the service; none: the system's.
};

/// A pretend iCloud on loopback: sign-in, setup, photos and content hosts in one, with a control interface for tests.
///
/// Errors    Usage: an address, file or option that cannot be used.
/// Threads   Any.
/// Lifetime  Destruction ends all connections and waits for their answers.
/// Source    An independent reading of protocol/authentication.md 12 and protocol/photos.md 22.
class Service {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Service>> start(const ServiceOptions& options);
  virtual ~Service() = default;

  [[nodiscard]] virtual std::string base_url() const = 0;      ///< "http://127.0.0.1:PORT"
  [[nodiscard]] virtual std::string identity_url() const = 0;  ///< For auth::Endpoints.
  [[nodiscard]] virtual std::string setup_url() const = 0;
  /// The six digits the trusted device shows now; empty when none was asked for.
  [[nodiscard]] virtual std::string shown_code() const = 0;
  /// What `POST /control/CALL` answers (src/demo/README.md); `call` may have a query. Errors: Usage, NotFound.
  [[nodiscard]] virtual Result<std::string> control(std::string_view call, std::string_view json = {}) = 0;
};

}  // namespace icloudphotos::demo
