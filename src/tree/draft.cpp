// SPDX-License-Identifier: MIT
#include "draft.h"

#include "names.h"

namespace icloudphotos::tree {

Result<Draft> Draft::load(catalog::TreeWriter& writer) {
  Draft draft;
  for (auto& row : TRY(writer.directories())) draft.index(draft.rows_[row.number] = row);
  return draft;
}

void Draft::index(const catalog::DirectoryRow& row) {
  by_key_.insert_or_assign(row.key, row.number);
  inodes_.insert(row.inode);
  if (row.present) names_[row.parent].insert_or_assign(claim_key(row.name, Naming::Directory), row.number);
}

catalog::DirectoryRow* Draft::find(std::string_view key) {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : &rows_.at(found->second);
}

const catalog::DirectoryRow* Draft::find(std::int64_t number) const {
  const auto found = rows_.find(number);
  return found == rows_.end() ? nullptr : &found->second;
}

catalog::DirectoryRow& Draft::change(std::int64_t number) {
  changed_.insert(number);
  return rows_.at(number);
}

Role Draft::role_of(std::int64_t number) const {
  const auto* row = find(number);
  return row == nullptr ? Role::Fixed : static_cast<Role>(row->role);
}

Result<std::int64_t> Draft::put(catalog::TreeWriter& writer, std::int64_t library, std::int64_t parent,
                                std::string_view key, Role role, std::string_view name) {
  if (const auto* known = find(key)) {
    const bool same = known->present && known->parent == parent && known->name == name &&
                      known->role == static_cast<std::int64_t>(role);
    if (same) return known->number;
    if (known->present) hide(known->number);
    auto& row = change(known->number);
    row.present = true;
    row.parent = parent;
    row.name = name;
    row.role = static_cast<std::int64_t>(role);
    index(row);
    return row.number;
  }
  catalog::DirectoryRow row;
  row.library = library;
  row.parent = parent;
  row.key = key;
  row.role = static_cast<std::int64_t>(role);
  row.name = name;
  for (Number number = digests_.digest(key);; number = Inodes::after(number)) {
    row.inode = Inode{number.inode};
    if (takes(row.inode)) continue;
    // A row of no photo's, so that no file gets the inode either.
    const auto taken = TRY(writer.take_inode({row.inode, 0, 0, number.check}));
    if (!taken || (taken->asset == 0 && taken->check == number.check)) break;
  }
  TRY(writer.put(row));
  const auto number = row.number;
  index(rows_[number] = std::move(row));
  return number;
}

void Draft::hide(std::int64_t number) {
  auto& row = change(number);
  row.present = false;
  auto& names = names_[row.parent];
  const auto mine = names.find(claim_key(row.name, Naming::Directory));
  if (mine != names.end() && mine->second == number) names.erase(mine);
}

void Draft::drop_library(std::int64_t library) {
  for (auto row = rows_.begin(); row != rows_.end();) {
    if (row->second.library != library) {
      ++row;
      continue;
    }
    if (row->second.present) hide(row->first);
    by_key_.erase(row->second.key);
    inodes_.erase(row->second.inode);
    names_.erase(row->first);
    changed_.erase(row->first);
    row = rows_.erase(row);
  }
}

std::string Draft::free_name(std::int64_t parent, std::string_view wish, std::string_view key) const {
  const auto siblings = names_.find(parent);
  for (std::uint32_t n = 1;; ++n) {
    std::string name = candidate(wish, n, Naming::Directory);
    if (siblings == names_.end()) return name;
    const auto taken = siblings->second.find(claim_key(name, Naming::Directory));
    if (taken == siblings->second.end() || rows_.at(taken->second).key == key) return name;
  }
}

Result<void> Draft::store(catalog::TreeWriter& writer) {
  for (const auto number : changed_) TRY(writer.put(rows_.at(number)));
  changed_.clear();
  return {};
}

}  // namespace icloudphotos::tree
