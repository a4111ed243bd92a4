// SPDX-License-Identifier: MIT
#include "icloudphotos/catalog/catalog.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "icloudphotos/base/files.h"
#include "icloudphotos/base/log.h"
#include "icloudphotos/base/mutex.h"

#include "aside.h"
#include "database.h"
#include "delta_writer.h"
#include "migrations.h"
#include "packing.h"
#include "photo_rows.h"
#include "reader_pool.h"
#include "stored.h"
#include "tree_tables.h"
#include "working_copy.h"

namespace icloudphotos::catalog {
namespace {

constexpr Log kLog{"catalog"};

/// Reading every page of a small database costs milliseconds. A large one is checked as it is read: what is found
/// damaged at work is set aside at the next start.
constexpr std::uintmax_t kCheckWholeUpTo = std::uintmax_t{4} << 20;

// One connection only, behind one lock: SQLite before 3.51.3 can corrupt a database in WAL mode when one connection
// resets the log while another commits. synchronous=NORMAL: after a power loss the newest transactions may be missing
// but none is torn, and rows and token go together, so that they are simply asked for again. No mmap: its pages count
// as our memory.
constexpr const char* kSettings = R"sql(
PRAGMA cache_size = -8192;
PRAGMA mmap_size = 0;
PRAGMA temp_store = MEMORY;
PRAGMA trusted_schema = OFF;
PRAGMA synchronous = NORMAL;
PRAGMA wal_autocheckpoint = 4000;
PRAGMA journal_size_limit = 16777216;
)sql";

constexpr std::string_view kBalance = R"sql(
SELECT coalesce(sum(asset.listed), 0), coalesce(sum(asset.seen >= library.reading), 0), max(library.counted)
FROM library LEFT JOIN asset ON asset.library = library.number AND hidden = 0 AND deleted = 0
WHERE library.number = ?1)sql";

// Members that are hidden, deleted or not in this library are in nobody's sum.
constexpr std::string_view kAlbumBalances = R"sql(
SELECT album.id, album.kind, album.name, album.parent, album.position, album.created, album.deleted,
  count(asset.number), coalesce(sum(asset.number IS NOT NULL AND membership.seen >= library.reading), 0), album.counted
FROM library JOIN album ON album.library = library.number
LEFT JOIN membership ON membership.album = album.number
LEFT JOIN asset ON asset.library = library.number AND asset.id = membership.asset AND hidden = 0 AND asset.deleted = 0
WHERE library.number = ?1 AND album.known = 1 AND album.deleted = 0 AND album.kind = 0
GROUP BY album.number ORDER BY album.created, album.id)sql";

constexpr std::string_view kKept = R"sql(
SELECT asset.id, hidden, asset.listed, seen >= library.reading FROM library JOIN asset ON asset.library = library.number
WHERE library.number = ?1 AND deleted = 0)sql";

// Two searches by index: with OR the whole library is gone through.
constexpr std::string_view kKeptBy = R"sql(
SELECT asset.id, hidden, listed, seen >= (SELECT reading FROM library WHERE number = ?1) FROM asset
WHERE asset.library = ?1 AND asset.id = ?2 AND deleted = 0
UNION ALL
SELECT asset.id, hidden, listed, seen >= (SELECT reading FROM library WHERE number = ?1)
FROM original JOIN asset ON asset.original = original.number
WHERE original.library = ?1 AND original.id = ?2 AND deleted = 0)sql";

Kept kept_of(const Query& row) {
  return {AssetId{stored_id(row, 0)}, row.integer(1) != 0, row.integer(2) != 0, row.integer(3) != 0};
}

Album album_of(const Query& row) {
  Album album;
  album.id = AlbumId{row.text(0)};
  album.kind =
      row.integer(1) == static_cast<std::int64_t>(Album::Kind::Folder) ? Album::Kind::Folder : Album::Kind::Album;
  album.name = row.text(2);
  if (!row.is_null(3)) album.parent = AlbumId{row.text(3)};
  album.position = row.integer(4);
  album.created = time_point(row.integer(5));
  album.deleted = row.integer(6) != 0;
  return album;
}

