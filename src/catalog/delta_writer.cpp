// SPDX-License-Identifier: MIT
#include "delta_writer.h"

#include <algorithm>

#include "icloudphotos/base/text.h"

#include "packing.h"
#include "stored.h"

namespace icloudphotos::catalog {
namespace {

template <class T>
void sort_unique(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

// The WHERE keeps a redelivery from being a change: nothing is written and nobody is told.
constexpr std::string_view kPutOriginal = R"sql(
INSERT INTO original(library, id, state, file_name, type, changed, resources) VALUES(?1, ?2, 1, ?3, ?4, ?5, ?6)
ON CONFLICT(library, id) DO UPDATE SET state = 1, file_name = excluded.file_name, type = excluded.type,
  changed = excluded.changed, resources = excluded.resources
WHERE (state, file_name, type, changed, resources) IS NOT
  (1, excluded.file_name, excluded.type, excluded.changed, excluded.resources))sql";

constexpr std::string_view kPutAsset = R"sql(
INSERT INTO asset(library, id, original, captured, added, utc_offset, created, changed, favorite, hidden, deleted,
  subtype, subtype_v2, render_type, adjustment_type, burst, title, description, keywords, resources, location)
VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)
ON CONFLICT(library, id) DO UPDATE SET original = excluded.original, captured = excluded.captured,
  added = excluded.added, utc_offset = excluded.utc_offset, created = excluded.created, changed = excluded.changed,
  favorite = excluded.favorite, hidden = excluded.hidden, deleted = excluded.deleted, subtype = excluded.subtype,
  subtype_v2 = excluded.subtype_v2, render_type = excluded.render_type, adjustment_type = excluded.adjustment_type,
  burst = excluded.burst, title = excluded.title, description = excluded.description, keywords = excluded.keywords,
  resources = excluded.resources, location = excluded.location
WHERE (original, captured, added, utc_offset, created, changed, favorite, hidden, deleted, subtype, subtype_v2,
  render_type, adjustment_type, burst, title, description, keywords, resources, location) IS NOT
  (excluded.original, excluded.captured, excluded.added, excluded.utc_offset, excluded.created, excluded.changed,
  excluded.favorite, excluded.hidden, excluded.deleted, excluded.subtype, excluded.subtype_v2, excluded.render_type,
  excluded.adjustment_type, excluded.burst, excluded.title, excluded.description, excluded.keywords,
  excluded.resources, excluded.location))sql";

/// A photo that is gone keeps its row for the sake of its names.
constexpr std::string_view kEmptyAsset = R"sql(
UPDATE asset SET deleted = 2, original = NULL, adjustment_type = NULL, burst = NULL, title = NULL, description = NULL,
  keywords = NULL, resources = NULL, location = NULL, listed = 0
WHERE library = ?1 AND id = ?2)sql";

constexpr std::string_view kPutAlbum = R"sql(
INSERT INTO album(library, id, known, kind, name, parent, position, created, deleted)
VALUES(?1, ?2, 1, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT(library, id) DO UPDATE SET known = 1, kind = excluded.kind, name = excluded.name, parent = excluded.parent,
  position = excluded.position, created = excluded.created, deleted = excluded.deleted
WHERE (known, kind, name, parent, position, created, deleted) IS NOT
  (1, excluded.kind, excluded.name, excluded.parent, excluded.position, excluded.created, excluded.deleted))sql";

constexpr std::string_view kPutMembership = R"sql(
INSERT INTO membership(album, asset, position) VALUES(?1, ?2, ?3)
ON CONFLICT(album, asset) DO UPDATE SET position = excluded.position WHERE position IS NOT excluded.position)sql";

}  // namespace

Result<DeltaWriter> DeltaWriter::make(Database& database, const LibraryId& library, Source source) {
  auto row =
      TRY(database.query("SELECT number, reading, shown_with IS NOT NULL FROM library WHERE id = ?1", library.value));
  if (!TRY(row.step())) return Error{ErrorKind::NotFound, "the catalog does not know this library"};
  DeltaWriter writer{database, library, row.integer(0), row.integer(1), source};
  writer.shown_ = row.integer(2) != 0;
  return writer;
}

