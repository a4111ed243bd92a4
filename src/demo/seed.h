// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "photo.h"

namespace icloudphotos::demo {

/// What a zone held before anybody changed it.
///
/// Threads   Any.
class Seed {
 public:
  virtual ~Seed() = default;
  [[nodiscard]] virtual PhotoId count() const = 0;
  [[nodiscard]] virtual Photo photo(PhotoId id) const = 0;
  [[nodiscard]] virtual Traits traits(PhotoId id) const = 0;
  /// The first photo with the same master; `id` itself when it shares none.
  [[nodiscard]] virtual PhotoId first_with_master_of(PhotoId id) const = 0;
  [[nodiscard]] virtual std::optional<PhotoId> find_asset(std::string_view name) const = 0;
  /// The first photo with this master.
  [[nodiscard]] virtual std::optional<PhotoId> find_master(std::string_view name) const = 0;
  [[nodiscard]] virtual const std::vector<Album>& albums() const = 0;
};

}  // namespace icloudphotos::demo
