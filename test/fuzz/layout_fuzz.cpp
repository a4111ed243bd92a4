// SPDX-License-Identifier: MIT
// Sixteen bytes of time and offset, then a layout: the path is made of legal names whatever they are, by whatever clock.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "icloudphotos/base/text.h"

#include "icloudpd_names.h"
#include "layout.h"
#include "names.h"

using namespace icloudphotos;
using namespace icloudphotos::tree;

namespace {
void check(bool holds) {
  if (!holds) std::abort();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::int64_t numbers[2] = {0, 0};
  if (size < sizeof numbers || size > 4096) return 0;
  std::memcpy(numbers, data, sizeof numbers);
  const auto zone = TimeZone::open(data[0] % 3 == 0 ? "photo" : data[0] % 3 == 1 ? "UTC" : "Asia/Kathmandu");
  check(zone.has_value());
  const Layout layout{{reinterpret_cast<const char*>(data) + sizeof numbers, size - sizeof numbers}, *zone};
  Asset asset;
  asset.captured = TimePoint{std::chrono::milliseconds{numbers[0]}};
  asset.added = TimePoint{std::chrono::milliseconds{numbers[1]}};
  asset.utc_offset = std::chrono::seconds{numbers[1]};
  const TimePoint now{std::chrono::milliseconds{1'790'000'000'000}};
  const Moment moment =
      moment_of(asset, layout, now, [&](const std::string& filled) { return filled.size() % 2 == 0; });
  const Moment downloaded = icloudpd_moment(asset, layout);
  check(downloaded.time && (*downloaded.time == *asset.captured || *downloaded.time == TimePoint{}));
  auto names = path_of(moment.filled);
  for (const std::string& name : path_of(downloaded.filled)) names.push_back(name);
  for (const std::string& name : names) {
    check(!name.empty() && name.size() <= kLongestName && is_utf8(name) && name.front() != '.');
    check(name.find('/') == std::string::npos && name.find('\0') == std::string::npos);
  }
  if (moment.time) {
    const auto year = layout.year(*moment.time, asset.utc_offset);
    check(year && *year >= kFirstYear && *year <= 9999);
    check(file_time(*moment.time) >= INT32_MIN);
  }
  return 0;
}
