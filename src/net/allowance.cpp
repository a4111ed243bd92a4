// SPDX-License-Identifier: MIT
#include "allowance.h"

#include <algorithm>

namespace icloudphotos::net {

Allowance::Allowance(std::size_t most) : most_{std::max<std::size_t>(most, 1)}, now_{most_} {}

void Allowance::good() {
  if (now_ == most_) return;
  if (++good_ < now_ / 2) return;
  good_ = 0;
  ++now_;
}

void Allowance::bad(std::size_t busy, Monotonic began, Monotonic now) {
  if (began <= cut_) return;
  cut_ = now;
  good_ = 0;
  now_ = std::max<std::size_t>(std::min(now_, busy) / 2, 1);
}

}  // namespace icloudphotos::net
