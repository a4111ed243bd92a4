// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "icloudphotos/catalog/catalog.h"

#include "inodes.h"
#include "role.h"
#include "skeleton.h"

namespace icloudphotos::tree {

/// All directories, to be changed. What changes is stored when `store` is called, within the same transaction as what
/// is in them; should that fail, the draft is to be thrown away.
class Draft {
 public:
  [[nodiscard]] static Result<Draft> load(catalog::TreeWriter& writer);

  [[nodiscard]] catalog::DirectoryRow* find(std::string_view key);
  [[nodiscard]] const catalog::DirectoryRow* find(std::int64_t number) const;
  /// To be changed: it will be stored.
  [[nodiscard]] catalog::DirectoryRow& change(std::int64_t number);
  /// The directory of that key, made or brought back if need be, moved to `parent`, called `name`.
  [[nodiscard]] Result<std::int64_t> put(catalog::TreeWriter& writer, std::int64_t library, std::int64_t parent,
                                         std::string_view key, Role role, std::string_view name);
  /// Shows it no longer; its number and inode are kept for when it comes back.
  void hide(std::int64_t number);
  /// Forgets a library's directories.
  void drop_library(std::int64_t library);

  [[nodiscard]] bool takes(Inode inode) const { return inodes_.contains(inode); }
  [[nodiscard]] Role role_of(std::int64_t number) const;
  /// Rows by number.
  [[nodiscard]] const std::unordered_map<std::int64_t, catalog::DirectoryRow>& rows() const { return rows_; }
  /// A name that no other directory shown in `parent` has, whatever the case: `wish`, "wish (2)" and so on.
  [[nodiscard]] std::string free_name(std::int64_t parent, std::string_view wish, std::string_view key) const;

  [[nodiscard]] Result<void> store(catalog::TreeWriter& writer);

 private:
  void index(const catalog::DirectoryRow& row);

  std::unordered_map<std::int64_t, catalog::DirectoryRow> rows_;
  std::map<std::string, std::int64_t, std::less<>> by_key_;
  std::unordered_set<Inode> inodes_;
  std::map<std::int64_t, std::map<std::string, std::int64_t>> names_;  ///< Folded, by parent: of those shown.
  std::unordered_set<std::int64_t> changed_;
  Inodes digests_;
};

}  // namespace icloudphotos::tree
