// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace icloudphotos::demo {

/// A number that looks random, the same for the same input on every machine (the finaliser of splitmix64).
constexpr std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

}  // namespace icloudphotos::demo
