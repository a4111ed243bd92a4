// SPDX-License-Identifier: MIT
#include "snapshot.h"

#include <algorithm>
#include <map>
#include <utility>

namespace icloudphotos::tree {
namespace {

bool same_attributes(const Node& a, const Node& b) {
  return a.complete == b.complete && a.size == b.size && a.links == b.links && a.modified_s == b.modified_s &&
         a.changed_s == b.changed_s;
}

/// Names by the depth of their directory, deepest first.
using Names = std::map<std::uint32_t, std::vector<Stale::Name>, std::greater<>>;

/// Both listings are sorted by name: a merge. True when they differ.
bool compare_entries(const Directory* before, const Directory* after, std::vector<Stale::Name>& names) {
  static constexpr auto kNone = std::pair<const Entry*, const Entry*>{};
  const auto range = [](const Directory* listing) {
    return listing == nullptr ? kNone
                              : std::pair{listing->entries.data(), listing->entries.data() + listing->entries.size()};
  };
  auto [old_entry, old_end] = range(before);
  auto [new_entry, new_end] = range(after);
  const Inode directory = before != nullptr ? before->inode : after->inode;
  bool differ = false;
  while (old_entry != old_end || new_entry != new_end) {
    const int order = old_entry == old_end ? 1 : new_entry == new_end ? -1 : old_entry->name.compare(new_entry->name);
    if (order < 0) {
      names.push_back({directory, old_entry->name, old_entry->inode});
    } else if (order > 0) {
      names.push_back({directory, new_entry->name, std::nullopt});
    } else if (old_entry->inode != new_entry->inode) {
      names.push_back({directory, new_entry->name, std::nullopt});
    }
    differ = differ || order != 0 || old_entry->inode != new_entry->inode;
    if (order <= 0) ++old_entry;
    if (order >= 0) ++new_entry;
  }
  return differ;
}

void compare_directories(const DirectoryNode* before, const DirectoryNode* after, Names& names, Stale& stale) {
  const Directory* old_listing = before == nullptr ? nullptr : before->listing.get();
  const Directory* new_listing = after == nullptr ? nullptr : after->listing.get();
  bool changed = false;
  if (old_listing != new_listing) {
    const std::uint32_t depth = before != nullptr ? before->depth : after->depth;
    changed = compare_entries(old_listing, new_listing, names[depth]);
  }
  if (before == nullptr || after == nullptr) return;  // a node that came or went is not a stale one
  if (changed || !same_attributes(before->node(), after->node())) stale.inodes.push_back(new_listing->inode);
}

void compare_libraries(const LibraryTree& before, const LibraryTree& after, Names& names, Stale& stale) {
  for (const auto& [inode, directory] : before.directories()) {
    compare_directories(&directory, after.find_directory(inode), names, stale);
  }
  for (const auto& [inode, directory] : after.directories()) {
    if (before.find_directory(inode) == nullptr) compare_directories(nullptr, &directory, names, stale);
  }
  for (const LibraryTree::File& file : after.files()) {
    const LibraryTree::File* known = before.find_file(Inode{file.inode});
    if (known != nullptr && !same_attributes(before.node(*known), after.node(file))) {
      stale.inodes.push_back(Inode{file.inode});
    }
  }
}

}  // namespace

const DirectoryNode* Snapshot::find_directory(Inode inode) const {
  if (inode == kRootInode) return &root;
  for (const auto& library : libraries) {
    if (const DirectoryNode* found = library->find_directory(inode)) return found;
  }
  return nullptr;
}

std::pair<const LibraryTree*, const LibraryTree::File*> Snapshot::find_file(Inode inode) const {
  for (const auto& library : libraries) {
    if (const LibraryTree::File* found = library->find_file(inode)) return {library.get(), found};
  }
  return {nullptr, nullptr};
}

const LibraryTree* Snapshot::find_library(const LibraryId& id) const {
  const auto found =
      std::find_if(libraries.begin(), libraries.end(), [&](const auto& library) { return library->id() == id; });
  return found == libraries.end() ? nullptr : found->get();
}

Stale difference(const Snapshot& before, const Snapshot& after) {
  Stale stale;
  Names names;
  static const LibraryTree kNothing{LibraryId{}};
  compare_directories(&before.root, &after.root, names, stale);
  for (const auto& library : before.libraries) {
    const LibraryTree* now = after.find_library(library->id());
    if (now != library.get()) compare_libraries(*library, now == nullptr ? kNothing : *now, names, stale);
  }
  for (const auto& library : after.libraries) {
    if (before.find_library(library->id()) == nullptr) compare_libraries(kNothing, *library, names, stale);
  }
  for (auto& [depth, of_depth] : names) std::move(of_depth.begin(), of_depth.end(), std::back_inserter(stale.names));
  return stale;
}

}  // namespace icloudphotos::tree
