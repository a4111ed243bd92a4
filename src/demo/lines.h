// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "mix.h"
#include "records.h"

namespace icloudphotos::demo {

/// One element of a `records` array, written when its turn comes.
using Line = std::function<void(RecordWriter&)>;

/// Puts them into an order that hangs on `seed` and on which answer it is.
inline void shuffle(std::vector<Line>& lines, std::uint64_t seed, std::uint64_t answer) {
  for (std::size_t left = lines.size(); left > 1; --left)
    std::swap(lines[left - 1], lines[mix(seed + mix(answer + left)) % left]);
}

inline void write_lines(RecordWriter& writer, std::vector<Line> lines, const Quirks& quirks, std::uint64_t answer) {
  if (quirks.shuffle != 0) shuffle(lines, static_cast<std::uint64_t>(quirks.shuffle), answer);
  for (const Line& line : lines) line(writer);
}

}  // namespace icloudphotos::demo
