// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "icloudphotos/auth/person.h"
#include "icloudphotos/base/handle.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/base/secret.h"

namespace icloudphotos::ui {

/// Where a mount listens: a socket in `runtime_dir`, and a link to it in the account's state folder, so that whoever finds
/// the session finds the mount.
struct ControlPlace {
  std::filesystem::path state_dir;
  std::filesystem::path runtime_dir;
};

/// How `icloudphotos refresh` was meant.
struct Refresh {
  bool wait = false;    ///< Until a round that began after the request has ended.
  bool accept = false;  ///< Lets go what was held back because so much of it went at once.
};

/// What other processes of this user may ask of a running mount. Each runs on a thread of its own and may wait.
struct ControlCalls {
  /// Signs in, asking whoever is at the other end.
  std::function<Result<void>(auth::PasswordSource&, auth::CodeSource&, std::stop_token)> sign_in{};
  std::function<Result<void>(Secret code, std::stop_token)> give_code{};
  /// Signs out and ends the mount soon after. Gives the folder of its downloaded photos.
  std::function<Result<std::filesystem::path>(std::stop_token)> sign_out{};
  std::function<Result<void>(Refresh, std::stop_token)> refresh{};
  std::function<std::string()> status{};           ///< A JSON object.
  std::function<Result<std::string>()> examine{};  ///< A JSON array.
};

/// Errors    start: Storage.
/// Threads   Destruction ends what runs and waits for it.
class ControlServer {
 public:
  [[nodiscard]] static Result<std::unique_ptr<ControlServer>> start(const ControlPlace& place, ControlCalls calls);
  virtual ~ControlServer() = default;
};

/// The other end.
///
/// Errors    connect: NotFound: no mount of this account runs. Others: as the call, and Storage: the mount is gone.
/// Threads   One at a time; one call a connection.
class ControlClient {
 public:
  [[nodiscard]] static Result<ControlClient> connect(const std::filesystem::path& state_dir);

  /// `passwords` and `codes` answer what the mount asks.
  [[nodiscard]] Result<void> sign_in(auth::PasswordSource& passwords, auth::CodeSource& codes, std::stop_token stop);
  [[nodiscard]] Result<void> give_code(const Secret& code, std::stop_token stop);
  [[nodiscard]] Result<std::filesystem::path> sign_out(std::stop_token stop);
  [[nodiscard]] Result<void> refresh(Refresh wish, std::stop_token stop);
  [[nodiscard]] Result<std::string> status(std::stop_token stop);   ///< The JSON object.
  [[nodiscard]] Result<std::string> examine(std::stop_token stop);  ///< The JSON array.

 private:
  explicit ControlClient(Fd connection) : connection_{std::move(connection)} {}
  Fd connection_;
};

}  // namespace icloudphotos::ui
