// SPDX-License-Identifier: MIT
#include "icloudphotos/base/text.h"

#include "bplist.h"
#include "missing_values.h"
#include "records.h"

// What the two records of a photo hold: the master what was imported, the asset what a person did with it since.

namespace icloudphotos::demo {
namespace {

constexpr std::int64_t kDayMs = std::int64_t{24} * 3600 * 1000;

bool is_on_asset(Slot slot) { return slot == Slot::JpegFull || slot == Slot::VidFull; }

}  // namespace

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

}  // namespace icloudphotos::demo
