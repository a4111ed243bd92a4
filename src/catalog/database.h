// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <sqlite3.h>

#include "icloudphotos/base/handle.h"
#include "icloudphotos/base/result.h"

#include "packing.h"

namespace icloudphotos::catalog {

using Statement = Handle<sqlite3_stmt, sqlite3_finalize>;

/// Bytes to be stored as a BLOB; text goes in as it is.
struct Blob {
  std::string_view bytes;
};

class Database;

/// A prepared statement at work: bound, stepped, read. Leaving scope puts it back for the next use.
class Query {
 public:
  Query(Database& database, sqlite3_stmt* statement) : database_{&database}, statement_{statement} {}
  Query(Query&& other) noexcept : database_{other.database_}, statement_{std::exchange(other.statement_, nullptr)} {}
  Query& operator=(Query&&) = delete;
  ~Query();

  void bind(int index, std::int64_t number);
  void bind(int index, std::string_view text);
  void bind(int index, Blob blob);
  void bind(int index, const PackedId& id);
  template <class T>
  void bind(int index, const std::optional<T>& value) {
    if (value) bind(index, *value);  // an unbound parameter is NULL
  }

  /// Goes on to the next row; false when there is none.
  [[nodiscard]] Result<bool> step();

  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] bool is_blob(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::optional<std::int64_t> maybe_integer(int column) const;
  /// Text or bytes, until the next step.
  [[nodiscard]] std::string_view bytes(int column) const;
  [[nodiscard]] std::string text(int column) const { return std::string{bytes(column)}; }

 private:
  Database* database_;
  sqlite3_stmt* statement_;
};

/// One connection. Errors: Storage. Threads: one at a time.
class Database {
 public:
  /// Opens a file that exists (":memory:" for none). Nothing is read before the first statement.
  [[nodiscard]] static Result<Database> open(const std::filesystem::path& path);

  /// Runs statements that need no values and give no rows.
  [[nodiscard]] Result<void> execute(const char* script);
  /// Prepares (once) and binds. A statement can be at work only once at a time.
  template <class... Values>
  [[nodiscard]] Result<Query> query(std::string_view sql, const Values&... values) {
    Query query{*this, TRY(prepared(sql))};
    int index = 0;
    (query.bind(++index, values), ...);
    return query;
  }
  /// Runs a statement that gives no rows; how many rows it changed.
  template <class... Values>
  [[nodiscard]] Result<std::int64_t> run(std::string_view sql, const Values&... values) {
    auto statement = TRY(query(sql, values...));
    TRY(statement.step());
    return std::int64_t{sqlite3_changes(handle_.get())};
  }
  /// The first column of the first row, if there is one and it is not NULL.
  template <class... Values>
  [[nodiscard]] Result<std::optional<std::int64_t>> number(std::string_view sql, const Values&... values) {
    auto statement = TRY(query(sql, values...));
    if (!TRY(statement.step())) return std::optional<std::int64_t>{};
    return statement.maybe_integer(0);
  }
  [[nodiscard]] std::int64_t last_row() const { return sqlite3_last_insert_rowid(handle_.get()); }

  /// Some statement found that the file is not a sound database.
  [[nodiscard]] bool damaged() const { return damaged_; }
  /// Some statement did not fit the tables that are there.
  [[nodiscard]] bool foreign() const { return foreign_; }
  /// What just went wrong, as an Error.
  [[nodiscard]] Error failure();
  /// Closing leaves the file alone.
  void leave_untouched();

 private:
  friend class Transaction;
  using Connection = Handle<sqlite3, sqlite3_close_v2>;
  explicit Database(Connection handle) : handle_{std::move(handle)} {}
  [[nodiscard]] Result<sqlite3_stmt*> prepared(std::string_view sql);

  Connection handle_;
  std::map<std::string, Statement, std::less<>> statements_;
  /// The same by where their texts were the last time: to compare one text is quicker than to look for it among all.
  std::unordered_map<const char*, std::pair<std::string_view, sqlite3_stmt*>> quick_;
  bool damaged_ = false;
  bool foreign_ = false;
};

/// All or nothing: what was not committed when it leaves scope never happened.
class Transaction {
 public:
  [[nodiscard]] static Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept : database_{std::exchange(other.database_, nullptr)} {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  [[nodiscard]] Result<void> commit();

 private:
  explicit Transaction(Database& database) : database_{&database} {}
  Database* database_;
};

}  // namespace icloudphotos::catalog
