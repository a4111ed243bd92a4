// SPDX-License-Identifier: MIT
#include "tree_tables.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "packing.h"
#include "photo_rows.h"
#include "stored.h"

namespace icloudphotos::catalog {
namespace {

constexpr std::string_view kListed = "SELECT slot, part, stem, files, places FROM claim ";
constexpr std::string_view kWithCard = " CROSS JOIN card ON card.asset = claim.asset WHERE directory = ?1 ";
// SQLite would read the whole directory instead: it cannot know that few share a key.
constexpr std::string_view kByKey = " INDEXED BY claim_by_key ";

Result<void> visit_all(Query& rows, const TreeReader::Visit& visit) {
  while (TRY(rows.step())) visit({rows.integer(0), rows.integer(1), rows.bytes(2), rows.bytes(3), rows.bytes(4)});
  return {};
}

Result<std::vector<std::int64_t>> numbers(Query rows) {
  std::vector<std::int64_t> all;
  while (TRY(rows.step())) all.push_back(rows.integer(0));
  return all;
}

/// A photo in the order of a time.
struct InLine {
  std::int64_t time;
  std::string id;
  std::int64_t number;
};

/// Sorts them; packed ids do not sort as their texts do.
std::vector<std::int64_t> in_order(std::vector<InLine>& photos) {
  std::sort(photos.begin(), photos.end(),
            [](const InLine& a, const InLine& b) { return std::tie(a.time, a.id) < std::tie(b.time, b.id); });
  std::vector<std::int64_t> all;
  for (const auto& photo : photos) all.push_back(photo.number);
  return all;
}

/// The same for rows of number, id and time.
Result<std::vector<std::int64_t>> in_line(Query& rows) {
  std::vector<InLine> found;
  while (TRY(rows.step())) found.push_back({rows.integer(2), stored_id(rows, 1), rows.integer(0)});
  return in_order(found);
}

Result<std::optional<CardRow>> card_of(Database& database, std::int64_t asset) {
  auto row = TRY(database.query("SELECT library, day, files, places FROM card WHERE asset = ?1", asset));
  if (!TRY(row.step())) return std::optional<CardRow>{};
  return std::optional{CardRow{asset, row.integer(0), row.maybe_integer(1), row.text(2), row.text(3)}};
}

Result<std::optional<PhotoRow>> photo_row(Database& database, std::int64_t number) {
  static const std::string sql = fmt::format(
      "SELECT {}, asset.library FROM asset LEFT JOIN original ON original.number = asset.original "
      "WHERE asset.number = ?1",
      kPhotoColumns);
  PhotoRow photo;
  photo.number = number;
  {
    auto row = TRY(database.query(sql, number));
    if (!TRY(row.step())) return std::optional<PhotoRow>{};
    photo.photo = photo_of(row);
    photo.exists = row.integer(24) != static_cast<std::int64_t>(AssetState::Gone);
    photo.library = row.integer(25);
  }
  if (photo.exists) {
    // CROSS: from the photo to its albums. SQLite would try every album for every photo.
    auto rows =
        TRY(database.query("SELECT album.id FROM membership CROSS JOIN album ON album.number = membership.album "
                           "WHERE membership.asset = ?1 AND library = ?2 AND known = 1 AND deleted = 0 AND "
                           "kind = 0 ORDER BY album.created, album.id",
                           pack_id(photo.photo.asset.id.value), photo.library));
    while (TRY(rows.step())) photo.albums.emplace_back(rows.text(0));
  }
  photo.card = TRY(card_of(database, number));
  return std::optional{std::move(photo)};
}

ClaimRow claim_of(const Query& row) {
  return {row.integer(0),
          row.integer(1),
          row.integer(2),
          row.integer(3),
          row.text(4),
          row.integer(5),
          time_point(row.maybe_integer(6))};
}

constexpr std::string_view kByAdded = R"sql(
SELECT number, id, coalesce(added, created) FROM asset
WHERE library = ?1 AND deleted < 2 AND coalesce(added, created) >= ?2 ORDER BY coalesce(added, created))sql";

// The table has no index by capture date, because only another program's way of naming asks for it.
constexpr std::string_view kByCaptured = R"sql(
SELECT number, id, -coalesce(captured, -9000000000000000) FROM asset
WHERE library = ?1 AND deleted < 2 AND -coalesce(captured, -9000000000000000) >= ?2
ORDER BY -coalesce(captured, -9000000000000000))sql";

}  // namespace

