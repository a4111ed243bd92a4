// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "icloudphotos/base/result.h"

namespace icloudphotos::auth {

/// What Apple wants signed by one of the account's keys. Bytes are raw.
struct KeyChallenge {
  std::string challenge;             ///< Verbatim as received: base64url.
  std::vector<std::string> handles;  ///< Credential ids.
  std::string relying_party;         ///< "apple.com"
  std::vector<std::string> names;    ///< As their owner calls them.
};

/// A WebAuthn assertion. Bytes are raw.
struct KeyAssertion {
  std::string client_data;  ///< JSON
  std::string authenticator_data;
  std::string signature;  ///< DER
  std::string credential_id;
  std::string user_handle;  ///< Empty: none.
};

/// The FIDO2 keys plugged into this machine.
///
/// Errors    NeedsSignIn: no key is plugged in, or none of the account's. Refused: the key said no, or nobody touched it
///           in time. Cancelled.
/// Threads   One at a time.
/// Source    protocol/authentication.md 4.
class SecurityKeys {
 public:
  virtual ~SecurityKeys() = default;
  [[nodiscard]] virtual Result<KeyAssertion> sign(const KeyChallenge& challenge, std::stop_token stop) = 0;
};

/// Null when built without libfido2.
[[nodiscard]] std::unique_ptr<SecurityKeys> make_security_keys();

}  // namespace icloudphotos::auth
