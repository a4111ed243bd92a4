// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/catalog/catalog.h"
#include "icloudphotos/model/inode.h"
#include "icloudphotos/model/library.h"

namespace icloudphotos::tree {

enum class NodeKind : std::uint8_t { Directory, File };

/// What `stat` tells of a node.
struct Node {
  Inode inode;
  NodeKind kind = NodeKind::File;
  bool complete = true;           ///< A directory whose listing is not known whole yet is not complete.
  std::uint64_t size = 0;         ///< Bytes; 0 for directories.
  std::uint32_t links = 1;        ///< Files: number of names. Directories: 2 + subdirectories.
  std::int64_t modified_s = 0;    ///< Seconds since 1970: capture date, or the edit's.
  std::int64_t changed_s = 0;
};

struct Entry {
  std::string name;
  Inode inode;
  NodeKind kind = NodeKind::File;
};

/// One directory at one moment; immutable. Entries are sorted by name (bytes).
struct Directory {
  Inode inode;
  Inode parent;
  bool complete = true;
  std::vector<Entry> entries;
  [[nodiscard]] const Entry* find(std::string_view name) const;
};

/// What became stale when a new snapshot was published, for the kernel's caches.
struct Stale {
  struct Name {
    Inode directory;
    std::string name;
    std::optional<Inode> deleted;  ///< The inode the name had, when the name is gone.
  };
  std::vector<Name> names;      ///< Names that came, went, or mean another inode.
  std::vector<Inode> inodes;    ///< Nodes whose attributes changed, and directories whose listing did.
};

struct Totals {
  std::uint64_t bytes = 0;  ///< Size of all originals.
  std::uint64_t files = 0;
};

struct TreeOptions {
  std::string layout = "%Y/%m";  ///< strftime, for All Photos.
};

/// What we know, as directories: layout, names, inodes.
///
/// Shapes    The root's inode is 1. A library that is not listed completely shows its fixed directories, all marked not complete.
/// Errors    load, refresh: Storage.
/// Threads   Look-ups: any, no waiting, no database. `refresh`: one at a time (the sync thread).
class Tree {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Tree>> load(catalog::Catalog& catalog, Clock& clock, TreeOptions options);
  virtual ~Tree() = default;

  [[nodiscard]] virtual std::shared_ptr<const Directory> directory(Inode inode) const = 0;  ///< Null: no such directory.
  [[nodiscard]] virtual std::optional<Node> node(Inode inode) const = 0;
  [[nodiscard]] virtual std::optional<ResourceRef> resource(Inode file) const = 0;
  [[nodiscard]] virtual Totals totals() const = 0;

  /// Publishes what the catalog knows now and tells what became stale.
  [[nodiscard]] virtual Result<Stale> refresh(const catalog::ChangeSet& changes) = 0;
};

}  // namespace icloudphotos::tree