LibraryState library_of(const Query& row) {
  LibraryState state;
  state.library.id = LibraryId{row.text(0)};
  const auto kind = row.integer(1);
  if (kind >= 0 && kind <= static_cast<std::int64_t>(Library::Kind::SharedAlbum))
    state.library.kind = static_cast<Library::Kind>(kind);
  if (!row.is_null(2)) state.token = SyncToken{row.text(2)};
  state.library.token = state.token;
  state.listed = row.integer(3) != 0;
  state.counted = row.maybe_integer(4);
  state.known = row.integer(5);
  state.library.name = row.text(6);
  state.library.has_lists = row.integer(7) != 0;
  if (!row.is_null(8)) state.reading = SyncToken{row.text(8)};
  state.read_through = row.integer(9) != 0;
  state.number = row.integer(10);
  state.readings = row.integer(11);
  return state;
}

class SqliteCatalog final : public Catalog {
 public:
  SqliteCatalog(Fd lock, std::optional<WorkingCopy> copy, std::filesystem::path path, Database database)
      : lock_{std::move(lock)},
        copy_{std::move(copy)},
        path_{std::move(path)},
        database_{std::move(database)},
        readers_{path_} {}

  Result<void> add_libraries(const std::vector<Library>& libraries) override {
    return change([&]() -> Result<void> {
      for (const auto& library : libraries) {
        const auto token = library.token ? std::optional<std::string_view>{library.token->value} : std::nullopt;
        TRY(
            database_.run("INSERT INTO library(id, kind, token, name, has_lists) VALUES(?1, ?2, ?3, ?4, ?5) "
                          "ON CONFLICT(id) DO UPDATE SET kind = excluded.kind, has_lists = excluded.has_lists, "
                          "name = CASE excluded.name WHEN '' THEN name ELSE excluded.name END",
                          library.id.value, static_cast<std::int64_t>(library.kind), token, library.name,
                          std::int64_t{library.has_lists}));
      }
      return {};
    });
  }

  Result<void> remove_library(const LibraryId& library) override {
    return change([&]() -> Result<void> {
      const auto number = TRY(number_of(library));
      TRY(remove_tree_of(database_, number));
      TRY(database_.run("DELETE FROM membership WHERE album IN (SELECT number FROM album WHERE library = ?1)", number));
      TRY(database_.run("DELETE FROM album WHERE library = ?1", number));
      TRY(database_.run("DELETE FROM asset WHERE library = ?1", number));
      TRY(database_.run("DELETE FROM original WHERE library = ?1", number));
      TRY(database_.run("DELETE FROM library WHERE number = ?1", number));
      return {};
    });
  }

  Result<std::vector<LibraryState>> libraries() const override {
    return look([&]() -> Result<std::vector<LibraryState>> {
      std::vector<LibraryState> states;
      auto rows =
          TRY(database_.query("SELECT id, kind, token, listed, counted, known, name, has_lists, reading_token, "
                              "read_through, number, reading FROM library ORDER BY kind, number"));
      while (TRY(rows.step())) states.push_back(library_of(rows));
      return states;
    });
  }

  Result<ChangeSet> apply(const Delta& delta, Source source) override {
    return change([&]() -> Result<ChangeSet> {
      auto writer = TRY(DeltaWriter::make(database_, delta.library, source));
      TRY(writer.write(delta));
      return writer.take();
    });
  }

  Result<void> set_listed(const LibraryId& library, bool listed, std::optional<std::int64_t> counted) override {
    return change([&]() -> Result<void> {
      TRY(database_.run("UPDATE library SET listed = ?2, counted = ?3 WHERE id = ?1", library.value,
                        std::int64_t{listed}, counted));
      return {};
    });
  }

  Result<void> begin_reading(const LibraryId& library) override {
    return change([&]() -> Result<void> {
      TRY(
          database_.run("UPDATE library SET reading = reading + 1, reading_token = NULL, read_through = 0 "
                        "WHERE id = ?1",
                        library.value));
      return {};
    });
  }

