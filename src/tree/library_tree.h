// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "icloudphotos/tree/tree.h"

#include "flat_index.h"
#include "inodes.h"

namespace icloudphotos::tree {

/// A directory with what `stat` tells of it.
struct DirectoryNode {
  std::shared_ptr<const Directory> listing;
  std::uint32_t links = 2;
  std::uint32_t check = 0;  ///< As in `Number`.
  std::uint32_t depth = 0;  ///< Below the root.
  std::int64_t newest_s = 0;

  [[nodiscard]] Node node() const;
};

/// One library at one moment; immutable once it is built. Compact: a library has hundreds of thousands of files.
class LibraryTree {
 public:
  struct File {
    std::uint64_t inode = 0;
    std::uint64_t size = 0;
    std::int64_t modified_s = 0;
    std::int64_t changed_s = 0;
    std::uint32_t links = 0;
    std::uint32_t check = 0;     ///< As in `Number`.
    std::uint32_t photo = 0;     ///< Index into the photos.
    std::uint32_t checksum = 0;  ///< Where in the text it starts.
    std::uint16_t checksum_length = 0;
    ResourceKind kind = ResourceKind::Original;
  };

  explicit LibraryTree(LibraryId id) : id_{std::move(id)} {}

  [[nodiscard]] const LibraryId& id() const { return id_; }
  [[nodiscard]] const DirectoryNode& top() const { return directories_.at(top_); }
  [[nodiscard]] const File* find_file(Inode inode) const;
  [[nodiscard]] const DirectoryNode* find_directory(Inode inode) const;
  [[nodiscard]] Node node(const File& file) const;
  [[nodiscard]] ResourceRef resource(const File& file) const;
  [[nodiscard]] const std::vector<File>& files() const { return files_; }
  [[nodiscard]] const std::unordered_map<Inode, DirectoryNode>& directories() const { return directories_; }
  [[nodiscard]] const Totals& totals() const { return totals_; }
  /// Whether something else than what digests to `number` is there.
  [[nodiscard]] bool taken(const Number& number) const;
  [[nodiscard]] std::size_t memory_bytes() const;

  // For whoever builds it.
  void set_top(Inode top) { top_ = top; }
  std::uint32_t add_photo(const AssetId& asset, const OriginalId& original);
  std::uint32_t add_file(File file, std::string_view checksum);
  void add_link(std::uint32_t file) { ++files_[file].links; }
  void add_directory(Inode inode, DirectoryNode directory) {
    directories_.insert_or_assign(inode, std::move(directory));
  }
  void set_totals(Totals totals) { totals_ = totals; }
  /// Gives back what growing left over.
  void shrink();

 private:
  struct Photo {
    std::uint32_t text = 0;  ///< Where its asset's id starts; its original's follows.
    std::uint32_t asset_length = 0;
    std::uint32_t original_length = 0;
  };

  LibraryId id_;
  Inode top_;
  std::string text_;  ///< All ids and checksums.
  std::vector<Photo> photos_;
  std::vector<File> files_;
  FlatIndex by_inode_;
  std::unordered_map<Inode, DirectoryNode> directories_;
  Totals totals_;
};

}  // namespace icloudphotos::tree
