// SPDX-License-Identifier: MIT
#include "icloudphotos/base/secret.h"

#include <string.h>

namespace icloudphotos {

void wipe(void* bytes, std::size_t size) noexcept { ::explicit_bzero(bytes, size); }

void Secret::wipe() noexcept {
  // The short-string buffer and the heap block alike, up to what may have been written.
  icloudphotos::wipe(text_.data(), text_.capacity());
  text_.clear();
}

}  // namespace icloudphotos
