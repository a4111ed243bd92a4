// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "icloudphotos/catalog/catalog.h"
#include "icloudphotos/tree/options.h"

#include "role.h"

namespace icloudphotos::tree {

/// A file of a photo: `stem + suffix` is its name.
struct Version {
  const Resource* resource = nullptr;  ///< Lives as long as the photo.
  std::string suffix;                  ///< ".HEIC", "-edited.JPG"
  bool current = false;                ///< Part of what the phone shows now.
  bool raw = false;
  std::uint8_t where = 0;  ///< In which directories it is shown: bits of `Where`.
};

/// The files of a photo, each kind at most once, names unlike each other in whatever case; with `jpeg` also what JPEG
/// shows, under names of its own.
class Versions {
 public:
  explicit Versions(const catalog::Photo& photo, const TreeOptions& options = {});

  [[nodiscard]] const Version* begin() const { return files_.data(); }
  [[nodiscard]] const Version* end() const { return files_.data() + count_; }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] bool has_original() const;

 private:
  void add(const Resource* resource, std::string_view between, std::string_view extension, std::string_view if_taken);
  void add_rendition(const catalog::Photo& photo);
  void decide_where(TreeOptions::Versions shown);

  std::array<Version, 6> files_;
  std::size_t count_ = 0;
};

/// The resource of that kind, or null.
[[nodiscard]] const Resource* find_resource(const std::vector<Resource>& resources, ResourceKind kind);

/// The resource of that kind a photo is shown with: the edit's own where there is one. Or null.
[[nodiscard]] const Resource* resource_of(const catalog::Photo& photo, ResourceKind kind);

}  // namespace icloudphotos::tree
