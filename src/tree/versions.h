// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "icloudphotos/catalog/catalog.h"

namespace icloudphotos::tree {

/// A file of a photo: `stem + suffix` is its name.
struct Version {
  const Resource* resource = nullptr;  ///< Lives as long as the photo.
  std::string suffix;                  ///< ".HEIC", "-edited.JPG"
  bool current = false;                ///< Part of what the phone shows now.
  bool raw = false;
};

/// The files of a photo, each kind at most once, names unlike each other in whatever case.
class Versions {
 public:
  explicit Versions(const catalog::Photo& photo);

  [[nodiscard]] const Version* begin() const { return files_.data(); }
  [[nodiscard]] const Version* end() const { return files_.data() + count_; }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] bool has_original() const;

 private:
  void add(const Resource* resource, std::string_view between, std::string_view extension, std::string_view if_taken);

  std::array<Version, 5> files_;
  std::size_t count_ = 0;
};

/// The resource of that kind, or null.
[[nodiscard]] const Resource* find_resource(const std::vector<Resource>& resources, ResourceKind kind);

}  // namespace icloudphotos::tree
