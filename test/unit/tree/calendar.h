// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

#include "icloudphotos/base/clock.h"

namespace icloudphotos::tree {

/// A moment in UTC.
inline TimePoint day(int year, unsigned month, unsigned of_month, int hour = 12) {
  using namespace std::chrono;
  return TimePoint{sys_days{std::chrono::year{year} / static_cast<int>(month) / static_cast<int>(of_month)}} +
         hours{hour};
}

}  // namespace icloudphotos::tree
