// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "icloudphotos/catalog/catalog.h"
#include "icloudphotos/tree/options.h"

#include "classify.h"
#include "draft.h"

namespace icloudphotos::tree {

/// The directories a library has from the first moment, by number.
struct LibraryPlaces {
  std::int64_t number = 0;  ///< Of the library.
  LibraryId id;
  Library::Kind kind = Library::Kind::Personal;
  std::int64_t top = 0;
  std::int64_t all_photos = 0;
  std::optional<std::int64_t> albums;
  std::int64_t favorites = 0;
  std::int64_t recents = 0;
  std::int64_t on_this_day = 0;
  std::array<std::int64_t, kMediaTypes.size()> media_types{};
  std::optional<std::int64_t> jpeg;
  std::optional<std::int64_t> hidden;
  std::optional<std::int64_t> deleted;
};

/// Whether it is known what to call a library. Of some shared albums only their photos' feed tells.
[[nodiscard]] bool is_named(const catalog::LibraryState& state);

/// Makes the directories of a library, or finds them; of one without a name there are none yet.
[[nodiscard]] Result<LibraryPlaces> put_library(catalog::TreeWriter& writer, Draft& draft,
                                                const catalog::LibraryState& state, const TreeOptions& options);

/// Brings the directories of albums in line with the albums there are. Shared libraries have none.
[[nodiscard]] Result<void> put_albums(catalog::TreeWriter& writer, Draft& draft, const LibraryPlaces& places,
                                      std::vector<Album> albums);

}  // namespace icloudphotos::tree
