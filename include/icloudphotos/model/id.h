// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <utility>

namespace icloudphotos {

/// The far side's name of something, opaque to us. Two kinds of id do not mix.
template <class Tag>
struct Id {
  std::string value;

  Id() = default;
  explicit Id(std::string text) : value{std::move(text)} {}
  [[nodiscard]] bool empty() const { return value.empty(); }
  auto operator<=>(const Id&) const = default;
};

using LibraryId =
    Id<struct LibraryTag>;  ///< One library of one account, the same for ever: made by `cloud`, read only there.
using AssetId = Id<struct AssetTag>;        ///< A photo as its owner sees it. Unique in its library.
using OriginalId = Id<struct OriginalTag>;  ///< What was imported; several assets may share one.
using AlbumId = Id<struct AlbumTag>;        ///< An album or folder.
using SyncToken = Id<struct SyncTokenTag>;  ///< "Everything up to here", for asking what came after.

}  // namespace icloudphotos

template <class Tag>
struct std::hash<icloudphotos::Id<Tag>> {
  std::size_t operator()(const icloudphotos::Id<Tag>& id) const noexcept { return std::hash<std::string>{}(id.value); }
};