Result<void> DeltaWriter::write(const Delta& delta) {
  for (const auto& name : delta.gone) TRY(remove(name));
  for (const auto& membership : delta.left) TRY(remove_membership(membership.album.value, membership.asset.value));
  for (const auto& original : delta.originals) TRY(put(original));
  for (const auto& asset : delta.assets) TRY(put(asset));
  for (const auto& album : delta.albums) TRY(put(album));
  for (const auto& membership : delta.memberships) TRY(put(membership));
  const auto token = delta.next ? std::optional<std::string_view>{delta.next->value} : std::nullopt;
  const auto none = std::optional<std::string_view>{};
  TRY(
      database_.run("UPDATE library SET known = known + ?2, token = coalesce(?3, token), "
                    "reading_token = coalesce(?4, reading_token) WHERE number = ?1",
                    number_, std::exchange(known_, 0), source_ == Source::Feed ? none : token,
                    source_ == Source::Feed ? token : none));
  return {};
}

Result<void> DeltaWriter::remove_unread() {
  const auto names = [&](std::string_view sql) -> Result<std::vector<std::string>> {
    std::vector<std::string> names;
    auto rows = TRY(database_.query(sql, number_, reading_));
    while (TRY(rows.step())) names.push_back(stored_id(rows, 0));
    return names;
  };
  // One by one, as tombstones would: what refers to them is noted, too.
  for (const auto& name : TRY(names("SELECT id FROM asset WHERE library = ?1 AND seen < ?2 AND deleted < 2"))) {
    TRY(remove_asset(name));
  }
  for (const auto& name : TRY(names("SELECT id FROM album WHERE library = ?1 AND seen < ?2 AND known = 1"))) {
    TRY(remove_album(name));
  }
  std::vector<std::pair<std::string, std::string>> relations;
  {
    auto rows =
        TRY(database_.query("SELECT id, asset FROM album JOIN membership ON album = number "
                            "WHERE library = ?1 AND membership.seen < ?2",
                            number_, reading_));
    while (TRY(rows.step())) relations.emplace_back(rows.text(0), stored_id(rows, 1));
  }
  for (const auto& [album, asset] : relations) TRY(remove_membership(album, asset));
  TRY(database_.run("UPDATE library SET known = known + ?2 WHERE number = ?1", number_, std::exchange(known_, 0)));
  return {};
}

ChangeSet DeltaWriter::take() {
  sort_unique(changes_.assets);
  sort_unique(changes_.albums);
  return std::move(changes_);
}

/// A tombstone has a name and nothing else; whose it was shows where the name is known. One we do not know is normal.
Result<void> DeltaWriter::remove(std::string_view name) {
  if (TRY(remove_asset(name))) return {};
  if (TRY(remove_original(name))) return {};
  if (TRY(remove_album(name))) return {};
  return remove_relation(name);
}

/// Memberships stay: their own tombstones come too, and one of an unknown asset means nothing to anybody.
Result<bool> DeltaWriter::remove_asset(std::string_view name) {
  const auto shown =
      TRY(database_.number("SELECT hidden = 0 AND deleted = 0 FROM asset WHERE library = ?1 AND "
                           "id = ?2 AND deleted < 2",
                           number_, pack_id(name)));
  if (!shown) return false;
  if (shown_) {
    TRY(touch(pack_id(name)));
    TRY(database_.run(kEmptyAsset, number_, pack_id(name)));
  } else {
    TRY(database_.run("DELETE FROM asset WHERE library = ?1 AND id = ?2", number_, pack_id(name)));
  }
  known_ -= *shown;
  changes_.assets.emplace_back(std::string{name});
  return true;
}

Result<bool> DeltaWriter::remove_original(std::string_view name) {
  const auto row =
      TRY(database_.number("SELECT number FROM original WHERE library = ?1 AND id = ?2", number_, pack_id(name)));
  if (!row) return false;
  if (TRY(touch_assets_of(*row))) {
    TRY(
        database_.run("UPDATE original SET state = 2, file_name = NULL, type = NULL, changed = NULL, resources = NULL "
                      "WHERE number = ?1",
                      *row));
  } else {
    TRY(database_.run("DELETE FROM original WHERE number = ?1", *row));
  }
  return true;
}

