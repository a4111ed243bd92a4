// SPDX-License-Identifier: MIT
#include "migrations.h"

#include <array>

#include <fmt/format.h>

namespace icloudphotos::catalog {
namespace {

// Times are milliseconds since 1970. Ids and resources are packed (packing.h). `original` and `album` rows come to be
// as soon as something names them, so that what points to them is a small number whichever arrives first.
constexpr Migration kVersion1 = R"sql(
CREATE TABLE library(
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind INTEGER NOT NULL,
  token TEXT,
  listed INTEGER NOT NULL DEFAULT 0,
  counted INTEGER,
  known INTEGER NOT NULL DEFAULT 0);

CREATE TABLE original(
  number INTEGER PRIMARY KEY,
  library INTEGER NOT NULL,
  id NOT NULL,
  state INTEGER NOT NULL,
  file_name TEXT,
  type TEXT,
  changed INTEGER,
  resources BLOB);
CREATE UNIQUE INDEX original_by_id ON original(library, id);
CREATE INDEX original_wanted ON original(library) WHERE state = 0;

CREATE TABLE asset(
  number INTEGER PRIMARY KEY,
  library INTEGER NOT NULL,
  id NOT NULL,
  original INTEGER,
  captured INTEGER,
  added INTEGER,
  utc_offset INTEGER,
  created INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  favorite INTEGER NOT NULL,
  hidden INTEGER NOT NULL,
  deleted INTEGER NOT NULL,
  subtype INTEGER NOT NULL,
  subtype_v2 INTEGER NOT NULL,
  render_type INTEGER NOT NULL,
  adjustment_type TEXT,
  burst TEXT,
  title TEXT,
  description TEXT,
  keywords BLOB,
  resources BLOB);
CREATE UNIQUE INDEX asset_by_id ON asset(library, id);
CREATE INDEX asset_by_original ON asset(original);
CREATE INDEX asset_by_added ON asset(library, coalesce(added, created));

CREATE TABLE album(
  number INTEGER PRIMARY KEY,
  library INTEGER NOT NULL,
  id TEXT NOT NULL,
  known INTEGER NOT NULL,
  kind INTEGER,
  name TEXT,
  parent TEXT,
  position INTEGER,
  created INTEGER,
  deleted INTEGER);
CREATE UNIQUE INDEX album_by_id ON album(library, id);

CREATE TABLE membership(
  album INTEGER NOT NULL,
  asset NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY(album, asset)) WITHOUT ROWID;

CREATE TABLE inode(
  number INTEGER PRIMARY KEY,
  key TEXT NOT NULL);

CREATE TABLE claim(
  directory TEXT NOT NULL,
  folded TEXT NOT NULL,
  stem TEXT NOT NULL,
  owner NOT NULL,
  released INTEGER,
  PRIMARY KEY(directory, folded)) WITHOUT ROWID;
)sql";

// `seen` is the number of the last reading of the library's whole change feed that delivered a record (library.reading
// counts them); what a finished reading did not deliver does not exist. A photo that is gone keeps its row (deleted = 2)
// as long as its name is kept for it. `touched` are photos the tree has still to look at; `files` and `places` are packed
// by the tree.
constexpr Migration kVersion2 = R"sql(
ALTER TABLE library ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE library ADD COLUMN has_lists INTEGER NOT NULL DEFAULT 1;
ALTER TABLE library ADD COLUMN reading INTEGER NOT NULL DEFAULT 0;
ALTER TABLE library ADD COLUMN reading_token TEXT;
ALTER TABLE library ADD COLUMN read_through INTEGER NOT NULL DEFAULT 0;
ALTER TABLE asset ADD COLUMN location BLOB;
ALTER TABLE asset ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE asset ADD COLUMN listed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE album ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE album ADD COLUMN counted INTEGER;
ALTER TABLE membership ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;
CREATE INDEX membership_by_asset ON membership(asset);

ALTER TABLE library ADD COLUMN shown_with TEXT;
ALTER TABLE library ADD COLUMN shown_bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE library ADD COLUMN shown_files INTEGER NOT NULL DEFAULT 0;
ALTER TABLE library ADD COLUMN shown_waiting INTEGER NOT NULL DEFAULT 0;
DROP TABLE inode;
DROP TABLE claim;

CREATE TABLE directory(
  number INTEGER PRIMARY KEY,
  library INTEGER NOT NULL,
  parent INTEGER NOT NULL,
  key TEXT NOT NULL UNIQUE,
  role INTEGER NOT NULL,
  name TEXT NOT NULL,
  inode INTEGER NOT NULL,
  title TEXT NOT NULL,
  newest INTEGER NOT NULL,
  photos INTEGER NOT NULL,
  next_slot INTEGER NOT NULL,
  present INTEGER NOT NULL);

CREATE TABLE claim(
  directory INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  asset INTEGER NOT NULL,
  part INTEGER NOT NULL,
  stem TEXT NOT NULL,
  key INTEGER NOT NULL,
  released INTEGER,
  PRIMARY KEY(directory, slot)) WITHOUT ROWID;
CREATE INDEX claim_by_key ON claim(directory, key);
CREATE INDEX claim_released ON claim(released) WHERE released IS NOT NULL;

CREATE TABLE card(
  asset INTEGER PRIMARY KEY,
  library INTEGER NOT NULL,
  day INTEGER,
  files BLOB NOT NULL,
  places BLOB NOT NULL);
CREATE INDEX card_by_day ON card(library, day);

CREATE TABLE inode(
  number INTEGER PRIMARY KEY,
  asset INTEGER NOT NULL,
  part INTEGER NOT NULL,
  "check" INTEGER NOT NULL);

CREATE TABLE touched(
  asset INTEGER PRIMARY KEY,
  library INTEGER NOT NULL);
)sql";

constexpr const char* kVersion3 = R"sql(
CREATE TABLE account(
  one INTEGER PRIMARY KEY CHECK(one = 1),
  place TEXT NOT NULL);
)sql";

constexpr std::array kSteps{kVersion1, kVersion2, kVersion3};

}  // namespace

std::span<const Migration> migrations() { return kSteps; }

Result<void> migrate(Database& database, std::span<const Migration> steps) {
  const auto newest = static_cast<std::int64_t>(steps.size());
  const auto version = TRY(database.number("PRAGMA user_version")).value_or(0);
  if (version == newest) return {};
  if (version > newest || version < 0) {
    database.leave_untouched();
    return Error{
        ErrorKind::Usage,
        fmt::format("the catalog was written by a newer version of this program (format {}, we know {}); update "
                    "this program, or move catalog.db away to have it made again",
                    version, newest)};
  }
  auto transaction = TRY(Transaction::begin(database));
  for (auto step = version; step < newest; ++step) {
    TRY(database.execute(steps[static_cast<std::size_t>(step)]));
  }
  TRY(database.execute(fmt::format("PRAGMA user_version = {}", newest).c_str()));
  return transaction.commit();
}

Result<std::string> schema_of(Database& database) {
  auto rows = TRY(database.query(
      "SELECT type, name, coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name"));
  std::string schema;
  while (TRY(rows.step())) schema += fmt::format("{} {} {}\n", rows.bytes(0), rows.bytes(1), rows.bytes(2));
  return schema;
}

}  // namespace icloudphotos::catalog