Result<void> SqliteTreeReader::list(std::int64_t directory, const Visit& visit) {
  static const std::string sql = fmt::format("{}{} AND released IS NULL ORDER BY slot", kListed, kWithCard);
  auto rows = TRY(database_.query(sql, directory));
  return visit_all(rows, visit);
}

Result<void> SqliteTreeReader::find(std::int64_t directory, std::int64_t key, const Visit& visit) {
  static const std::string sql = fmt::format("{}{}{} AND key = ?2 AND released IS NULL", kListed, kByKey, kWithCard);
  auto rows = TRY(database_.query(sql, directory, key));
  return visit_all(rows, visit);
}

Result<std::optional<InodeRow>> SqliteTreeReader::inode(Inode inode) {
  auto row = TRY(database_.query("SELECT asset, part, \"check\" FROM inode WHERE number = ?1",
                                 static_cast<std::int64_t>(inode.value)));
  if (!TRY(row.step())) return std::optional<InodeRow>{};
  return std::optional{InodeRow{inode, row.integer(0), row.integer(1), row.integer(2)}};
}

Result<std::optional<CardRow>> SqliteTreeReader::card(std::int64_t asset) { return card_of(database_, asset); }
Result<std::optional<PhotoRow>> SqliteTreeReader::photo(std::int64_t asset) { return photo_row(database_, asset); }

Result<std::vector<DirectoryRow>> SqliteTreeWriter::directories() {
  std::vector<DirectoryRow> all;
  auto row =
      TRY(database_.query("SELECT number, library, parent, key, role, name, inode, title, newest, photos, next_slot, "
                          "present FROM directory "
                          "ORDER BY number"));
  while (TRY(row.step())) {
    all.push_back({row.integer(0), row.integer(1), row.integer(2), row.text(3), row.integer(4), row.text(5),
                   Inode{static_cast<std::uint64_t>(row.integer(6))}, row.text(7), row.integer(8), row.integer(9),
                   row.integer(10), row.integer(11) != 0});
  }
  return all;
}

Result<void> SqliteTreeWriter::put(DirectoryRow& row) {
  const auto number = row.number == 0 ? std::nullopt : std::optional{row.number};
  TRY(database_.run(
      "INSERT INTO directory(number, library, parent, key, role, name, inode, title, newest, photos, "
      "next_slot, present) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) "
      "ON CONFLICT(number) DO UPDATE SET library = excluded.library, parent = excluded.parent, "
      "key = excluded.key, role = excluded.role, name = excluded.name, inode = excluded.inode, "
      "title = excluded.title, newest = excluded.newest, photos = excluded.photos, "
      "next_slot = excluded.next_slot, present = excluded.present",
      number, row.library, row.parent, row.key, row.role, row.name, static_cast<std::int64_t>(row.inode.value),
      row.title, row.newest_s, row.photos, row.next_slot, std::int64_t{row.present}));
  if (row.number == 0) row.number = database_.last_row();
  return {};
}

Result<void> SqliteTreeWriter::remove_directory(std::int64_t number) {
  TRY(database_.run("DELETE FROM claim WHERE directory = ?1", number));
  TRY(database_.run("DELETE FROM directory WHERE number = ?1", number));
  return {};
}

Result<std::vector<std::int64_t>> SqliteTreeWriter::touched(std::int64_t library, std::int64_t most) {
  return numbers(TRY(database_.query(
      "SELECT touched.asset FROM touched CROSS JOIN asset ON asset.number = touched.asset WHERE touched.library = ?1 "
      "ORDER BY coalesce(added, created), asset.id LIMIT ?2",
      library, most)));
}

Result<void> SqliteTreeWriter::touch(std::int64_t library, const std::vector<std::int64_t>& photos) {
  for (const auto photo : photos) {
    TRY(database_.run("INSERT OR IGNORE INTO touched(asset, library) VALUES(?1, ?2)", photo, library));
  }
  return {};
}

Result<void> SqliteTreeWriter::settle(std::int64_t photo) {
  TRY(database_.run("DELETE FROM touched WHERE asset = ?1", photo));
  return {};
}

