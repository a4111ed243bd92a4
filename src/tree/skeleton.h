// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "icloudphotos/catalog/catalog.h"
#include "icloudphotos/tree/tree.h"

#include "role.h"

namespace icloudphotos::tree {

/// What a library contributes to a skeleton.
struct LibraryPart {
  LibraryId id;
  Library::Kind kind = Library::Kind::Personal;
  bool named = true;
  bool complete = false;                            ///< All its photos are in their places.
  bool fed = false;                                 ///< Also those that no list shows: the hidden and the deleted.
  bool foldered = false;                            ///< All its folders and albums are in theirs.
  std::unordered_set<std::int64_t> whole{};         ///< Until then: directories by date all of whose photos are,
  std::unordered_set<std::int64_t> whole_albums{};  ///< and albums.
  catalog::Shown shown;
};

/// A directory that is shown.
struct Bone {
  catalog::DirectoryRow row;
  bool complete = true;
  std::uint32_t links = 2;
  std::uint32_t depth = 1;
  std::int64_t newest_s = 0;       ///< Of everything inside.
  std::vector<const Bone*> below;  ///< The directories in it, by name.

  [[nodiscard]] bool is_secluded() const;
  [[nodiscard]] Role role() const { return static_cast<Role>(row.role); }
  [[nodiscard]] Node node() const;
};

/// All directories at one moment; immutable. The files in them are in the catalog.
class Skeleton {
 public:
  /// `rows` with their libraries. A directory by date is shown while something is in it.
  Skeleton(const std::unordered_map<std::int64_t, catalog::DirectoryRow>& rows,
           const std::map<std::int64_t, LibraryPart>& libraries);
  Skeleton(const Skeleton&) = delete;
  Skeleton& operator=(const Skeleton&) = delete;

  [[nodiscard]] const Bone* find(Inode inode) const;
  [[nodiscard]] const Bone* numbered(std::int64_t number) const;
  [[nodiscard]] const Bone* find(std::string_view key) const;
  [[nodiscard]] static const Bone* child(const Bone& parent, std::string_view name);
  [[nodiscard]] Inode parent_of(const Bone& bone) const;
  [[nodiscard]] bool is_whole(std::int64_t library) const;
  [[nodiscard]] const std::unordered_map<std::int64_t, Bone>& bones() const { return bones_; }
  [[nodiscard]] const std::map<std::int64_t, LibraryPart>& libraries() const { return libraries_; }
  [[nodiscard]] const Bone& root() const { return bones_.at(0); }

 private:
  std::unordered_map<std::int64_t, Bone> bones_;  ///< By number; the root is 0.
  std::unordered_map<Inode, const Bone*> by_inode_;
  std::unordered_map<std::string_view, const Bone*> by_key_;
  std::map<std::int64_t, LibraryPart> libraries_;  ///< By number.
};

}  // namespace icloudphotos::tree
