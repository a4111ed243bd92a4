// SPDX-License-Identifier: MIT
#include "records.h"

#include <algorithm>

#include <fmt/format.h>

#include "icloudphotos/base/text.h"

#include "bplist.h"

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
}

void RecordWriter::end(const RecordKey& key, std::int64_t created_ms, std::int64_t modified_ms) {
  out_.end().key("pluginFields").object().end();
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
  out_.key(field).object().member("value", value).member("type", "INT64").end();
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
  text(base + "FileType", rendition->type);
  integer(base + "Width", rendition->width);
  integer(base + "Height", rendition->height);
  text(base + "Fingerprint", rendition->media.checksum());
  if (!context_.keys.wants(base + "Res")) return;
  out_.key(base + "Res").object().key("value").object();
  out_.member("fileChecksum", rendition->media.checksum()).member("size", rendition->media.size());
  out_.member("wrappingKey", rendition->media.checksum().substr(0, 22) + "==");
  out_.member("referenceChecksum", rendition->media.checksum());
  if (!photo.no_download_url || is_on_asset(slot)) {
    out_.member("downloadURL",
                context_.urls.make(context_.content_host, zone_.name(), id, slot, rendition->media, context_.now));
  }
  out_.end().member("type", "ASSETID").end();
}

void RecordWriter::file_name(const Photo& photo) {
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
  begin(photo.master, "CPLMaster");
  file_name(photo);
  if (photo.item_type) text("itemType", *photo.item_type);
  integer("dataClassType", photo.is_video() ? 2 : 1);
  integer("originalOrientation", photo.orientation);
  for (const Slot slot : kSlots) {
    if (!is_on_asset(slot)) rendition(owner, photo, slot);
  }
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

void RecordWriter::asset(PhotoId id, const Photo& photo) {
  begin(photo.asset, "CPLAsset");
  reference("masterRef", photo.master);
  if (photo.captured_ms) timestamp("assetDate", *photo.captured_ms);
  timestamp("addedDate", photo.added_ms);
  if (photo.offset_s) integer("timeZoneOffset", *photo.offset_s);
  integer("isFavorite", photo.favorite ? 1 : 0);
  integer("isHidden", photo.hidden ? 1 : 0);
  integer("isExpunged", 0);
  if (photo.deleted_ms) {
    integer("isDeleted", 1);
    timestamp("dateExpunged", *photo.deleted_ms + 30 * kDayMs);
    if (zone_.is_shared_library()) integer("trashReason", 1);
  }
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
  if (album.trashed) integer("isDeleted", 1);
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

void RecordWriter::relation(const Album& album, const Member& member) {
  const std::string name = relation_name(member.asset, album.id);
  begin(name, "CPLContainerRelation");
  text("itemId", member.asset);
  text("containerId", album.id);
  integer("position", member.position);
  integer("isKeyAsset", 0);
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
      return member == found->members.end() ? tombstone(key.name, seq) : relation(*found, *member);
    }
    case RecordKind::Other:
      break;
  }
  if (!key.name.ends_with("-LI")) return tombstone(key.name, seq);  // a face that was there once
  begin(key.name, "CPLLibraryInfo");
  integer("photosCount", zone_.end());
  end(key, 0, 0);
  out_.end();
}

}  // namespace icloudphotos::demo