Result<void> SqliteTreeWriter::settle_all(std::int64_t library) {
  TRY(database_.run("DELETE FROM touched WHERE library = ?1", library));
  return {};
}

Result<std::vector<std::int64_t>> SqliteTreeWriter::photos_after(std::int64_t library, Order order, std::int64_t most,
                                                                 Cursor& cursor) {
  std::vector<InLine> found;
  auto rows = TRY(database_.query(order == Order::OldestAdded ? kByAdded : kByCaptured, library, cursor.time));
  // Those of one moment are read together.
  while (TRY(rows.step())) {
    const auto time = rows.integer(2);
    if (static_cast<std::int64_t>(found.size()) >= most && time != found.back().time) break;
    auto id = stored_id(rows, 1);
    if (cursor.begun && time == cursor.time && id <= cursor.id) continue;
    found.push_back({time, std::move(id), rows.integer(0)});
  }
  auto photos = in_order(found);
  if (!found.empty()) cursor = {found.back().time, found.back().id, true};
  return photos;
}

Result<std::vector<std::int64_t>> SqliteTreeWriter::taken_since(std::int64_t library, TimePoint then) {
  auto rows =
      TRY(database_.query("SELECT number, id, coalesce(added, created) FROM asset "
                          "WHERE library = ?1 AND deleted = 0 AND hidden = 0 AND captured >= ?2",
                          library, milliseconds(then)));
  return in_line(rows);
}

Result<std::vector<std::int64_t>> SqliteTreeWriter::members(std::int64_t library, const AlbumId& album) {
  auto rows =
      TRY(database_.query("SELECT asset.number, asset.id, coalesce(asset.added, asset.created) FROM album "
                          "JOIN membership ON membership.album = album.number "
                          "JOIN asset ON asset.library = album.library AND asset.id = membership.asset "
                          "WHERE album.library = ?1 AND album.id = ?2 AND asset.deleted = 0 AND asset.hidden = 0",
                          library, album.value));
  return in_line(rows);
}

Result<std::optional<PhotoRow>> SqliteTreeWriter::photo(std::int64_t number) { return photo_row(database_, number); }

Result<std::vector<std::int64_t>> SqliteTreeWriter::newest(std::int64_t library, std::int64_t most) {
  return numbers(
      TRY(database_.query("SELECT number FROM asset WHERE library = ?1 AND hidden = 0 AND deleted = 0 "
                          "ORDER BY coalesce(added, created) DESC, id LIMIT ?2",
                          library, most)));
}

Result<std::vector<std::int64_t>> SqliteTreeWriter::taken_on(std::int64_t library, std::int64_t day) {
  return numbers(TRY(database_.query("SELECT asset FROM card WHERE library = ?1 AND day = ?2", library, day)));
}

Result<void> SqliteTreeWriter::forget(std::int64_t photo) {
  TRY(remove_card(photo));
  TRY(database_.run("DELETE FROM asset WHERE number = ?1 AND deleted = 2", photo));
  return {};
}

Result<std::optional<ClaimRow>> SqliteTreeWriter::claim(std::int64_t directory, std::int64_t slot) {
  auto row =
      TRY(database_.query("SELECT directory, slot, asset, part, stem, key, released FROM claim "
                          "WHERE directory = ?1 AND slot = ?2",
                          directory, slot));
  if (!TRY(row.step())) return std::optional<ClaimRow>{};
  return std::optional{claim_of(row)};
}

Result<std::optional<ClaimRow>> SqliteTreeWriter::claim_by_key(std::int64_t directory, std::int64_t key) {
  auto row =
      TRY(database_.query("SELECT directory, slot, asset, part, stem, key, released FROM claim "
                          "INDEXED BY claim_by_key WHERE directory = ?1 AND key = ?2",
                          directory, key));
  if (!TRY(row.step())) return std::optional<ClaimRow>{};
  return std::optional{claim_of(row)};
}

Result<std::vector<std::int64_t>> SqliteTreeWriter::claimants(std::int64_t directory) {
  return numbers(
      TRY(database_.query("SELECT DISTINCT asset FROM claim WHERE directory = ?1 AND released IS NULL", directory)));
}