  Result<Unread> unread(const LibraryId& library) const override {
    return look([&]() -> Result<Unread> {
      const auto number = TRY(number_of(library));
      Unread unread;
      unread.photos = TRY(database_.number("SELECT count(*) FROM asset WHERE library = ?1 AND "
                                           "deleted = 0 AND seen < (SELECT reading FROM library WHERE number = ?1)",
                                           number))
                          .value_or(0);
      unread.albums = TRY(database_.number("SELECT count(*) FROM album WHERE library = ?1 AND known = 1 AND "
                                           "deleted = 0 AND seen < (SELECT reading FROM library WHERE number = ?1)",
                                           number))
                          .value_or(0);
      return unread;
    });
  }

  Result<ChangeSet> end_reading(const LibraryId& library, const std::optional<SyncToken>& token) override {
    return change([&]() -> Result<ChangeSet> {
      auto writer = TRY(DeltaWriter::make(database_, library, Source::Feed));
      TRY(writer.remove_unread());
      const auto text = token ? std::optional<std::string_view>{token->value} : std::nullopt;
      TRY(
          database_.run("UPDATE library SET read_through = 1, reading_token = NULL, token = coalesce(?2, token) "
                        "WHERE id = ?1",
                        library.value, text));
      return writer.take();
    });
  }

  Result<void> set_album_counts(const LibraryId& library,
                                const std::vector<std::pair<AlbumId, std::optional<std::int64_t>>>& counts) override {
    return change([&]() -> Result<void> {
      const auto number = TRY(number_of(library));
      for (const auto& [album, counted] : counts) {
        TRY(database_.run("UPDATE album SET counted = ?3 WHERE library = ?1 AND id = ?2", number, album.value,
                          counted));
      }
      return {};
    });
  }

  Result<Balance> balance(const LibraryId& library) const override {
    return look([&]() -> Result<Balance> {
      auto row = TRY(database_.query(kBalance, TRY(number_of(library))));
      TRY(row.step());
      return Balance{row.integer(0), row.integer(1), row.maybe_integer(2)};
    });
  }

  Result<std::vector<AlbumBalance>> album_balances(const LibraryId& library) const override {
    return look([&]() -> Result<std::vector<AlbumBalance>> {
      std::vector<AlbumBalance> balances;
      auto row = TRY(database_.query(kAlbumBalances, TRY(number_of(library))));
      while (TRY(row.step())) {
        balances.push_back({album_of(row), {row.integer(7), row.integer(8), row.maybe_integer(9)}});
      }
      return balances;
    });
  }

  Result<std::optional<SyncToken>> place() const override {
    return look([&]() -> Result<std::optional<SyncToken>> {
      auto rows = TRY(database_.query("SELECT place FROM account"));
      if (!TRY(rows.step())) return std::optional<SyncToken>{};
      return std::optional{SyncToken{std::string{rows.bytes(0)}}};
    });
  }

  Result<void> set_place(const SyncToken& place) override {
    return change([&]() -> Result<void> {
      TRY(database_.run("INSERT INTO account(one, place) VALUES(1, ?1) ON CONFLICT(one) DO UPDATE SET place = ?1",
                        place.value));
      return {};
    });
  }

  Result<void> forget_token(const LibraryId& library) override {
    return change([&]() -> Result<void> {
      TRY(database_.run("UPDATE library SET token = NULL WHERE id = ?1", library.value));
      return {};
    });
  }

  Result<std::vector<OriginalId>> missing_originals(const LibraryId& library, std::size_t most) const override {
    return look([&]() -> Result<std::vector<OriginalId>> {
      std::vector<OriginalId> ids;
      auto rows =
          TRY(database_.query("SELECT id FROM original WHERE library = ?1 AND state = 0 AND "
                              "EXISTS (SELECT 1 FROM asset WHERE asset.original = original.number) LIMIT ?2",
                              TRY(number_of(library)), static_cast<std::int64_t>(most)));
      while (TRY(rows.step())) ids.emplace_back(stored_id(rows, 0));
      return ids;
    });
  }

