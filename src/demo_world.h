// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

#include "icloudphotos/auth/password_source.h"
#include "icloudphotos/auth/person.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/cli/options.h"
#include "icloudphotos/demo/service.h"

namespace icloudphotos {

/// A pretend iCloud with its only inhabitant, who knows the password and reads the code off the trusted device. Nothing
/// of it outlives it.
class DemoWorld final : public auth::PasswordSource, public auth::CodeSource {
 public:
  /// Errors: Storage.
  [[nodiscard]] static Result<std::unique_ptr<DemoWorld>> start();
  ~DemoWorld() override;

  [[nodiscard]] Result<Secret> password(const std::string& account, std::stop_token stop) override;
  [[nodiscard]] Result<auth::Answer> ask(const auth::Challenge& challenge, std::stop_token stop) override;

  /// The options of a mount of this world.
  [[nodiscard]] cli::MountOptions inhabit(cli::MountOptions options) const;

 private:
  DemoWorld() = default;
  [[nodiscard]] Result<void> finish_uploads();

  demo::ServiceOptions options_;
  std::filesystem::path home_;
  std::unique_ptr<demo::Service> service_;
};

}  // namespace icloudphotos
