// SPDX-License-Identifier: MIT
#pragma once

#include "icloudphotos/auth/person.h"

namespace icloudphotos::auth {

[[nodiscard]] inline Error nobody_is_here() {
  return {ErrorKind::NeedsSignIn, "Apple wants a proof of who you are, and nobody is here to give it; sign in again"};
}

/// Stands in for the person when none is here.
class Nobody final : public CodeSource {
 public:
  Result<Answer> ask(const Challenge&, std::stop_token) override { return nobody_is_here(); }
  [[nodiscard]] bool can_ask() const override { return false; }
};

}  // namespace icloudphotos::auth
