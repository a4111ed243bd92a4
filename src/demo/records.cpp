// SPDX-License-Identifier: MIT
#include "records.h"

#include <algorithm>

#include <fmt/format.h>

#include "icloudphotos/base/text.h"

#include "mix.h"
#include "odd_records.h"

namespace icloudphotos::demo {
namespace {

constexpr std::string_view kDevice = "D3A0D3A0D3A0D3A0D3A0D3A0D3A0D3A0D3A0D3A0D3A0D3A0D3A0D3A0D3A0D3A0";
// Tags of records nobody touched, and of changes: short, base 36, rising.
constexpr Seq kFirstTag = 2'000'000, kFirstChangedTag = 20'000'000;

std::string base36(Seq number) {
  std::string text;
  do text.insert(text.begin(), "0123456789abcdefghijklmnopqrstuvwxyz"[number % 36]);
  while ((number /= 36) != 0);
  return text;
}

std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0;
  for (const char c : text) hash = mix(hash + static_cast<unsigned char>(c));
  return hash;
}

}  // namespace

std::string change_tag(const Zone& zone, const RecordKey& key) {
  if (const auto seq = zone.changed_at(key)) return base36(kFirstChangedTag + *seq);
  return base36(kFirstTag + 2 * key.photo + (key.kind == RecordKind::Asset ? 1 : 0));
}

DesiredKeys::DesiredKeys(JsonView array) : all_{!array.is_array()} {
  array.each([this](JsonView name) {
    if (const auto text = name.text()) names_.emplace(*text);
  });
}

void write_zone_id(JsonWriter& out, const Zone& zone) {
  out.object()
      .member("zoneName", zone.name())
      .member("ownerRecordName", zone.owner())
      .member("zoneType", "REGULAR_CUSTOM_ZONE")
      .end();
}

void RecordWriter::zone_id() {
  out_.key("zoneID");
  write_zone_id(out_, zone_);
}

void RecordWriter::begin(std::string_view name, std::string_view type) {
  out_.object().member("recordName", name).member("recordType", type).key("fields").object();
  manner_ = context_.quirks.loose_types ? hash_of(name) % 4 : 0;
}

void RecordWriter::end(const RecordKey& key, std::int64_t created_ms, std::int64_t modified_ms) {
  if (context_.quirks.odd_records) out_.key("fieldOfTomorrow").raw(odd_field()).key("noField").null();
  out_.end();
  plugin_fields(key);
  out_.member("recordChangeTag", change_tag(zone_, key));
  const auto moment = [this](std::string_view name, std::int64_t ms) {
    out_.key(name).object().member("timestamp", ms).member("userRecordName", zone_.owner());
    out_.member("deviceID", kDevice).end();
  };
  moment("created", created_ms);
  moment("modified", modified_ms);
  out_.member("deleted", false);
  zone_id();
}

/// What people think of a photo in a classic shared album.
void RecordWriter::plugin_fields(const RecordKey& key) {
  out_.key("pluginFields").object();
  if (zone_.is_stream() && key.kind == RecordKind::Asset) {
    out_.key("likeCount").object().member("value", 2).member("type", "INT64").end();
    out_.key("likedByCaller").object().member("value", 0).member("type", "INT64").end();
    out_.key("comments").array().end();
  }
  out_.end();
}

/// Records that stand in no zone: counts and states.
void RecordWriter::end_of_internal() {
  out_.end().key("pluginFields").object().end().member("recordChangeTag", "0");
  for (const std::string_view name : {"created", "modified"}) {
    out_.key(name).object().member("timestamp", context_.now.time_since_epoch().count());
    out_.member("userRecordName", "_10").member("deviceID", "1").end();
  }
  out_.member("deleted", false);
  zone_id();
  out_.end();
}

void RecordWriter::text(std::string_view field, std::string_view value) {
  if (!context_.keys.wants(field)) return;
  out_.key(field).object().member("value", value).member("type", "STRING").end();
}
void RecordWriter::integer(std::string_view field, std::int64_t value) {
  if (!context_.keys.wants(field)) return;
  out_.key(field).object().key("value");
  if (manner_ == 2) {
    out_.value(std::to_string(value));
  } else {
    out_.value(value);
  }
  out_.member("type", "INT64").end();
}
void RecordWriter::flag(std::string_view field, bool value, const Gaps& gaps) {
  if (!context_.keys.wants(field) || (!value && (gaps.zero_flags || manner_ == 3))) return;
  if (manner_ != 1) return integer(field, value ? 1 : 0);
  out_.key(field).object().member("value", value).member("type", "INT64").end();
}
void RecordWriter::without_value(std::string_view field, std::string_view type) {
  if (context_.keys.wants(field)) out_.key(field).object().member("type", type).end();
}
void RecordWriter::real(std::string_view field, double value) {
  if (!context_.keys.wants(field)) return;
  out_.key(field).object().member("value", value).member("type", "DOUBLE").end();
}
void RecordWriter::timestamp(std::string_view field, std::int64_t ms) {
  if (!context_.keys.wants(field)) return;
  out_.key(field).object().member("value", ms).member("type", "TIMESTAMP").end();
}
void RecordWriter::encrypted(std::string_view field, std::string_view bytes) {
  if (!context_.keys.wants(field)) return;
  out_.key(field).object().member("value", base64_encode(as_bytes(bytes))).member("type", "ENCRYPTED_BYTES").end();
}
void RecordWriter::reference(std::string_view field, std::string_view record) {
  if (!context_.keys.wants(field)) return;
  out_.key(field).object().key("value").object().member("recordName", record).member("action", "DELETE_SELF");
  zone_id();
  out_.end().member("type", "REFERENCE").end();
}

