// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include "icloudphotos/net/http.h"

namespace icloudphotos::net {

/// Collects the header lines of one answer. Interim answers (1xx) and trailers are passed over.
class HeadReader {
 public:
  static constexpr std::size_t kMaxBytes = std::size_t{128} << 10;
  static constexpr std::size_t kMaxLines = 300;

  enum class State { More, Complete, TooLarge };
  /// Takes in one line as it came, line end included; the status line is one too.
  State line(std::string_view line);
  [[nodiscard]] bool complete() const { return complete_; }
  [[nodiscard]] const ResponseHead& head() const { return head_; }
  [[nodiscard]] ResponseHead take() { return std::move(head_); }

 private:
  ResponseHead head_;
  std::size_t bytes_ = 0;
  std::size_t lines_ = 0;
  bool complete_ = false;
};

}  // namespace icloudphotos::net
