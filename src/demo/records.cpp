// SPDX-License-Identifier: MIT
#include "records.h"

#include <algorithm>

#include <fmt/format.h>

#include "icloudphotos/base/text.h"

#include "bplist.h"
#include "missing_values.h"
#include "mix.h"
#include "odd_records.h"

namespace icloudphotos::demo {
namespace {

constexpr std::string_view kDevice = "D3A0D3A0D3A0D3A0D3A0D3A0D3A0D3A0D3A0D3A0D3A0D3A0D3A0D3A0D3A0D3A0";
constexpr std::int64_t kDayMs = std::int64_t{24} * 3600 * 1000;
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

bool is_on_asset(Slot slot) { return slot == Slot::JpegFull || slot == Slot::VidFull; }

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

void RecordWriter::rendition(PhotoId id, const Photo& photo, Slot slot) {
  const auto& rendition = photo.at(slot);
  if (!rendition) return;
  const std::string base{field_of(slot)};
  if (!rendition->type.empty()) text(base + "FileType", rendition->type);
  integer(base + "Width", rendition->width);
  integer(base + "Height", rendition->height);
  text(base + "Fingerprint", rendition->media.checksum());
  const bool is_gone = slot == Slot::Original && photo.gaps.original_res;
  if (context_.keys.wants(base + "Res") && !is_gone) resource(id, photo, slot);
}

void RecordWriter::resource(PhotoId id, const Photo& photo, Slot slot) {
  const auto& rendition = photo.at(slot);
  out_.key(std::string{field_of(slot)} + "Res").object().key("value").object();
  out_.member("fileChecksum", rendition->media.checksum());
  if (slot != Slot::Original || !photo.gaps.size) out_.member("size", rendition->media.size());
  out_.member("wrappingKey", rendition->media.checksum().substr(0, 22) + "==");
  out_.member("referenceChecksum", rendition->media.checksum());
  if (!photo.no_download_url || is_on_asset(slot)) {
    out_.member("downloadURL",
                context_.urls.make(context_.content_host, zone_.name(), id, slot, rendition->media, context_.now));
  }
  out_.end().member("type", "ASSETID").end();
}

void RecordWriter::file_name(const Photo& photo) {
  if (photo.gaps.name_value) return without_value("filenameEnc", "ENCRYPTED_BYTES");
  if (!photo.name) return;
  switch (photo.name_encoding) {
    case NameEncoding::Base64:
      return encrypted("filenameEnc", *photo.name);
    case NameEncoding::String:
      return text("filenameEnc", *photo.name);
    case NameEncoding::InvalidUtf8:
      return encrypted("filenameEnc", *photo.name + "\xff\xfe");
    case NameEncoding::InvalidBase64:
      break;
  }
  if (!context_.keys.wants("filenameEnc")) return;
  out_.key("filenameEnc").object().member("value", "~" + *photo.name + "~").member("type", "ENCRYPTED_BYTES").end();
}

void RecordWriter::master(PhotoId owner, const Photo& photo) {
  if (!context_.quirks.missing_values) return write_master(owner, photo);
  write_master(owner, with_gaps_of_master(photo, owner));
}

void RecordWriter::asset(PhotoId id, const Photo& photo) {
  if (!context_.quirks.missing_values) return write_asset(id, photo);
  write_asset(id, with_gaps_of_asset(photo, id));
}

void RecordWriter::write_master(PhotoId owner, const Photo& photo) {
  begin(photo.master, "CPLMaster");
  file_name(photo);
  if (photo.item_type) text("itemType", *photo.item_type);
  if (photo.gaps.type_value) without_value("itemType", "STRING");
  integer("dataClassType", photo.is_video() ? 2 : 1);
  integer("originalOrientation", photo.orientation);
  for (const Slot slot : kSlots) {
    if (!is_on_asset(slot)) rendition(owner, photo, slot);
  }
  if (const auto& original = photo.at(Slot::Original); zone_.is_stream() && original)
    integer("resOriginalFileSize", static_cast<std::int64_t>(original->media.size()));
  timestamp("importDate", photo.added_ms);
  if (photo.captured_ms) timestamp("originalCreationDate", *photo.captured_ms);
  end({RecordKind::Master, owner, {}}, photo.added_ms, photo.added_ms);
  out_.end();
}

void RecordWriter::adjustment(const Photo& photo) {
  if (!photo.adjustment_type.empty()) {
    text("adjustmentType", photo.adjustment_type);
    integer("adjustmentRenderType", photo.adjustment_render_type);
  } else if (photo.adjustment_render_type != 0) {
    integer("adjustmentRenderType", photo.adjustment_render_type);
  }
}

void RecordWriter::description(const Photo& photo) {
  if (!photo.time_zone.empty()) encrypted("timeZoneNameEnc", photo.time_zone);
  if (photo.title) encrypted("captionEnc", *photo.title);
  if (photo.description) encrypted("extendedDescEnc", *photo.description);
  if (!photo.keywords.empty()) encrypted("keywordsEnc", bplist_of(photo.keywords));
  if (photo.place) {
    encrypted("locationEnc", bplist_of(*photo.place, photo.captured_ms.value_or(photo.added_ms)));
    real("locationLatitude", photo.place->latitude);
    real("locationLongitude", photo.place->longitude);
  }
}

/// When it was taken, and what the person did to it.
void RecordWriter::state(const Photo& photo) {
  if (photo.captured_ms) timestamp("assetDate", *photo.captured_ms);
  if (!photo.gaps.added) timestamp("addedDate", photo.added_ms);
  if (photo.offset_s) integer("timeZoneOffset", *photo.offset_s);
  flag("isFavorite", photo.favorite, photo.gaps);
  flag("isHidden", photo.hidden, photo.gaps);
  flag("isExpunged", false, photo.gaps);
  if (!photo.deleted_ms) return;
  flag("isDeleted", true, photo.gaps);
  timestamp("dateExpunged", *photo.deleted_ms + 30 * kDayMs);
  if (zone_.is_shared_library()) integer("trashReason", 1);
}

void RecordWriter::write_asset(PhotoId id, const Photo& photo) {
  begin(photo.asset, "CPLAsset");
  reference("masterRef", photo.master);
  state(photo);
  integer("duration", photo.duration_ms);
  integer("orientation", photo.is_edited() ? 1 : photo.orientation);
  integer("assetSubtype", photo.subtype);
  integer("assetSubtypeV2", photo.subtype_v2);
  integer("assetHDRType", 0);
  integer("burstFlags", photo.burst_flags);
  if (!photo.burst_id.empty()) text("burstId", photo.burst_id);
  integer("customRenderedValue", 0);
  const std::int64_t live_scale = photo.at(Slot::OriginalVidCompl) ? 1'000'000'000 : 0;
  integer("vidComplDurValue", 2 * live_scale);
  integer("vidComplDurScale", live_scale);
  integer("vidComplDispValue", live_scale);
  integer("vidComplDispScale", live_scale);
  integer("vidComplVisibilityState", 0);
  if (zone_.is_stream()) text("contributedBy", zone_.owner() == kAccountOwner ? "Ann Example" : "Bob Example");
  adjustment(photo);
  description(photo);
  for (const Slot slot : {Slot::JpegFull, Slot::VidFull}) rendition(id, photo, slot);
  if (photo.is_edited()) {
    for (const Slot slot : {Slot::JpegMed, Slot::JpegThumb}) rendition(id, photo, slot);
  }
  end({RecordKind::Asset, id, {}}, photo.added_ms, photo.modified_ms);
  // Seconds, where everything else counts milliseconds.
  if (photo.deleted_ms) out_.member("expirationTime", (*photo.deleted_ms + 40 * kDayMs) / 1000);
  out_.end();
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
