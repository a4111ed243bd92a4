// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "icloudphotos/base/clock.h"

#include "database.h"
#include "packing.h"

// How values of ours stand in columns.
namespace icloudphotos::catalog {

[[nodiscard]] inline std::int64_t milliseconds(TimePoint time) { return time.time_since_epoch().count(); }
[[nodiscard]] inline std::optional<std::int64_t> milliseconds(const std::optional<TimePoint>& time) {
  return time ? std::optional{milliseconds(*time)} : std::nullopt;
}
[[nodiscard]] inline TimePoint time_point(std::int64_t stored) { return TimePoint{std::chrono::milliseconds{stored}}; }
[[nodiscard]] inline std::optional<TimePoint> time_point(const std::optional<std::int64_t>& stored) {
  return stored ? std::optional{time_point(*stored)} : std::nullopt;
}

[[nodiscard]] inline std::optional<std::string_view> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string_view>{text};
}

/// A view: good until the end of the statement that makes the bytes.
[[nodiscard]] inline std::optional<Blob> as_blob(const std::optional<std::string>& bytes) {
  return bytes ? std::optional{Blob{*bytes}} : std::nullopt;
}

[[nodiscard]] inline std::string stored_id(const Query& row, int column) {
  return unpack_id(row.bytes(column), row.is_blob(column));
}

}  // namespace icloudphotos::catalog
