// SPDX-License-Identifier: MIT
#include "skeleton.h"

#include <algorithm>

#include "keys.h"

namespace icloudphotos::tree {
namespace {

using Rows = std::unordered_map<std::int64_t, catalog::DirectoryRow>;

/// Directories by date come and go with what is in them; the others stay also when they are empty.
bool comes_and_goes(const catalog::DirectoryRow& row) {
  const auto role = static_cast<Role>(row.role);
  return (role == Role::AllPhotos || role == Role::Jpeg) && !row.key.ends_with('|');
}

/// Puts a directory and those above it among the shown.
Bone* show(const Rows& rows, std::int64_t number, std::unordered_map<std::int64_t, Bone>& bones) {
  if (const auto known = bones.find(number); known != bones.end()) return &known->second;
  const auto row = rows.find(number);
  if (row == rows.end() || !row->second.present) return nullptr;
  Bone* parent = show(rows, row->second.parent, bones);
  if (parent == nullptr) return nullptr;
  Bone bone;
  bone.row = row->second;
  bone.depth = parent->depth + 1;
  bone.newest_s = row->second.newest_s;
  return &bones.emplace(number, std::move(bone)).first->second;
}

/// Whether all photos that belong in a directory are there.
bool has_all(const LibraryPart& library, const Bone& directory) {
  if (directory.is_secluded()) return library.complete && library.fed;
  if (directory.role() == Role::Folder && library.foldered) return true;
  const auto number = directory.row.number;
  return library.complete || library.whole.contains(number) || library.whole_albums.contains(number);
}

}  // namespace

Node Bone::node() const {
  Node node;
  node.inode = row.inode;
  node.kind = NodeKind::Directory;
  node.complete = complete;
  node.links = links;
  node.modified_s = node.changed_s = newest_s;
  node.secluded = is_secluded();
  return node;
}

/// Hidden or Recently Deleted.
bool Bone::is_secluded() const {
  return role() == Role::Everything && row.parent != 0 &&
         (row.key.ends_with("|hidden") || row.key.ends_with("|deleted"));
}

Skeleton::Skeleton(const Rows& rows, const std::map<std::int64_t, LibraryPart>& libraries) : libraries_{libraries} {
  Bone& root = bones_[0];
  root.row.inode = kRootInode;
  root.row.role = static_cast<std::int64_t>(Role::Fixed);
  root.depth = 0;
  root.complete = !libraries.empty();
  for (const auto& [number, row] : rows) {
    if (!comes_and_goes(row) || row.photos > 0) show(rows, number, bones_);
  }
  std::vector<Bone*> deepest_first;
  for (auto& [number, bone] : bones_) deepest_first.push_back(&bone);
  std::sort(deepest_first.begin(), deepest_first.end(),
            [](const Bone* a, const Bone* b) { return a->depth > b->depth; });
  for (Bone* bone : deepest_first) {
    by_inode_.emplace(bone->row.inode, bone);
    by_key_.emplace(bone->row.key, bone);
    if (bone->depth == 0) continue;
    const auto library = libraries.find(bone->row.library);
    if (bone->role() != Role::Fixed) {
      bone->complete = library != libraries.end() && has_all(library->second, *bone);
    }
    Bone& parent = bones_.at(bone->row.parent);
    parent.below.push_back(bone);
    ++parent.links;
    parent.newest_s = std::max(parent.newest_s, bone->newest_s);
  }
  // Whoever lists shared albums shall not miss one whose name has not come yet.
  if (const auto shared = by_key_.find(kSharedAlbumsKey); shared != by_key_.end()) {
    bones_.at(shared->second->row.number).complete =
        std::all_of(libraries.begin(), libraries.end(), [](const auto& library) { return library.second.named; });
  }
  for (Bone* bone : deepest_first) {
    std::sort(bone->below.begin(), bone->below.end(),
              [](const Bone* a, const Bone* b) { return a->row.name < b->row.name; });
  }
}

const Bone* Skeleton::find(Inode inode) const {
  const auto found = by_inode_.find(inode);
  return found == by_inode_.end() ? nullptr : found->second;
}

const Bone* Skeleton::numbered(std::int64_t number) const {
  const auto found = bones_.find(number);
  return found == bones_.end() ? nullptr : &found->second;
}

const Bone* Skeleton::find(std::string_view key) const {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : found->second;
}

bool Skeleton::is_whole(std::int64_t library) const {
  const auto found = libraries_.find(library);
  return found != libraries_.end() && found->second.complete;
}

const Bone* Skeleton::child(const Bone& parent, std::string_view name) {
  const auto found =
      std::lower_bound(parent.below.begin(), parent.below.end(), name,
                       [](const Bone* bone, std::string_view wanted) { return bone->row.name < wanted; });
  return found != parent.below.end() && (*found)->row.name == name ? *found : nullptr;
}

Inode Skeleton::parent_of(const Bone& bone) const {
  return bone.row.number == 0 ? kRootInode : bones_.at(bone.row.parent).row.inode;
}

}  // namespace icloudphotos::tree
