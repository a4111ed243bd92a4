// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "icloudphotos/base/clock.h"

namespace icloudphotos::net {

/// How many downloads one host is asked for at the same time. A host or a line that has enough shows it: by saying so
/// (429, 503), or by connections that break. Then half as many go on, and while answers are good one more after every few.
class Allowance {
 public:
  explicit Allowance(std::size_t most);
  [[nodiscard]] std::size_t now() const { return now_; }
  /// A download that was answered well.
  void good();
  /// One that was not, begun at `began`, while `busy` were under way. Those that had begun before the last cut are
  /// signs of the same trouble.
  void bad(std::size_t busy, Monotonic began, Monotonic now);

 private:
  const std::size_t most_;
  std::size_t now_;
  std::size_t good_ = 0;  ///< Since it last grew.
  Monotonic cut_ = Monotonic::min();
};

}  // namespace icloudphotos::net
