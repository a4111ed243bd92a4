// SPDX-License-Identifier: MIT
#include "icloudphotos/net/retry.h"

#include <algorithm>

namespace icloudphotos::net {

using std::chrono::milliseconds;

Backoff::Backoff(milliseconds base, milliseconds cap, std::uint64_t seed)
    : base_{std::max(base, milliseconds{1})},
      cap_{std::max(cap, base_)},
      // Neighbouring seeds must not begin alike, so their bits are spread first.
      random_{static_cast<std::minstd_rand::result_type>(((seed + 1) * 0x9E37'79B9'7F4A'7C15U) >> 32)} {}

milliseconds Backoff::next(std::optional<std::chrono::seconds> asked) {
  milliseconds ceiling = base_;
  for (int i = 0; i < tries_ && ceiling < cap_; ++i) ceiling *= 2;
  ceiling = std::min(ceiling, cap_);
  ++tries_;
  const auto up_to = [&](milliseconds most) {
    return milliseconds{std::uniform_int_distribution<milliseconds::rep>{0, most.count()}(random_)};
  };
  if (asked && *asked > std::chrono::seconds{0}) {
    const milliseconds wait{*asked};
    return wait + up_to(wait / 10);
  }
  return up_to(ceiling);
}

}  // namespace icloudphotos::net
