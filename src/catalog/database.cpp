// SPDX-License-Identifier: MIT
#include "database.h"

#include <fmt/format.h>

#include "icloudphotos/base/text.h"

namespace icloudphotos::catalog {

Query::~Query() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

// Binding fails only for want of memory or for an index of our own that is wrong; the step that follows then says so.
void Query::bind(int index, std::int64_t number) { sqlite3_bind_int64(statement_, index, number); }

void Query::bind(int index, std::string_view text) {
  sqlite3_bind_text64(statement_, index, text.data() == nullptr ? "" : text.data(), text.size(), SQLITE_TRANSIENT,
                      SQLITE_UTF8);
}

void Query::bind(int index, Blob blob) {
  sqlite3_bind_blob64(statement_, index, blob.bytes.data() == nullptr ? "" : blob.bytes.data(), blob.bytes.size(),
                      SQLITE_TRANSIENT);
}

void Query::bind(int index, const PackedId& id) {
  if (id.binary) {
    bind(index, Blob{id.bytes});
  } else {
    bind(index, std::string_view{id.bytes});
  }
}

Result<bool> Query::step() {
  const int rc = sqlite3_step(statement_);
  if (rc == SQLITE_ROW) return true;
  if (rc == SQLITE_DONE) return false;
  return database_->failure();
}

bool Query::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
bool Query::is_blob(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_BLOB; }
std::int64_t Query::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::optional<std::int64_t> Query::maybe_integer(int column) const {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

std::string_view Query::bytes(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return data == nullptr ? std::string_view{} : std::string_view{data, size};
}

Result<Database> Database::open(const std::filesystem::path& path) {
  // What SQLite keeps count of for a status that nobody asks for costs a lock at each allocation.
  [[maybe_unused]] static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3* raw = nullptr;
  // NOMUTEX: the Catalog's own lock lets one thread in at a time.
  const int rc = sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database{Connection{raw}};
  if (rc != SQLITE_OK) return database.failure();
  sqlite3_extended_result_codes(raw, 1);
  sqlite3_busy_timeout(raw, 5000);  // a shell or a backup program may look at the file too
  return database;
}

Result<void> Database::execute(const char* script) {
  if (sqlite3_exec(handle_.get(), script, nullptr, nullptr, nullptr) != SQLITE_OK) return failure();
  return {};
}

Result<sqlite3_stmt*> Database::prepared(std::string_view sql) {
  if (const auto known = quick_.find(sql.data()); known != quick_.end() && known->second.first == sql)
    return known->second.second;
  if (const auto found = statements_.find(sql); found != statements_.end()) {
    quick_[sql.data()] = {found->first, found->second.get()};
    return found->second.get();
  }
  sqlite3_stmt* raw = nullptr;
  const int rc = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                    &raw, nullptr);
  Statement statement{raw};
  if (rc != SQLITE_OK) return failure();
  statements_.emplace(std::string{sql}, std::move(statement));
  return raw;
}

Error Database::failure() {
  if (!handle_) return Error{ErrorKind::Storage, "the database cannot be opened: out of memory"};
  const int code = sqlite3_errcode(handle_.get());
  const int kind = code & 0xff;
  if (kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB) damaged_ = true;
  if (kind == SQLITE_ERROR) foreign_ = true;
  if (kind == SQLITE_FULL)
    return Error{ErrorKind::Storage,
                 "the disk with the catalog is full; what is new is shown when there is room again"};
  // Of a damaged file the message may quote anything.
  const std::string_view told = sqlite3_errmsg(handle_.get());
  return Error{ErrorKind::Storage,
               fmt::format("{} (SQLite {})", printable(is_utf8(told) ? told : sqlite3_errstr(code)), code)};
}

void Database::leave_untouched() { sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr); }

Result<Transaction> Transaction::begin(Database& database) {
  TRY(database.execute("BEGIN IMMEDIATE"));
  return Transaction{database};
}

Transaction::~Transaction() {
  // A full disk makes SQLite roll back by itself; then there is nothing left to do.
  if (database_ != nullptr && sqlite3_get_autocommit(database_->handle_.get()) == 0) {
    sqlite3_exec(database_->handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

Result<void> Transaction::commit() {
  TRY(database_->execute("COMMIT"));
  database_ = nullptr;
  return {};
}

}  // namespace icloudphotos::catalog
