// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "icloudphotos/base/json.h"
#include "icloudphotos/base/mutex.h"
#include "icloudphotos/base/text.h"

#include "answers.h"

namespace icloudphotos::demo {

/// The security keys of the account, and whether what one signed is right (authentication.md 4). Until a test registers
/// its own, the account has one that nobody holds.
///
/// Threads   Any.
class KeyDesk {
 public:
  /// `credential`, `public_key` (65 bytes, P-256), both base64, and `name`. Errors: Usage.
  [[nodiscard]] Result<void> add(JsonView key);
  /// The body that asks for a signature over `challenge`.
  [[nodiscard]] std::string options_json(std::string_view account, std::string_view challenge) const;
  /// `challenge`: what was asked, base64url.
  [[nodiscard]] bool accepts(JsonView assertion, std::string_view challenge) const;

 private:
  struct Key {
    std::string name;
    std::string public_key;
  };
  mutable Mutex mutex_;
  std::map<std::string, Key> keys_ GUARDED_BY(mutex_);  ///< by credential id
};

/// A new one, base64url.
[[nodiscard]] std::string make_key_challenge();
[[nodiscard]] net::ServerResponse wrong_key();

}  // namespace icloudphotos::demo