Result<bool> DeltaWriter::remove_album(std::string_view name) {
  const auto row = TRY(database_.number("SELECT number FROM album WHERE library = ?1 AND id = ?2", number_, name));
  if (!row) return false;
  TRY(touch_members_of(*row));
  TRY(database_.run("DELETE FROM membership WHERE album = ?1", *row));
  TRY(database_.run("DELETE FROM album WHERE number = ?1", *row));
  changes_.albums.emplace_back(std::string{name});
  return true;
}

/// `<asset>-IN-<album>`; an id may itself hold "-IN-", so the last one counts.
Result<void> DeltaWriter::remove_relation(std::string_view name) {
  constexpr std::string_view in = "-IN-";
  const auto at = ascii_upper(name).rfind(in);
  if (at == std::string::npos) return {};
  return remove_membership(name.substr(at + in.size()), name.substr(0, at));
}

/// Ids in the names of relations may differ in case from the ids themselves.
Result<void> DeltaWriter::remove_membership(std::string_view album, std::string_view asset) {
  constexpr std::string_view exact = "SELECT number, id FROM album WHERE library = ?1 AND id = ?2";
  constexpr std::string_view any_case = "SELECT number, id FROM album WHERE library = ?1 AND id = ?2 COLLATE NOCASE";
  for (const auto sql : {exact, any_case}) {
    std::optional<std::int64_t> row;
    AlbumId id;
    {
      auto found = TRY(database_.query(sql, number_, album));
      if (!TRY(found.step())) continue;
      row = found.integer(0);
      id = AlbumId{found.text(1)};
    }
    for (const auto& spelling : {std::string{asset}, ascii_upper(asset), ascii_lower(asset)}) {
      if (TRY(database_.run("DELETE FROM membership WHERE album = ?1 AND asset = ?2", *row, pack_id(spelling))) > 0) {
        TRY(touch(pack_id(spelling)));
        changes_.albums.push_back(id);
        break;
      }
    }
    break;
  }
  return {};
}

Result<void> DeltaWriter::put(const Original& original) {
  const auto written =
      TRY(database_.run(kPutOriginal, number_, pack_id(original.id.value), original.file_name, original.type,
                        milliseconds(original.changed), as_blob(pack_resources(original.resources))));
  if (written == 0) return {};
  const auto row = TRY(database_.number("SELECT number FROM original WHERE library = ?1 AND id = ?2", number_,
                                        pack_id(original.id.value)));
  if (row) TRY(touch_assets_of(*row));
  return {};
}

Result<void> DeltaWriter::put(const Asset& asset) {
  const auto id = pack_id(asset.id.value);
  const auto original = asset.original.empty() ? std::nullopt : std::optional{TRY(original_row(asset.original))};
  const auto was_shown =
      TRY(database_.number("SELECT hidden = 0 AND deleted = 0 FROM asset WHERE library = ?1 AND id = ?2", number_, id));
  const auto offset = asset.utc_offset ? std::optional{std::int64_t{asset.utc_offset->count()}} : std::nullopt;
  const auto written =
      TRY(database_.run(kPutAsset, number_, id, original, milliseconds(asset.captured), milliseconds(asset.added),
                        offset, milliseconds(asset.created), milliseconds(asset.changed), std::int64_t{asset.favorite},
                        std::int64_t{asset.hidden}, std::int64_t{asset.deleted}, asset.subtype, asset.subtype_v2,
                        asset.render_type, unless_empty(asset.adjustment_type), unless_empty(asset.burst),
                        unless_empty(asset.title), unless_empty(asset.description), as_blob(pack_texts(asset.keywords)),
                        as_blob(pack_resources(asset.resources)), as_blob(pack_location(asset.location))));
  TRY(mark(asset.id));
  if (written == 0) return {};
  TRY(touch(id));
  known_ += std::int64_t{!asset.hidden && !asset.deleted} - was_shown.value_or(0);
  changes_.assets.push_back(asset.id);
  // Its original was looked for in vain once; now that the asset has news, it is worth another try.
  if (original) TRY(database_.run("UPDATE original SET state = 0 WHERE number = ?1 AND state = 2", *original));
  return {};
}

