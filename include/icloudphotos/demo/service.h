// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "icloudphotos/base/result.h"

namespace icloudphotos::demo {

struct ServiceOptions {
  int port = 0;                                   ///< 0: any free one.
  std::uint64_t computed_assets = 0;              ///< 0: the small real library; else that many computed ones.
  std::chrono::milliseconds latency{0};           ///< Before each answer.
  std::uint64_t bytes_per_second = 0;             ///< Per connection; 0: no limit.
  std::optional<std::filesystem::path> tls_certificate, tls_key;
  std::string account = "demo@example.com";
  std::string password = "demo-Password-1";
};

/// A pretend iCloud on loopback: sign-in, setup, photos and content hosts in one, with a control interface for tests.
///
/// Threads   Any.
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
};

}  // namespace icloudphotos::demo
