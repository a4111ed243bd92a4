// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string_view>

namespace icloudphotos::demo {

/// Elements of `records` arrays that a client has no use for (photos.md 2.5, 13 and 21), each as JSON.

/// At the beginning of a feed: types, albums and half records that tell of no photo.
[[nodiscard]] std::span<const std::string_view> odd_records_of_history();
/// In every page of a feed: deletions of what nobody knew, told again and again, and errors.
[[nodiscard]] std::span<const std::string_view> odd_records_of_feed();
/// In every page of a list.
[[nodiscard]] std::span<const std::string_view> odd_records_of_list();

/// Masters that no asset refers to, and assets whose master is nowhere; they stay so.
struct Orphan {
  std::string_view name, json;
};
[[nodiscard]] std::span<const Orphan> orphan_masters();
[[nodiscard]] std::span<const Orphan> orphan_assets();

/// A field of a type that no client knows.
[[nodiscard]] std::string_view odd_field();

}  // namespace icloudphotos::demo
