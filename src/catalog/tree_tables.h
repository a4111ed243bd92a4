// SPDX-License-Identifier: MIT
#pragma once

#include "icloudphotos/catalog/tree_tables.h"

#include "database.h"

namespace icloudphotos::catalog {

class SqliteTreeReader final : public TreeReader {
 public:
  explicit SqliteTreeReader(Database& database) : database_{database} {}
  [[nodiscard]] Result<void> list(std::int64_t directory, const Visit& visit) override;
  [[nodiscard]] Result<void> find(std::int64_t directory, std::int64_t key, const Visit& visit) override;
  [[nodiscard]] Result<std::optional<InodeRow>> inode(Inode inode) override;
  [[nodiscard]] Result<std::optional<CardRow>> card(std::int64_t asset) override;
  [[nodiscard]] Result<std::optional<PhotoRow>> photo(std::int64_t asset) override;

 private:
  Database& database_;
};

class SqliteTreeWriter final : public TreeWriter {
 public:
  explicit SqliteTreeWriter(Database& database) : database_{database} {}
  [[nodiscard]] Result<std::vector<DirectoryRow>> directories() override;
  [[nodiscard]] Result<void> put(DirectoryRow& row) override;
  [[nodiscard]] Result<void> remove_directory(std::int64_t number) override;
  [[nodiscard]] Result<std::vector<std::int64_t>> touched(std::int64_t library, std::int64_t most) override;
  [[nodiscard]] Result<void> touch(std::int64_t library, const std::vector<std::int64_t>& photos) override;
  [[nodiscard]] Result<void> settle(std::int64_t photo) override;
  [[nodiscard]] Result<void> settle_all(std::int64_t library) override;
  [[nodiscard]] Result<std::vector<std::int64_t>> photos_after(std::int64_t library, Order order, std::int64_t most,
                                                               Cursor& cursor) override;
  [[nodiscard]] Result<std::vector<std::int64_t>> taken_since(std::int64_t library, TimePoint then) override;
  [[nodiscard]] Result<std::vector<std::int64_t>> members(std::int64_t library, const AlbumId& album) override;
  [[nodiscard]] Result<std::optional<PhotoRow>> photo(std::int64_t number) override;
  [[nodiscard]] Result<std::vector<std::int64_t>> newest(std::int64_t library, std::int64_t most) override;
  [[nodiscard]] Result<std::vector<std::int64_t>> taken_on(std::int64_t library, std::int64_t day) override;
  [[nodiscard]] Result<void> forget(std::int64_t photo) override;
  [[nodiscard]] Result<std::optional<ClaimRow>> claim(std::int64_t directory, std::int64_t slot) override;
  [[nodiscard]] Result<std::optional<ClaimRow>> claim_by_key(std::int64_t directory, std::int64_t key) override;
  [[nodiscard]] Result<std::vector<std::int64_t>> claimants(std::int64_t directory) override;
  [[nodiscard]] Result<void> put(const ClaimRow& row) override;
  [[nodiscard]] Result<void> remove_claim(std::int64_t directory, std::int64_t slot) override;
  [[nodiscard]] Result<std::vector<std::int64_t>> expire_claims(TimePoint then) override;
  [[nodiscard]] Result<void> put(const CardRow& row) override;
  [[nodiscard]] Result<void> remove_card(std::int64_t asset) override;
  [[nodiscard]] Result<std::optional<InodeRow>> take_inode(const InodeRow& row) override;
  [[nodiscard]] Result<void> free_inode(Inode inode) override;
  [[nodiscard]] Result<std::optional<std::string>> shown_with(std::int64_t library) override;
  [[nodiscard]] Result<void> set_shown_with(std::int64_t library, const std::optional<std::string>& how) override;
  [[nodiscard]] Result<Shown> shown(std::int64_t library) override;
  [[nodiscard]] Result<void> set_shown(std::int64_t library, const Shown& sums) override;

 private:
  Database& database_;
};

/// Forgets all that the tree keeps of a library.
[[nodiscard]] Result<void> remove_tree_of(Database& database, std::int64_t library);

}  // namespace icloudphotos::catalog
