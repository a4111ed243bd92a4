// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "icloudphotos/base/secret.h"

namespace icloudphotos::auth {

/// What stands before the first line end, as a password.
[[nodiscard]] inline Secret first_line(std::string_view text) {
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return Secret{std::string{text}};
}

}  // namespace icloudphotos::auth