  Result<void> each_photo(const LibraryId& library, const std::function<void(const Photo&)>& visit) const override {
    return look([&]() -> Result<void> {
      // Packed ids do not sort as their texts do, so those added in the same millisecond are put in order here.
      std::vector<Photo> together;
      const auto order = [](const Photo& photo) { return photo.asset.added.value_or(photo.asset.created); };
      const auto give = [&] {
        std::sort(together.begin(), together.end(),
                  [](const Photo& a, const Photo& b) { return a.asset.id < b.asset.id; });
        for (const auto& photo : together) visit(photo);
        together.clear();
      };
      static const std::string sql = fmt::format(
          "SELECT {} FROM asset LEFT JOIN original ON original.number = asset.original "
          "WHERE asset.library = ?1 AND deleted = 0 ORDER BY coalesce(added, created)",
          kPhotoColumns);
      auto rows = TRY(database_.query(sql, TRY(number_of(library))));
      while (TRY(rows.step())) {
        auto photo = photo_of(rows);
        if (!together.empty() && order(photo) != order(together.front())) give();
        together.push_back(std::move(photo));
      }
      give();
      return {};
    });
  }

  Result<std::vector<Kept>> kept_by(const LibraryId& library, const std::string& record) const override {
    return look([&]() -> Result<std::vector<Kept>> {
      std::vector<Kept> photos;
      auto rows = TRY(database_.query(kKeptBy, TRY(number_of(library)), pack_id(record)));
      while (TRY(rows.step())) photos.push_back(kept_of(rows));
      return photos;
    });
  }

  Result<void> each_kept(const LibraryId& library, const std::function<void(const Kept&)>& visit) const override {
    return look([&]() -> Result<void> {
      auto rows = TRY(database_.query(kKept, TRY(number_of(library))));
      while (TRY(rows.step())) visit(kept_of(rows));
      return {};
    });
  }

  Result<std::vector<Album>> albums(const LibraryId& library) const override {
    return look([&]() -> Result<std::vector<Album>> {
      std::vector<Album> albums;
      auto rows =
          TRY(database_.query("SELECT id, kind, name, parent, position, created, deleted FROM album "
                              "WHERE library = ?1 AND known = 1 ORDER BY created, id",
                              TRY(number_of(library))));
      while (TRY(rows.step())) albums.push_back(album_of(rows));
      return albums;
    });
  }

  Result<void> each_membership(const LibraryId& library,
                               const std::function<void(const Membership&)>& visit) const override {
    return look([&]() -> Result<void> {
      auto rows =
          TRY(database_.query("SELECT id, asset, membership.position FROM album "
                              "JOIN membership ON album = number WHERE library = ?1 AND known = 1 "
                              "ORDER BY number, membership.position",
                              TRY(number_of(library))));
      while (TRY(rows.step())) {
        visit(Membership{AlbumId{rows.text(0)}, AssetId{stored_id(rows, 1)}, rows.integer(2)});
      }
      return {};
    });
  }

  Result<void> read_tree(const std::function<Result<void>(TreeReader&)>& work) const override {
    auto connection = TRY(readers_.take());
    SqliteTreeReader reader{*connection};
    auto result = work(reader);
    const bool damaged = connection->damaged();
    readers_.give_back(std::move(connection));
    if (damaged) {
      const Lock lock{mutex_};
      damage();
    }
    return result;
  }

  Result<void> change_tree(const std::function<Result<void>(TreeWriter&)>& work) override {
    return change([&]() -> Result<void> {
      SqliteTreeWriter writer{database_};
      return work(writer);
    });
  }

 private:
  /// Reads under the lock. Visitors are called with it held, so that they see one state; they may not call back.
  template <class Work>
  auto look(const Work& work) const -> decltype(work()) {
    Lock lock{mutex_};
    auto result = work();
    remember_damage();
    return result;
  }

  /// Writes in one transaction: all of it, or nothing.
  template <class Work>
  auto change(const Work& work) -> decltype(work()) {
    Lock lock{mutex_};
    auto result = committed(work);
    remember_damage();
    return result;
  }

  template <class Work>
  auto committed(const Work& work) -> decltype(work()) {
    auto transaction = TRY(Transaction::begin(database_));
    auto result = work();
    if (result) TRY(transaction.commit());
    return result;
  }