void RecordWriter::album(const Album& album) {
  begin(album.id, "CPLAlbum");
  if (album.name) encrypted("albumNameEnc", *album.name);
  integer("albumType", album.is_folder ? 3 : 0);
  if (!album.parent.empty()) text("parentId", album.parent);
  integer("position", album.position);
  integer("sortAscending", 1);
  integer("sortType", 1);
  integer("sortTypeExt", 0);
  timestamp("recordModificationDate", album.modified_ms);
  if (album.trashed) flag("isDeleted", true, {});
  end({RecordKind::Album, 0, album.id}, album.created_ms, album.modified_ms);
  out_.end();
}

void RecordWriter::root_folder(std::string_view name) {
  begin(name, "CPLAlbum");
  integer("albumType", 3);
  integer("position", 0);
  integer("sortAscending", 1);
  end({RecordKind::Album, 0, std::string{name}}, 0, 0);
  out_.end();
}

void RecordWriter::relation(const Album& album, const Member& member, bool is_deleted) {
  const std::string name = relation_name(member.asset, album.id);
  begin(name, "CPLContainerRelation");
  text("itemId", member.asset);
  text("containerId", album.id);
  integer("position", member.position);
  flag("isKeyAsset", false, {});
  if (is_deleted) flag("isDeleted", true, {});
  end({RecordKind::Relation, 0, name}, album.created_ms, album.created_ms);
  out_.end();
}

void RecordWriter::count(std::string_view index, std::int64_t count) {
  begin(index, "IndexCountResult");
  out_.key("itemCount").object().member("value", count).member("type", "INT64").end();
  end_of_internal();
}

void RecordWriter::indexing_state(std::string_view state, int progress) {
  begin("_00000000-1111-4222-8333-444444444444", "CheckIndexingState");
  out_.key("progress").object().member("value", progress).member("type", "INT64").end();
  out_.key("state").object().member("value", state).member("type", "STRING").end();
  end_of_internal();
}

void RecordWriter::tombstone(std::string_view name, Seq seq) {
  out_.object().member("recordName", name).key("recordType").null().member("deleted", true);
  out_.member("recordChangeTag", base36(kFirstChangedTag + seq));
  zone_id();
  out_.end();
}

void RecordWriter::failure(std::string_view name, std::string_view code, std::string_view reason) {
  out_.object().member("recordName", name).member("serverErrorCode", code).member("reason", reason).end();
}

void RecordWriter::current(const RecordKey& key) {
  const Seq seq = zone_.changed_at(key).value_or(0);
  switch (key.kind) {
    case RecordKind::Master: {
      const Photo photo = zone_.photo(key.photo);
      if (!zone_.exists(key.photo) && !zone_.find_master(photo.master)) return tombstone(photo.master, seq);
      return master(key.photo, photo);
    }
    case RecordKind::Asset: {
      const Photo photo = zone_.photo(key.photo);
      return zone_.exists(key.photo) ? asset(key.photo, photo) : tombstone(photo.asset, seq);
    }
    case RecordKind::Album: {
      const auto found = zone_.album(key.name);
      return found ? album(*found) : tombstone(key.name, seq);
    }
    case RecordKind::Relation: {
      const std::size_t middle = key.name.rfind("-IN-");
      const auto found = zone_.album(key.name.substr(middle + 4));
      if (!found) return tombstone(key.name, seq);
      const auto member = std::ranges::find(found->members, key.name.substr(0, middle), &Member::asset);
      if (member != found->members.end()) return relation(*found, *member);
      // Of those that left an album, some come as what they were.
      if (context_.quirks.soft_removals && seq % 2 == 0) return relation(*found, {key.name.substr(0, middle)}, true);
      return tombstone(key.name, seq);
    }
    case RecordKind::Other:
      break;
  }
  other(key);
}

/// What a shared album is called, and who may do what with it.
void RecordWriter::share() {
  begin(kShareRecord, "cloudkit.share");
  text("cloudkit.title", zone_.title());
  text("cloudkit.type", "photos_sharedcollections");
  end({RecordKind::Other, 0, std::string{kShareRecord}}, 0, 0);
  const bool is_owned = zone_.owner() == kAccountOwner;
  out_.member("publicPermission", "NONE").key("currentUserParticipant").object();
  out_.member("type", is_owned ? "OWNER" : "USER").member("acceptanceStatus", "ACCEPTED");
  out_.member("permission", "READ_WRITE").end().end();
}

void RecordWriter::other(const RecordKey& key) {
  if (key.name == kShareRecord) return share();
  if (key.name.ends_with("-LI")) {
    begin(key.name, "CPLLibraryInfo");
    integer("photosCount", zone_.end());
  } else if (key.name.starts_with("C033")) {
    begin(key.name, "CPLTextComment");
    encrypted("commentTextEnc", "What a day!");
    if (zone_.exists(0)) text("assetIdentifier", zone_.photo(0).asset);
  } else {
    return tombstone(key.name, zone_.changed_at(key).value_or(0));  // a face that was there once
  }
  end(key, 0, 0);
  out_.end();
}

}  // namespace icloudphotos::demo
