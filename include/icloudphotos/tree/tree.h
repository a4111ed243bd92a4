// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "icloudphotos/base/clock.h"
#include "icloudphotos/base/result.h"
#include "icloudphotos/catalog/catalog.h"
#include "icloudphotos/model/inode.h"
#include "icloudphotos/model/library.h"
#include "icloudphotos/tree/options.h"

namespace icloudphotos::tree {

enum class NodeKind : std::uint8_t { Directory, File };

/// What `stat` tells of a node.
struct Node {
  Inode inode;
  NodeKind kind = NodeKind::File;
  bool complete = true;         ///< Not: a listing that is not known whole yet, a file that may get more names.
  bool secluded = false;        ///< A directory that is nobody's business but its owner's.
  std::uint64_t size = 0;       ///< Bytes; 0 for directories.
  std::uint32_t links = 1;      ///< Files: number of names. Directories: 2 + subdirectories.
  std::int64_t modified_s = 0;  ///< Seconds since 1970: capture date, or the edit's.
  std::int64_t changed_s = 0;
};

struct Entry {
  std::string name;
  Node node;
  /// Where it stands in a listing: above 2, and the same in every listing of this directory it is in.
  std::uint64_t place = 0;
};

/// One directory at one moment; immutable. Entries are sorted by place.
struct Directory {
  Inode inode;
  Inode parent;
  bool complete = true;
  std::uint64_t generation = 0;  ///< `Tree::generation` when it was made.
  std::vector<Entry> entries;
  /// The first entry behind a place.
  [[nodiscard]] std::vector<Entry>::const_iterator after(std::uint64_t place) const;
};

/// What became stale when a new snapshot was published, for the kernel's caches.
struct Stale {
  struct Name {
    Inode directory;
    std::string name;
    std::optional<Inode> deleted;  ///< The inode the name had, when the name is gone.
    bool came = false;             ///< There was no such name before.
  };
  std::vector<Name> names;     ///< Names that came, went, or mean another inode.
  std::vector<Inode> inodes;   ///< Nodes whose attributes changed, and directories whose listing did.
  std::vector<Inode> bytes{};  ///< Files of which wrong bytes were given out.
};

struct Totals {
  std::uint64_t bytes = 0;  ///< Size of all originals.
  std::uint64_t files = 0;  ///< Inodes, not names.
  /// Photos whose original is not known yet, or not in the cloud yet: they have no file for it.
  std::uint64_t waiting = 0;
};

/// The bytes of a file: those of a resource, or a text of our own.
using Content = std::variant<ResourceRef, std::string>;

/// Names and values of extended attributes, "user.xdg.comment".
using Attributes = std::vector<std::pair<std::string, std::string>>;

/// What we know, as directories: layout, names, inodes.
///
/// Shapes    The root's inode is 1. Every library that is known has its fixed directories; until it was listed whole
///           for the first time, those that hold photos or albums are empty and not complete. From then on it stays
///           complete, also while it is read anew. Without any library the root is not complete.
/// Names     All Photos has every version of a photo. The other directories have hard links to the current one (the
///           edit, or the original) and the Live video, under the suffix they have in All Photos ("-edited.JPG"), so
///           that a file is called the same wherever a person meets it; RAW has the RAW file as well. Only the number
///           in "IMG_1 (2)" is a directory's own, because stems are claimed per directory. `rsync -H` sees one inode
///           either way. Hidden and Recently Deleted have every version, because All Photos has none of theirs.
/// Inodes    Digests of what they stand for.
/// Dates     A photo without a believable UTC offset is filed as in UTC: the zone of this computer would move it when
///           the computer travels.
/// Memory    Directories are in memory, photos are not: they are read from the catalog when somebody looks.
/// Errors    Storage. What is published stays; the next refresh catches up.
/// Threads   Look-ups: any; they read a database on local disk and wait for no writer. `refresh`: one at a time (the
///           sync thread).
/// Lifetime  A Directory lives as long as somebody holds it. Catalog and clock must outlive the tree.
class Tree {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Tree>> load(catalog::Catalog& catalog, Clock& clock, TreeOptions options);
  virtual ~Tree() = default;

  /// Null: there is no such directory.
  [[nodiscard]] virtual Result<std::shared_ptr<const Directory>> directory(Inode inode) const = 0;
  /// What a name in a directory stands for; nothing: there is no such name, or no such directory.
  [[nodiscard]] virtual Result<std::optional<Node>> look_up(Inode directory, std::string_view name) const = 0;
  [[nodiscard]] virtual Result<std::optional<Node>> node(Inode inode) const = 0;
  [[nodiscard]] virtual std::optional<Inode> parent(Inode directory) const = 0;
  [[nodiscard]] virtual Result<std::optional<Content>> content(Inode file) const = 0;
  /// Where a file has names.
  [[nodiscard]] virtual Result<std::vector<Inode>> directories_of(Inode file) const = 0;
  /// Which file has those bytes; nothing: none has (any more).
  [[nodiscard]] virtual Result<std::optional<Inode>> file_of(const ResourceRef& resource) const = 0;
  [[nodiscard]] virtual Result<Attributes> attributes(Inode file) const = 0;
  [[nodiscard]] virtual Totals totals() const = 0;
  /// Counts how often something was published.
  [[nodiscard]] virtual std::uint64_t generation() const = 0;

  /// What a directory shows.
  struct Source {
    LibraryId library;
    std::optional<AlbumId> album;  ///< Nothing: something else of the library.
  };
  /// Nothing: no such directory, or one of no library.
  [[nodiscard]] virtual std::optional<Source> source_of(Inode directory) const = 0;

  /// A library that is not known whole yet is known from its newest photo back to `then`: from the next refresh on the
  /// directories by date that have none older are shown. Of the thread that refreshes.
  virtual void known_since(const LibraryId& library, TimePoint then) = 0;
  /// The same of such a library whose albums are all known, and of an album whose photos all are: its folders, and it.
  virtual void known_albums(const LibraryId& library) = 0;
  virtual void known_album(const LibraryId& library, const AlbumId& album) = 0;
  /// Publishes what the catalog knows now and tells what became stale, names in the deepest directories first.
  [[nodiscard]] virtual Result<Stale> refresh() = 0;
};

}  // namespace icloudphotos::tree