  Result<std::int64_t> number_of(const LibraryId& library) const {
    const auto number = TRY(database_.number("SELECT number FROM library WHERE id = ?1", library.value));
    if (!number) return Error{ErrorKind::NotFound, "the catalog does not know this library"};
    return *number;
  }

  void remember_damage() const {
    if (database_.damaged()) damage();
  }
  void damage() const {
    if (std::exchange(damage_remembered_, true)) return;
    mark_damaged(path_);
    kLog.error("the catalog is damaged; restart to have it made again file={}", path_.string());
  }

  Fd lock_;                          ///< Ours alone, as long as we live.
  std::optional<WorkingCopy> copy_;  ///< What we work on where nothing can be written; goes after the connections.
  std::filesystem::path path_;
  mutable Mutex mutex_;  ///< One statement sequence at a time. Held while visiting, see `look`.
  mutable Database database_;
  mutable bool damage_remembered_ = false;
  mutable ReaderPool readers_;
};

Result<void> use_log(Database& database) {
  auto mode = TRY(database.query("PRAGMA journal_mode = WAL"));
  if (!TRY(mode.step()) || mode.bytes(0) != "wal") {
    kLog.warn("the catalog's file system cannot share memory; it works, but slower mode={}", mode.bytes(0));
  }
  return {};
}

/// `unsound` says whether an Error means that the file is not a database of ours.
Result<Database> open_checked(const std::filesystem::path& path, bool& unsound) {
  auto database = TRY(Database::open(path));
  const auto check = [&]() -> Result<void> {
    TRY(migrate(database, migrations()));
    TRY(database.execute(kSettings));
    TRY(use_log(database));
    auto reference = TRY(Database::open(":memory:"));
    TRY(migrate(reference, migrations()));
    if (TRY(schema_of(database)) != TRY(schema_of(reference))) {
      unsound = true;
      return Error{ErrorKind::Storage, "its tables are not those of this program"};
    }
    std::error_code ignored;
    if (std::filesystem::file_size(path, ignored) > kCheckWholeUpTo) return {};
    auto rows = TRY(database.query("PRAGMA integrity_check(1)"));
    if (!TRY(rows.step()) || rows.bytes(0) != "ok") {
      unsound = true;
      return Error{ErrorKind::Storage, "its check fails"};
    }
    return {};
  };
  auto checked = check();
  if (!checked) {
    unsound = unsound || database.damaged() || database.foreign();
    return std::move(checked).error();
  }
  return database;
}

Result<Database> open_or_start_over(const std::filesystem::path& path) {
  if (!marked_damaged(path)) {
    TRY(make_private_file(path));
    bool unsound = false;
    auto database = open_checked(path, unsound);
    if (database || !unsound) return database;
    kLog.warn("the catalog is damaged and made again; the old one is kept as {}.bad reason={}", path.string(),
              database.error().message());
  } else {
    kLog.warn("the catalog was found damaged and is made again; the old one is kept as {}.bad", path.string());
  }
  TRY(set_aside(path));
  TRY(make_private_file(path));
  bool unsound = false;
  return open_checked(path, unsound);
}

}  // namespace

Result<std::unique_ptr<Catalog>> Catalog::open(const std::filesystem::path& directory, Clock&) {
  TRY(make_private_directory(directory));
  auto lock = TRY(lock_directory(directory));
  auto path = directory / "catalog.db";
  std::optional<WorkingCopy> copy;
  if (is_read_only(directory)) {
    kLog.warn("{} is read-only: what was known last is shown, what is learnt now is forgotten at the end",
              directory.string());
    copy.emplace(TRY(WorkingCopy::make(path)));
    path = copy->database();
  }
  auto database = open_or_start_over(path);
  if (!database) {
    if (database.error().kind() == ErrorKind::Usage) return std::move(database).error();
    return std::move(database).error().within("opening the catalog " + path.string());
  }
  return std::unique_ptr<Catalog>{
      std::make_unique<SqliteCatalog>(std::move(lock), std::move(copy), path, std::move(database).value())};
}

}  // namespace icloudphotos::catalog
