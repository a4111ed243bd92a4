// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <utility>

#include "icloudphotos/base/result.h"

namespace icloudphotos::catalog {

/// A copy of a catalog in a private temporary directory, which is removed with this object: for one that lies where
/// nothing can be written. Whoever makes it holds the catalog's lock.
class WorkingCopy {
 public:
  [[nodiscard]] static Result<WorkingCopy> make(const std::filesystem::path& database);
  WorkingCopy(WorkingCopy&& other) noexcept : directory_{std::exchange(other.directory_, {})} {}
  WorkingCopy& operator=(WorkingCopy&&) = delete;
  ~WorkingCopy();

  [[nodiscard]] std::filesystem::path database() const { return directory_ / "catalog.db"; }

 private:
  explicit WorkingCopy(std::filesystem::path directory) : directory_{std::move(directory)} {}
  std::filesystem::path directory_;
};

/// Whether the file system is one that nobody may write to.
[[nodiscard]] bool is_read_only(const std::filesystem::path& directory);

}  // namespace icloudphotos::catalog