/// Notes who has shown an asset.
Result<void> DeltaWriter::mark(const AssetId& asset) {
  if (delivers()) {
    TRY(database_.run("UPDATE asset SET seen = ?3 WHERE library = ?1 AND id = ?2 AND seen < ?3", number_,
                      pack_id(asset.value), reading_));
  } else {
    TRY(database_.run("UPDATE asset SET listed = 1 WHERE library = ?1 AND id = ?2 AND listed = 0", number_,
                      pack_id(asset.value)));
  }
  return {};
}

Result<void> DeltaWriter::put(const Album& album) {
  const auto parent = album.parent ? std::optional<std::string_view>{album.parent->value} : std::nullopt;
  const auto written =
      TRY(database_.run(kPutAlbum, number_, album.id.value, static_cast<std::int64_t>(album.kind), album.name, parent,
                        album.position, milliseconds(album.created), std::int64_t{album.deleted}));
  if (delivers()) {
    TRY(database_.run("UPDATE album SET seen = ?3 WHERE library = ?1 AND id = ?2 AND seen < ?3", number_,
                      album.id.value, reading_));
  }
  if (written == 0) return {};
  changes_.albums.push_back(album.id);
  // What is in an album is decided by the album, too: it may have come after its members, or have been a folder.
  return touch_members_of(TRY(album_row(album.id.value)));
}

Result<void> DeltaWriter::put(const Membership& membership) {
  const auto row = TRY(album_row(membership.album.value));
  const auto asset = pack_id(membership.asset.value);
  const auto written = TRY(database_.run(kPutMembership, row, asset, membership.position));
  if (delivers()) {
    TRY(database_.run("UPDATE membership SET seen = ?3 WHERE album = ?1 AND asset = ?2 AND seen < ?3", row, asset,
                      reading_));
  }
  if (written == 0) return {};
  changes_.albums.push_back(membership.album);
  return touch(asset);
}

Result<std::int64_t> DeltaWriter::original_row(const OriginalId& id) {
  const auto packed = pack_id(id.value);
  const auto row = TRY(database_.number("SELECT number FROM original WHERE library = ?1 AND id = ?2", number_, packed));
  if (row) return *row;
  TRY(database_.run("INSERT INTO original(library, id, state) VALUES(?1, ?2, 0)", number_, packed));
  return database_.last_row();
}

Result<std::int64_t> DeltaWriter::album_row(std::string_view id) {
  const auto row = TRY(database_.number("SELECT number FROM album WHERE library = ?1 AND id = ?2", number_, id));
  if (row) return *row;
  TRY(database_.run("INSERT INTO album(library, id, known) VALUES(?1, ?2, 0)", number_, id));
  return database_.last_row();
}

/// Has the tree look at a photo again. A library that is not shown yet will be looked at as a whole.
Result<void> DeltaWriter::touch(const PackedId& asset) {
  if (!shown_) return {};
  TRY(
      database_.run("INSERT OR IGNORE INTO touched(asset, library) SELECT number, library FROM asset "
                    "WHERE library = ?1 AND id = ?2",
                    number_, asset));
  return {};
}

Result<void> DeltaWriter::touch_members_of(std::int64_t album) {
  if (!shown_) return {};
  TRY(
      database_.run("INSERT OR IGNORE INTO touched(asset, library) SELECT asset.number, asset.library "
                    "FROM membership CROSS JOIN asset ON asset.library = ?1 AND asset.id = membership.asset "
                    "WHERE membership.album = ?2",
                    number_, album));
  return {};
}

Result<bool> DeltaWriter::touch_assets_of(std::int64_t original) {
  if (shown_) {
    TRY(
        database_.run("INSERT OR IGNORE INTO touched(asset, library) SELECT number, library FROM asset "
                      "WHERE original = ?1",
                      original));
  }
  auto rows = TRY(database_.query("SELECT id FROM asset WHERE original = ?1", original));
  bool any = false;
  while (TRY(rows.step())) {
    changes_.assets.emplace_back(stored_id(rows, 0));
    any = true;
  }
  return any;
}

}  // namespace icloudphotos::catalog
