// SPDX-License-Identifier: MIT
#include "news.h"

#include <algorithm>
#include <tuple>

namespace icloudphotos::tree {
namespace {

bool same_attributes(const Bone& a, const Bone& b) {
  return std::tie(a.complete, a.links, a.newest_s) == std::tie(b.complete, b.links, b.newest_s);
}

}  // namespace

void News::name(Inode directory, const std::string& name, std::optional<Inode> before, std::optional<Inode> now) {
  const auto [change, is_new] = names_.try_emplace({directory, name}, Change{before, now});
  if (is_new) return;
  // Several things happened to one name: the first says what it was, whoever gives it a meaning what it is.
  if (!change->second.before) change->second.before = before;
  if (now || change->second.now == before) change->second.now = now;
}

Stale News::take(const Skeleton& before, const Skeleton& after) {
  compare_directories(before, after);
  const auto depth = [&](Inode directory) {
    const Bone* bone = before.find(directory);
    if (bone == nullptr) bone = after.find(directory);
    return bone == nullptr ? 0U : bone->depth;
  };
  Stale stale;
  for (const auto& [place, change] : names_) {
    if (change.before == change.now) continue;
    stale.names.push_back({place.first, place.second, change.now ? std::nullopt : change.before, !change.before});
    directories_.insert(place.first);
  }
  std::stable_sort(stale.names.begin(), stale.names.end(),
                   [&](const Stale::Name& a, const Stale::Name& b) { return depth(a.directory) > depth(b.directory); });
  for (const Inode inode : directories_) {
    if (before.find(inode) != nullptr && after.find(inode) != nullptr) stale.inodes.push_back(inode);
  }
  stale.inodes.insert(stale.inodes.end(), files_.begin(), files_.end());
  return stale;
}

void News::compare_directories(const Skeleton& before, const Skeleton& after) {
  for (const auto& [number, old] : before.bones()) {
    const Bone* now = after.find(old.row.inode);
    if (now != nullptr && !same_attributes(old, *now)) directories_.insert(old.row.inode);
    if (number == 0) continue;
    const Inode parent = before.parent_of(old);
    const bool stays = now != nullptr && after.parent_of(*now) == parent && now->row.name == old.row.name;
    if (!stays) name(parent, old.row.name, old.row.inode, std::nullopt);
  }
  for (const auto& [number, now] : after.bones()) {
    if (number == 0) continue;
    const Bone* old = before.find(now.row.inode);
    const Inode parent = after.parent_of(now);
    const bool stays = old != nullptr && before.parent_of(*old) == parent && old->row.name == now.row.name;
    if (!stays) name(parent, now.row.name, std::nullopt, now.row.inode);
  }
}

}  // namespace icloudphotos::tree