Result<void> SqliteTreeWriter::put(const ClaimRow& row) {
  TRY(
      database_.run("INSERT OR REPLACE INTO claim(directory, slot, asset, part, stem, key, released) "
                    "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    row.directory, row.slot, row.asset, row.part, row.stem, row.key, milliseconds(row.released)));
  return {};
}

Result<void> SqliteTreeWriter::remove_claim(std::int64_t directory, std::int64_t slot) {
  TRY(database_.run("DELETE FROM claim WHERE directory = ?1 AND slot = ?2", directory, slot));
  return {};
}

Result<std::vector<std::int64_t>> SqliteTreeWriter::expire_claims(TimePoint then) {
  auto whose = TRY(numbers(TRY(database_.query(
      "SELECT DISTINCT asset FROM claim WHERE released IS NOT NULL AND released < ?1", milliseconds(then)))));
  TRY(database_.run("DELETE FROM claim WHERE released IS NOT NULL AND released < ?1", milliseconds(then)));
  return whose;
}

Result<void> SqliteTreeWriter::put(const CardRow& row) {
  TRY(database_.run("INSERT OR REPLACE INTO card(asset, library, day, files, places) VALUES(?1, ?2, ?3, ?4, ?5)",
                    row.asset, row.library, row.day, Blob{row.files}, Blob{row.places}));
  return {};
}

Result<void> SqliteTreeWriter::remove_card(std::int64_t asset) {
  TRY(database_.run("DELETE FROM card WHERE asset = ?1", asset));
  return {};
}

Result<std::optional<InodeRow>> SqliteTreeWriter::take_inode(const InodeRow& row) {
  const auto number = static_cast<std::int64_t>(row.inode.value);
  const auto added =
      TRY(database_.run("INSERT INTO inode(number, asset, part, \"check\") VALUES(?1, ?2, ?3, ?4) "
                        "ON CONFLICT(number) DO NOTHING",
                        number, row.asset, row.part, row.check));
  if (added > 0) return std::optional<InodeRow>{};
  return SqliteTreeReader{database_}.inode(row.inode);
}

Result<void> SqliteTreeWriter::free_inode(Inode inode) {
  TRY(database_.run("DELETE FROM inode WHERE number = ?1", static_cast<std::int64_t>(inode.value)));
  return {};
}

Result<std::optional<std::string>> SqliteTreeWriter::shown_with(std::int64_t library) {
  auto row = TRY(database_.query("SELECT shown_with FROM library WHERE number = ?1", library));
  if (!TRY(row.step()) || row.is_null(0)) return std::optional<std::string>{};
  return std::optional{row.text(0)};
}

Result<void> SqliteTreeWriter::set_shown_with(std::int64_t library, const std::optional<std::string>& how) {
  const auto text = how ? std::optional<std::string_view>{*how} : std::nullopt;
  TRY(database_.run("UPDATE library SET shown_with = ?2 WHERE number = ?1", library, text));
  return {};
}

Result<Shown> SqliteTreeWriter::shown(std::int64_t library) {
  auto row =
      TRY(database_.query("SELECT shown_bytes, shown_files, shown_waiting FROM library WHERE number = ?1", library));
  if (!TRY(row.step())) return Shown{};
  return Shown{row.integer(0), row.integer(1), row.integer(2)};
}

Result<void> SqliteTreeWriter::set_shown(std::int64_t library, const Shown& sums) {
  TRY(database_.run("UPDATE library SET shown_bytes = ?2, shown_files = ?3, shown_waiting = ?4 WHERE number = ?1",
                    library, sums.bytes, sums.files, sums.waiting));
  return {};
}

Result<void> remove_tree_of(Database& database, std::int64_t library) {
  TRY(database.run("DELETE FROM inode WHERE asset IN (SELECT asset FROM card WHERE library = ?1)", library));
  TRY(database.run("DELETE FROM inode WHERE number IN (SELECT inode FROM directory WHERE library = ?1)", library));
  TRY(database.run("DELETE FROM claim WHERE directory IN (SELECT number FROM directory WHERE library = ?1)", library));
  TRY(database.run("DELETE FROM directory WHERE library = ?1", library));
  TRY(database.run("DELETE FROM card WHERE library = ?1", library));
  TRY(database.run("DELETE FROM touched WHERE library = ?1", library));
  return {};
}

}  // namespace icloudphotos::catalog
